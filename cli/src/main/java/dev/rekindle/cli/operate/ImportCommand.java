package dev.rekindle.cli.operate;

import dev.rekindle.RekindleException;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Json;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rekindle import}. */
@Command(
        name = "import",
        description = {
            "Creates instances as exports describe them; a file may hold many.",
            "What has not ended goes on here, as soon as a node runs this store."
        },
        footer = {"", "Example:", "  rekindle import order-1.json --db sqlite:copy.db"})
public final class ImportCommand extends StoreCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "What export wrote; - reads it from the standard input.")
    private List<String> files = List.of();

    @Override
    ExitCode run(OpenStore store, Report report) throws IOException {
        store.management();
        Mishaps mishaps = new Mishaps(Integer.MAX_VALUE);
        for (String file : files) {
            String text = file.equals(Ids.INPUT)
                    ? new String(surroundings().input().readAllBytes(), StandardCharsets.UTF_8)
                    : Payload.file("export", file);
            for (String document : Json.documents(file.equals(Ids.INPUT) ? "the standard input" : file, text)) {
                InstanceExport export = JsonText.toExport(document);
                try {
                    store.management().importInstance(export);
                    say(report, export.instance());
                } catch (RekindleException e) {
                    mishaps.add(e);
                    report.note(String.valueOf(e.getMessage()));
                }
            }
        }
        return mishaps.exitCode();
    }

    private static void say(Report report, InstanceSummary its) {
        if (report.isJson()) {
            report.json(InstanceForm.of(its));
        } else if (report.isIds()) {
            report.id(its.instance());
        } else {
            report.line(Words.bold(its.instance()), Words.of("  imported"));
        }
    }

    @Override
    boolean createsStore() {
        return true;
    }
}
