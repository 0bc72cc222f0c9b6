package dev.rekindle.cli.bench;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Stores;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Json;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.cli.SystemTime;
import dev.rekindle.cli.Terminal;
import dev.rekindle.provider.Provider;
import dev.rekindle.sqlite.InstanceGenerator;
import dev.rekindle.sqlite.SqliteProvider;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rekindle bench-reads}. */
@Command(
        name = "bench-reads",
        description = {
            "Measures what operators ask of a store, after filling it with instances that have ended.",
            "Each question is asked again and again, alone; the first time warms up and does not count."
        },
        footer = {"", "Example:", "  rekindle bench-reads --finished 1000000 --db sqlite:large.db"})
public final class BenchReadsCommand implements Callable<Integer> {
    private static final OptionRange FINISHED = new OptionRange("--finished", 0, 100_000_000);
    private static final OptionRange ROUNDS = new OptionRange("--rounds", 1, 100_000);
    private static final String PREFIX = "finished-";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--db",
            paramLabel = "URL",
            description =
                    "The store; a new SQLite file in the current directory, removed at the end, unless it is given.")
    private @Nullable String db;

    @Option(
            names = "--finished",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many ended instances to put into the store first; ${DEFAULT-VALUE} unless it is given.")
    private long finished;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How often each question is asked; ${DEFAULT-VALUE} unless it is given.")
    private int rounds;

    @Option(
            names = "--at-most",
            paramLabel = "MS",
            description = "Exit with 8 when the median of a question takes longer; it is marked.")
    private @Nullable Double atMost;

    @Option(names = "--json", description = "Print one JSON object for each question.")
    private boolean json;

    private final LongSupplier ticker = SystemTime.ticker();

    /** What came of one question, as programs read it. */
    private record Form(String question, int found, double p50Ms, double maxMs) {}

    @Override
    public Integer call() throws IOException {
        FINISHED.check(spec, (double) finished);
        ROUNDS.check(spec, rounds);
        Terminal terminal = Terminal.of(spec.commandLine());
        String given = db;
        if (given != null) {
            return measure(terminal, given);
        }
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            return measure(terminal, "sqlite:" + folder.path().resolve("bench.db"));
        }
    }

    private int measure(Terminal terminal, String url) {
        try (Provider provider = Stores.open(url)) {
            fill(provider, terminal);
            ExitCode exitCode = ExitCode.OK;
            for (Map.Entry<String, IntSupplier> question :
                    Questions.of(Client.discover(provider), PREFIX).entrySet()) {
                Form form = ask(question.getKey(), question.getValue());
                boolean late = atMost != null && form.p50Ms() > atMost;
                if (late) {
                    exitCode = ExitCode.TIMED_OUT;
                }
                terminal.line(
                        json
                                ? Json.line(form)
                                : "%-44s found %5d   p50 %8.2f ms   max %8.2f ms%s"
                                        .formatted(
                                                form.question(),
                                                form.found(),
                                                form.p50Ms(),
                                                form.maxMs(),
                                                late ? "   too long" : ""));
            }
            return exitCode.number();
        }
    }

    private void fill(Provider provider, Terminal terminal) {
        if (finished == 0) {
            return;
        }
        if (!(provider instanceof SqliteProvider sqlite)) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "can't fill this store: '%s'; expected a SQLite file. Fill it by bench, and give --finished 0."
                            .formatted(provider.name()));
        }
        long start = ticker.getAsLong();
        new InstanceGenerator(sqlite, PREFIX).add(finished);
        terminal.errorLine(
                "filled with %,d instances in %.1f s".formatted(finished, (ticker.getAsLong() - start) / 1e9));
    }

    private Form ask(String name, IntSupplier question) {
        Latencies latencies = new Latencies();
        int found = question.getAsInt();
        for (int round = 0; round < rounds; round++) {
            long start = ticker.getAsLong();
            found = question.getAsInt();
            latencies.add(ticker.getAsLong() - start);
        }
        return new Form(name, found, rounded(latencies.percentileMillis(0.5)), rounded(latencies.percentileMillis(1)));
    }

    private static double rounded(double millis) {
        return (double) Math.round(millis * 100) / 100;
    }
}
