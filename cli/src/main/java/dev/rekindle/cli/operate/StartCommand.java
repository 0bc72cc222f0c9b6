package dev.rekindle.cli.operate;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.StartOptions;
import dev.rekindle.cli.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle start}. */
@Command(
        name = "start",
        description = {
            "Starts an instance of an orchestration by its name.",
            "A node that has code for it runs it; none has to be alive now."
        },
        footer = {
            "",
            "Example:",
            "  rekindle start ProcessOrder order-1 --db sqlite:orders.db --input '{\"item\": \"lamp\"}' --wait 1m"
        })
public final class StartCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "ORCHESTRATION", description = "The name of the orchestration.")
    private String orchestration = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description = "The id of the new instance; a random one unless it is given.")
    private @Nullable String id;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            defaultValue = "null",
            description = "Its input: JSON, @FILE, or - for the standard input; null unless it is given.")
    private String input = "null";

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "The version of the orchestration; the latest unless it is given.")
    private String version = "";

    @Option(
            names = "--attribute",
            paramLabel = "NAME=VALUE",
            description = "What it can be found by; may be given more than once.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--delay", paramLabel = "TIME", description = "Begin only then: " + Moments.LENGTHS + ".")
    private @Nullable String delay;

    @Option(names = "--wait", paramLabel = "TIME", description = "Wait for it to end, at most so long.")
    private @Nullable String wait;

    @Override
    ExitCode run(OpenStore store, Report report) throws IOException, InterruptedException {
        String instance = id == null ? surroundings().ids().get() : id;
        Duration later = Lengths.of(spec(), "--delay", delay, Duration.ZERO);
        Duration patience = Lengths.of(spec(), "--wait", wait, Duration.ZERO);
        String json = Payload.read("input", input, surroundings()).toString();
        store.client()
                .startOrchestration(
                        instance,
                        orchestration,
                        version,
                        json,
                        options -> withAttributes(options).delay(later));
        if (wait != null) {
            InstanceSnapshot end = store.client().awaitEnd(instance, patience);
            return Ending.say(report, end, patience);
        }
        if (report.isJson()) {
            report.json(InstanceForm.of(store.client().getStatus(instance).orElseThrow()));
        } else if (report.isIds()) {
            report.id(instance);
        } else {
            report.line(Words.bold(instance), Words.of("  started"));
        }
        return ExitCode.OK;
    }

    private StartOptions withAttributes(StartOptions options) {
        StartOptions all = options;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            all = all.attribute(attribute.getKey(), attribute.getValue());
        }
        return all;
    }

    @Override
    boolean createsStore() {
        return true;
    }
}
