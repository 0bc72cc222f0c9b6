package dev.rekindle.postgres;

import dev.rekindle.ActivityContext;
import dev.rekindle.Rekindle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A node of a {@link Fleet}, in a process of its own. */
public final class FleetNode {
    private static final Duration TICK = Duration.ofMillis(20);

    private final PostgresProvider provider;
    private final Path gates;
    private final FleetLog log;
    private final Map<Integer, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<FleetLog.What, Long> told = new EnumMap<>(FleetLog.What.class);

    private FleetNode(PostgresProvider provider, Path gates, FleetLog log) {
        this.provider = provider;
        this.gates = gates;
        this.log = log;
    }

    /**
     * Runs it until its standard input ends.
     *
     * @param args the store's URL, the folder of the gates, the file to log to
     */
    public static void main(String[] args) throws IOException {
        try (FleetLog log = FleetLog.open(Path.of(args[2]));
                ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
                PostgresProvider provider = PostgresProvider.open(args[0])) {
            FleetNode main = new FleetNode(provider, Path.of(args[1]), log);
            main.look();
            try (Rekindle node = FleetWork.register(Rekindle.on(provider), main::attempt)
                    .options(options -> options.shutdownTimeout(Duration.ofMillis(200)))
                    .start()) {
                ticks.scheduleWithFixedDelay(main::look, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
                log.tell(FleetLog.What.RUNNING, ProcessHandle.current().pid());
                System.in.transferTo(OutputStream.nullOutputStream());
            }
            ticks.shutdownNow();
        }
    }

    /** The file that lets the held activities of a round end. */
    static Path gate(Path gates, int round) {
        return gates.resolve("gate-" + round);
    }

    private void attempt(ActivityContext ctx, int round, boolean isHeld) throws InterruptedException {
        log.tellAttempt(isHeld ? FleetLog.What.HELD : FleetLog.What.BEGUN, round, ctx.idempotencyKey(), ctx.attempt());
        try {
            if (isHeld) {
                held.computeIfAbsent(round, key -> new CountDownLatch(1)).await();
            }
        } finally {
            log.tellAttempt(FleetLog.What.ENDED, round, ctx.idempotencyKey(), ctx.attempt());
        }
    }

    /** Opens gates, and tells what has changed. */
    private void look() {
        held.forEach((round, latch) -> {
            if (latch.getCount() > 0 && Files.exists(gate(gates, round))) {
                latch.countDown();
            }
        });
        WriterStats stats = provider.writerStats();
        tell(FleetLog.What.PLACE, provider.nodeKey());
        tell(FleetLog.What.REFUSED, stats.refusedWrites());
        tell(FleetLog.What.TOOK_OVER, stats.takenOver());
    }

    private void tell(FleetLog.What what, long number) {
        Long before = told.put(what, number);
        if (before == null || before != number) {
            log.tell(what, number);
        }
    }
}
