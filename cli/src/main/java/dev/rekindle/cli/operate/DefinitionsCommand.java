package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.DefinitionUse;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code rekindle definitions}. */
@Command(
        name = "definitions",
        description = {
            "Shows which versions of orchestrations are in use.",
            "A version without any that has not ended is needed no longer."
        },
        footer = {"", "Example:", "  rekindle definitions --db sqlite:orders.db"})
public final class DefinitionsCommand extends StoreCommand {

    /** One line as programs read it. */
    private record Form(String orchestration, String version, String status, long instances, boolean atLeast) {}

    @Override
    ExitCode run(OpenStore store, Report report) {
        List<DefinitionUse> uses = store.management().definitions();
        if (report.isJson()) {
            uses.forEach(use -> report.json(new Form(
                    use.orchestration(), use.version(), use.status().label(), use.instances(), use.atLeast())));
        } else if (report.isIds()) {
            uses.stream().map(DefinitionUse::orchestration).distinct().forEach(report::id);
        } else if (uses.isEmpty()) {
            report.note("no instances");
        } else {
            Table table = Table.of("ORCHESTRATION~", "VERSION", "STATUS", "INSTANCES>");
            uses.forEach(use -> table.row(
                    Words.of(use.orchestration()),
                    Words.of(use.version()),
                    Words.of(use.status()),
                    Words.of(Words.grouped(use.instances()) + (use.atLeast() ? "+" : ""))));
            report.table(table);
        }
        return ExitCode.OK;
    }
}
