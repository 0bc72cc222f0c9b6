package dev.rekindle.runtime;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.LatencyBuckets;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import dev.rekindle.runtime.replay.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up what ended on this node, and hands the sums to the store now and then. Thread-safe. */
final class Meter {
    private static final Logger LOG = LoggerFactory.getLogger(Meter.class);
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** While the store is away, no more different sums than these are kept. */
    private static final int MAX_CELLS = 20_000;

    /** Things of one sort that ended in one minute. */
    private record Cell(Instant minute, Subject subject, Status outcome, int bucket) {}

    private final RuntimeParts parts;
    private final AnalyticsCapability store;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final Map<Cell, Totals> cells = new ConcurrentHashMap<>();
    private Instant forgottenAt = Instant.EPOCH;

    Meter(RuntimeParts parts, AnalyticsCapability store) {
        this.parts = parts;
        this.store = store;
    }

    /** Hands over from now on. */
    void start() {
        parts.alarms()
                .every(
                        FLUSH_NANOS,
                        () -> Thread.ofVirtual().name("rekindle-meter").start(this::flush));
    }

    void record(String orchestration, List<Observation> observations) {
        for (Observation seen : observations) {
            Cell cell = new Cell(
                    Resolution.MINUTE.floor(seen.ended()),
                    new Subject(seen.kind(), orchestration, seen.name()),
                    seen.outcome(),
                    LatencyBuckets.of(seen.millis()));
            add(cell, new Totals(1, seen.millis(), seen.queuedMillis(), seen.retryingMillis()));
        }
    }

    /** Hands over what there is. */
    void flush() {
        if (!flushing.compareAndSet(false, true)) {
            return;
        }
        try {
            runOnce();
        } finally {
            flushing.set(false);
        }
    }

    private void runOnce() {
        Map<Cell, Totals> taken = new HashMap<>();
        for (Cell cell : List.copyOf(cells.keySet())) {
            Totals totals = cells.remove(cell);
            if (totals != null) {
                taken.put(cell, totals);
            }
        }
        if (!taken.isEmpty()) {
            try {
                store.addMeasurements(measurements(taken));
            } catch (RekindleException e) {
                LOG.debug("figures have to wait: {}", e.getMessage());
                taken.forEach(this::add);
            }
        }
        forgetOld();
    }

    private void add(Cell cell, Totals totals) {
        if (cells.size() < MAX_CELLS || cells.containsKey(cell)) {
            cells.merge(cell, totals, Totals::plus);
        }
    }

    private static List<Measurement> measurements(Map<Cell, Totals> taken) {
        List<Measurement> all = new ArrayList<>();
        Map<Cell, Totals> hours = new HashMap<>();
        taken.forEach((cell, totals) -> {
            all.add(measurement(Resolution.MINUTE, cell, totals));
            Instant hour = Resolution.HOUR.floor(cell.minute());
            hours.merge(new Cell(hour, cell.subject(), cell.outcome(), cell.bucket()), totals, Totals::plus);
        });
        hours.forEach((cell, totals) -> all.add(measurement(Resolution.HOUR, cell, totals)));
        return all;
    }

    private static Measurement measurement(Resolution resolution, Cell cell, Totals totals) {
        return new Measurement(resolution, cell.minute(), cell.subject(), cell.outcome(), cell.bucket(), totals);
    }

    private void forgetOld() {
        Instant now = parts.clock().instant();
        if (now.isBefore(forgottenAt.plus(Resolution.HOUR.step()))) {
            return;
        }
        try {
            for (Resolution resolution : Resolution.values()) {
                store.forgetMeasurements(resolution, now.minus(resolution.keep()));
            }
            forgottenAt = now;
        } catch (RekindleException e) {
            LOG.debug("old figures stay for now: {}", e.getMessage());
        }
    }
}
