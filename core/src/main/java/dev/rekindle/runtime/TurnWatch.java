package dev.rekindle.runtime;

import dev.rekindle.ErrorCode;
import dev.rekindle.runtime.replay.Execution;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports turns that don't end, with the stack of where they hang: most often code that sleeps, blocks or does I/O of its
 * own instead of asking its context.
 */
final class TurnWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TurnWatch.class);

    private final Residents residents;
    private final Duration warning;
    private final LongSupplier ticker;
    private final Consumer<String> report;
    private final Map<Resident, Long> reported = new WeakHashMap<>();

    TurnWatch(Residents residents, Duration warning, LongSupplier ticker) {
        this(residents, warning, ticker, LOG::error);
    }

    TurnWatch(Residents residents, Duration warning, LongSupplier ticker, Consumer<String> report) {
        this.residents = residents;
        this.warning = warning;
        this.ticker = ticker;
        this.report = report;
    }

    void start(Alarms alarms) {
        alarms.every(Math.max(1, warning.toNanos() / 2), this::look);
    }

    /** Looks once at every turn that is running. Called by one thread. */
    void look() {
        long since = ticker.getAsLong() - warning.toNanos();
        for (Resident resident : residents.all()) {
            resident.inTurnSince(since).ifPresent(execution -> report(resident, execution));
        }
    }

    private void report(Resident resident, Execution execution) {
        Long started = resident.turnStartedNanos();
        if (started.equals(reported.put(resident, started))) {
            return;
        }
        String stack = execution.runningStack().stream()
                .flatMap(Stream::of)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
        report.accept(
                "%s a turn does not end: '%s' of '%s'; expected it to wait or end within %s, found it here. Use ctx.sleep and activities instead of blocking.%s"
                        .formatted(
                                ErrorCode.TURN_NOT_ENDING,
                                resident.instance(),
                                execution.code().definition(),
                                warning,
                                stack));
    }
}
