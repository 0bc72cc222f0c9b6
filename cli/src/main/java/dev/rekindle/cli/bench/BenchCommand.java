package dev.rekindle.cli.bench;

import dev.rekindle.Rekindle;
import dev.rekindle.RuntimeMetrics;
import dev.rekindle.Stores;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Interruption;
import dev.rekindle.cli.Json;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.cli.Printable;
import dev.rekindle.cli.ShownUrl;
import dev.rekindle.cli.SystemTime;
import dev.rekindle.cli.Terminal;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rekindle bench}. */
@Command(
        name = "bench",
        description = {
            "Measures orchestrations of activities that do nothing: what remains is the cost of durability.",
            "Keeps a number of them in flight, each from start to result."
        },
        footer = {"", "Example:", "  rekindle bench --workload seq5 --in-flight 256 --seconds 10 --json"})
public final class BenchCommand implements Callable<Integer> {
    private static final OptionRange IN_FLIGHT = new OptionRange("--in-flight", 1, 100_000);
    private static final OptionRange SECONDS = new OptionRange("--seconds", 0.1, 86_400);
    private static final OptionRange WARMUP = new OptionRange("--warmup", 0, 86_400);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            defaultValue = "seq5",
            description = "One of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless it is given.")
    private Workload workload = Workload.SEQ5;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description =
                    "The store; a new SQLite file in the current directory, removed at the end, unless it is given.")
    private @Nullable String db;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many orchestrations at once; ${DEFAULT-VALUE} unless it is given.")
    private int inFlight;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long to measure; ${DEFAULT-VALUE} unless it is given.")
    private double seconds;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            defaultValue = "3",
            description = "How long to run before that; ${DEFAULT-VALUE} unless it is given.")
    private double warmup;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final LongSupplier ticker = SystemTime.ticker();

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec.commandLine());
        IN_FLIGHT.check(spec, inFlight);
        SECONDS.check(spec, seconds);
        WARMUP.check(spec, warmup);
        try (Interruption interruption = Interruption.ofThisThread()) {
            return db == null ? measureNewStore(terminal) : measure(terminal, db);
        } catch (InterruptedException e) {
            terminal.errorLine("interrupted");
            return ExitCode.INTERRUPTED.number();
        }
    }

    private int measureNewStore(Terminal terminal) throws IOException, InterruptedException {
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            return measure(terminal, "sqlite:" + folder.path().resolve("bench.db"));
        }
    }

    private int measure(Terminal terminal, String url) throws InterruptedException {
        try (Provider provider = Stores.open(url);
                Rekindle node = workload.on(Rekindle.on(provider)).start()) {
            Load load = new Load(node.client(), workload.orchestration(), inFlight, ticker);
            BenchResult result = measure(load, node, url, provider.name());
            load.firstError()
                    .ifPresent(error -> terminal.errorLine("%d errors, the first: %s"
                            .formatted(result.errors(), Printable.text(String.valueOf(error.getMessage())))));
            terminal.line(json ? Json.line(result) : result.table());
            return (result.errors() == 0 ? ExitCode.OK : ExitCode.FAILED).number();
        }
    }

    private BenchResult measure(Load load, Rekindle node, String url, String store) throws InterruptedException {
        RuntimeMetrics before;
        RuntimeMetrics after;
        double measured;
        try (load) {
            load.start();
            Thread.sleep(duration(warmup));
            before = node.metrics();
            long start = ticker.getAsLong();
            load.measure(true);
            Thread.sleep(duration(seconds));
            load.measure(false);
            measured = (ticker.getAsLong() - start) / 1e9;
            after = node.metrics();
        }
        Latencies latencies = load.latencies();
        double rate = latencies.count() / measured;
        return new BenchResult(
                rounded(rate, 10),
                rounded(rate * workload.activities(), 10),
                rounded(latencies.percentileMillis(0.50), 1_000),
                rounded(latencies.percentileMillis(0.99), 1_000),
                latencies.count(),
                load.errors(),
                new BenchResult.Settings(
                        workload.toString(),
                        ShownUrl.of(url),
                        store,
                        inFlight,
                        warmup,
                        seconds,
                        Runtime.version().toString(),
                        Runtime.getRuntime().availableProcessors()),
                BenchResult.Counters.between(before, after));
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
