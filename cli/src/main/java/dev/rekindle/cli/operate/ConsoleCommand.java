package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.cli.Printable;
import dev.rekindle.console.Console;
import dev.rekindle.console.ConsoleOptions;
import dev.rekindle.console.Redactor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle console}. */
@Command(
        name = "console",
        description = {
            "Serves the web console and its HTTP API, until Ctrl-C.",
            "Other machines reach it only with --host, and then have to know the token that the variable"
                    + " REKINDLE_TOKEN holds."
        },
        footer = {
            "",
            "Example:",
            "  rekindle console --db sqlite:orders.db --port 7077",
            "  rekindle instances --db http://localhost:7077"
        })
public final class ConsoleCommand extends StoreCommand {
    private static final String TOKEN = "REKINDLE_TOKEN";
    private static final OptionRange PORT = new OptionRange("--port", 0, 65_535);

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port, 0 for any that is free; " + ConsoleOptions.DEFAULT_PORT + " unless given.")
    private int port = ConsoleOptions.DEFAULT_PORT;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The name or address to listen on; 127.0.0.1 unless given.")
    private String host = ConsoleOptions.DEFAULT.host();

    @Option(names = "--name", paramLabel = "NAME", description = "A name that browsers may call it by; more than once.")
    private List<String> names = List.of();

    @Option(names = "--read-only", description = "Refuse every change.")
    private boolean readOnly;

    @Option(names = "--hide-payloads", description = "Show no inputs, outputs, messages, and texts of failures.")
    private boolean hidePayloads;

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        PORT.check(spec(), port);
        ConsoleOptions options = ConsoleOptions.DEFAULT
                .withHost(host)
                .withPort(port)
                .withToken(surroundings().variables().get(TOKEN))
                .withReadOnly(readOnly)
                .withHostNames(Set.copyOf(names))
                .withRedactor(hidePayloads ? Redactor.HIDE_ALL : Redactor.NONE)
                .withAudit(change -> report.note(Printable.text("%s %s: %s '%s': %s"
                        .formatted(change.at(), change.who(), change.action(), change.subject(), change.outcome()))));
        try (Console console = Console.start(store.client(), options)) {
            report.line("The console of %s is at %s (Ctrl-C ends it)"
                    .formatted(store.provider().name(), console.url()));
            new CountDownLatch(1).await();
        }
        return ExitCode.OK;
    }
}
