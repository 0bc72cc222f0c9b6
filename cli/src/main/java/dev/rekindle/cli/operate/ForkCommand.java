package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.ForkRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle fork}. */
@Command(
        name = "fork",
        description = {
            "Starts a new instance that goes on from where another one was.",
            "The other one stays as it is.",
            "Results that the other one had up to the given event are taken over; the rest happens anew."
        },
        footer = {
            "",
            "Example:",
            "  rekindle fork order-1 order-1-again --through 7 --input @order.json --db sqlite:orders.db"
        })
public final class ForkCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance to fork.")
    private String source = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NEW-ID",
            description = "The id of the new instance; a random one unless it is given.")
    private @Nullable String id;

    @Option(
            names = "--through",
            paramLabel = "EVENT",
            defaultValue = "0",
            description = "The last event that is taken over; unless it is given only the input is.")
    private long through;

    @Option(names = "--execution", paramLabel = "N", description = "Of this execution; the latest unless it is given.")
    private long execution;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            description = "Another input: JSON, @FILE, or - for the standard input.")
    private @Nullable String input;

    @Option(names = "--version", paramLabel = "VERSION", description = "Another version of the orchestration.")
    private @Nullable String version;

    @Override
    ExitCode run(OpenStore store, Report report) throws IOException {
        String instance = id == null ? surroundings().ids().get() : id;
        String json = input == null
                ? null
                : Payload.read("input", input, surroundings()).toString();
        store.management().fork(new ForkRequest(source, execution, through, instance, json, version));
        if (report.isJson()) {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("instance", instance);
            form.put("forked_from", source);
            report.json(form);
        } else if (report.isIds()) {
            report.id(instance);
        } else {
            report.line(
                    Words.bold(instance),
                    Words.of("  started, forked from '%s' %s"
                            .formatted(source, through == 0 ? "with nothing but its input" : "through #" + through)));
        }
        return ExitCode.OK;
    }
}
