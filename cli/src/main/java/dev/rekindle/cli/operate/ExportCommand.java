package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.provider.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle export}. */
@Command(
        name = "export",
        description = {
            "Writes an instance as one JSON document.",
            "With all that belongs to it: for a bug report, or for another store.",
            "It holds every payload as it is."
        },
        footer = {"", "Example:", "  rekindle export order-1 --db sqlite:orders.db --out order-1.json"})
public final class ExportCommand extends StoreCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where to; the standard output unless it is given. A file that is there is replaced.")
    private @Nullable Path out;

    @Override
    ExitCode run(OpenStore store, Report report) {
        String text = JsonText.ofExport(store.management().export(id));
        if (out == null) {
            report.document(text);
            return ExitCode.OK;
        }
        try {
            Files.writeString(out, text + System.lineSeparator());
        } catch (IOException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "file can't be written: '%s'; expected one that you may write, found: %s. Choose another --out."
                            .formatted(out, e),
                    e);
        }
        if (report.isForPeople()) {
            report.line(Words.bold(id), Words.of("  exported to " + out));
        } else if (report.isIds()) {
            report.id(id);
        }
        return ExitCode.OK;
    }
}
