package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.analytics.Totals;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.SystemMetrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle metrics}. */
@Command(
        name = "metrics",
        description = {
            "Counts the instances in each status.",
            "With --last it shows instead what ended lately: how often, how long it took and where time went."
        },
        footer = {"", "Examples:", "  rekindle metrics --db sqlite:orders.db --json", "  rekindle metrics --last 1h"})
public final class MetricsCommand extends StoreCommand {

    /** The counts as programs read them. */
    private record Form(long total, long active, Map<String, Long> byStatus) {}

    /** What is known of one thing as programs read it; times are milliseconds. */
    private record FigureForm(
            String kind,
            String orchestration,
            String name,
            Map<String, Long> byOutcome,
            long p50Ms,
            long p95Ms,
            long p99Ms,
            long totalMs,
            long queuedMs,
            long retryingMs) {}

    @Option(
            names = "--last",
            paramLabel = "LENGTH",
            description = "Show what ended in this time, for example 1h or 7d.")
    private @Nullable String last;

    @Override
    ExitCode run(OpenStore store, Report report) {
        String window = last;
        return window == null ? counts(store, report) : figures(store, report, window);
    }

    private ExitCode counts(OpenStore store, Report report) {
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

    private ExitCode figures(OpenStore store, Report report, String window) {
        Duration length = Moments.length(window)
                .filter(time -> !time.isZero())
                .orElseThrow(() -> new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "no length of time: '%s'; expected %s. Correct --last.".formatted(window, Moments.LENGTHS)));
        List<SubjectReport> figures = store.client().analytics().report(length);
        if (report.isJson()) {
            figures.stream().map(MetricsCommand::form).forEach(report::json);
        } else if (figures.isEmpty()) {
            report.note("nothing ended in the last " + window);
        } else {
            report.table(table(figures));
        }
        return ExitCode.OK;
    }

    private static FigureForm form(SubjectReport its) {
        Map<String, Long> byOutcome = new LinkedHashMap<>();
        its.byOutcome().forEach((status, count) -> byOutcome.put(status.label(), count));
        return new FigureForm(
                its.subject().kind().name().toLowerCase(Locale.ROOT),
                its.subject().orchestration(),
                its.subject().name(),
                byOutcome,
                Math.round(its.p50Millis()),
                Math.round(its.p95Millis()),
                Math.round(its.p99Millis()),
                its.totals().millis(),
                its.totals().queuedMillis(),
                its.totals().retryingMillis());
    }

    private static Table table(List<SubjectReport> figures) {
        Table table = Table.of(
                "ORCHESTRATION~", "WHAT~", "ENDED>", "FAILED>", "P50>", "P95>", "P99>", "QUEUED>", "RETRYING>");
        for (SubjectReport its : figures) {
            Totals totals = its.totals();
            table.row(
                    Words.of(its.subject().orchestration()),
                    Words.of(what(its.subject())),
                    Words.number(totals.count()),
                    Words.of(percent(its.failureRate())),
                    Words.of(span(its.p50Millis())),
                    Words.of(span(its.p95Millis())),
                    Words.of(span(its.p99Millis())),
                    Words.of(percent(share(totals.queuedMillis(), totals.millis()))),
                    Words.of(percent(share(totals.retryingMillis(), totals.millis()))));
        }
        return table;
    }

    private static String what(Subject subject) {
        return switch (subject.kind()) {
            case ORCHESTRATION -> "";
            case ACTIVITY -> "activity " + subject.name();
            case TIMER -> "timers";
            case EVENT -> "event " + subject.name();
            case CHILD -> "child " + subject.name();
        };
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static String percent(double share) {
        return share == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String span(double millis) {
        return Times.span(Duration.ofMillis(Math.round(millis)));
    }

    static Table table(SystemMetrics metrics) {
        Table table = Table.of("STATUS", "INSTANCES>");
        metrics.instancesByStatus().forEach((status, count) -> table.row(Words.of(status), Words.number(count)));
        return table.row(Words.bold("all"), Words.number(metrics.totalInstances()));
    }
}
