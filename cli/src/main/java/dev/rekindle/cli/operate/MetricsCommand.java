package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.SystemMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code rekindle metrics}. */
@Command(
        name = "metrics",
        description = "Counts the instances in each status.",
        footer = {"", "Example:", "  rekindle metrics --db sqlite:orders.db --json"})
public final class MetricsCommand extends StoreCommand {

    /** The counts as programs read them. */
    private record Form(long total, long active, Map<String, Long> byStatus) {}

    @Override
    ExitCode run(OpenStore store, Report report) {
        SystemMetrics metrics = store.management().metrics();
        if (report.isJson()) {
            Map<String, Long> byStatus = new LinkedHashMap<>();
            for (Status status : Status.values()) {
                if (status != Status.CONTINUED_AS_NEW) {
                    byStatus.put(status.label(), metrics.instances(status));
                }
            }
            report.json(new Form(metrics.totalInstances(), metrics.activeInstances(), byStatus));
        } else {
            report.table(table(metrics));
        }
        return ExitCode.OK;
    }

    static Table table(SystemMetrics metrics) {
        Table table = Table.of("STATUS", "INSTANCES>");
        metrics.instancesByStatus().forEach((status, count) -> table.row(Words.of(status), Words.number(count)));
        return table.row(Words.bold("all"), Words.number(metrics.totalInstances()));
    }
}
