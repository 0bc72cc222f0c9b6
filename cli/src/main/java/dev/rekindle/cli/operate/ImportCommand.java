package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.InstanceExport;
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
            "Creates instances as exports describe them.",
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
        for (String file : files) {
            String text = file.equals(Ids.INPUT)
                    ? new String(surroundings().input().readAllBytes(), StandardCharsets.UTF_8)
                    : Payload.file("export", file);
            InstanceExport export = JsonText.toExport(text);
            store.management().importInstance(export);
            if (report.isJson()) {
                report.json(InstanceForm.of(export.instance()));
            } else if (report.isIds()) {
                report.id(export.instance().instance());
            } else {
                report.line(Words.bold(export.instance().instance()), Words.of("  imported"));
            }
        }
        return ExitCode.OK;
    }

    @Override
    boolean createsStore() {
        return true;
    }
}
