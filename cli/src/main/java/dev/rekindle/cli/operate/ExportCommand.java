package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle export}. */
@Command(
        name = "export",
        description = {
            "Writes instances as JSON documents, one after the other.",
            "With all that belongs to them: for a bug report, or for another store.",
            "They hold every payload as it is."
        },
        footer = {
            "",
            "Example:",
            "  rekindle export order-1 --db sqlite:orders.db --out order-1.json",
            "  rekindle instances --status Failed -q | rekindle export - --out failed.json"
        })
public final class ExportCommand extends IdsCommand {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where to; the standard output unless it is given. A file that is there is replaced.")
    private @Nullable Path out;

    private boolean begun;

    @Override
    Runnable look(OpenStore store, Report report, String id) {
        String text = JsonText.ofExport(store.management().export(id));
        Path file = out;
        return file == null ? () -> report.document(text) : () -> write(report, id, text, file);
    }

    private void write(Report report, String id, String text, Path file) {
        try {
            Files.writeString(
                    file,
                    text + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    begun ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "file can't be written: '%s'; expected one that you may write, found: %s. Choose another --out."
                            .formatted(file, e),
                    e);
        }
        begun = true;
        if (report.isForPeople()) {
            report.line(Words.bold(id), Words.of("  exported to " + file));
        } else if (report.isIds()) {
            report.id(id);
        }
    }

    @Override
    void gap(Report report) {
        // A document ends by itself, and so does a line.
    }
}
