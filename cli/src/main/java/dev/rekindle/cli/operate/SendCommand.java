package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code rekindle send}. */
@Command(
        name = "send",
        description = {"Sends a message to an instance.", "It is kept until the code takes it from its channel."},
        footer = {"", "Example:", "  rekindle send order-1 approval '{\"by\": \"Ada\"}' --db sqlite:orders.db"})
public final class SendCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "CHANNEL", description = "The channel.")
    private String channel = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "JSON",
            defaultValue = "null",
            description = "The message: JSON, @FILE, or - for the standard input; null unless it is given.")
    private String payload = "null";

    @Override
    ExitCode run(OpenStore store, Report report) throws IOException {
        JsonNode message = Payload.read("message", payload, surroundings());
        store.client().raiseEvent(id, channel, message);
        if (report.isJson()) {
            report.json(Map.of("instance", id));
        } else if (report.isIds()) {
            report.id(id);
        } else {
            report.line(Words.bold(id), Words.of("  was sent a message on channel '%s'".formatted(channel)));
        }
        return ExitCode.OK;
    }
}
