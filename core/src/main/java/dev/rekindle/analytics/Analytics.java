package dev.rekindle.analytics;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often, how long, and where time went, over windows that end now. Immutable and thread-safe; a client {@linkplain
 * dev.rekindle.Client#analytics() has} one.
 */
public final class Analytics {
    /** Up to this long a window is looked at by the minute. */
    private static final Duration BY_THE_MINUTE = Duration.ofHours(6);

    private final AnalyticsCapability capability;
    private final InstantSource clock;

    /** Reads through this capability; windows end at the clock's present. */
    public Analytics(AnalyticsCapability capability, InstantSource clock) {
        this.capability = capability;
        this.clock = clock;
    }

    /**
     * Each subject that anything was measured of in a window, those that took most time first. The window begins with the
     * full minute, or the full hour when it is longer than six hours.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the window is not positive
     */
    public List<SubjectReport> report(Duration window) {
        Window asked = window(window);
        Map<Subject, List<Measurement>> bySubject = new LinkedHashMap<>();
        for (Measurement measurement : capability.sumMeasurements(asked.resolution(), asked.from(), asked.to())) {
            bySubject
                    .computeIfAbsent(measurement.subject(), subject -> new ArrayList<>())
                    .add(measurement);
        }
        return bySubject.entrySet().stream()
                .map(entry -> report(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(
                                (SubjectReport report) -> report.totals().millis())
                        .reversed())
                .toList();
    }

    /**
     * How many of a kind ended over time; steps in which nothing did are left out.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the window is not positive
     */
    public List<RatePoint> rates(Subject.Kind kind, Duration window) {
        Window asked = window(window);
        Map<Instant, List<Measurement>> byTime = new TreeMap<>();
        for (Measurement measurement :
                capability.measurementSeries(kind, asked.resolution(), asked.from(), asked.to())) {
            byTime.computeIfAbsent(measurement.at(), at -> new ArrayList<>()).add(measurement);
        }
        return byTime.entrySet().stream()
                .map(entry -> new RatePoint(entry.getKey(), byOutcome(entry.getValue()), totals(entry.getValue())))
                .toList();
    }

    /** How finely a window of this length is looked at. */
    public static Resolution resolution(Duration window) {
        return window.compareTo(BY_THE_MINUTE) > 0 ? Resolution.HOUR : Resolution.MINUTE;
    }

    private record Window(Resolution resolution, Instant from, Instant to) {}

    private Window window(Duration length) {
        if (length.isZero() || length.isNegative()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no window: '%s'; expected a time of more than zero. Ask for an hour.".formatted(length));
        }
        Resolution resolution = resolution(length);
        Instant now = clock.instant();
        return new Window(
                resolution,
                resolution.floor(now.minus(length)),
                resolution.floor(now).plus(resolution.step()));
    }

    private static SubjectReport report(Subject subject, List<Measurement> measurements) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        measurements.forEach(measurement ->
                counts.merge(measurement.bucket(), measurement.totals().count(), Long::sum));
        Totals totals = totals(measurements);
        return new SubjectReport(
                subject,
                byOutcome(measurements),
                percentile(counts, totals.count(), 0.50),
                percentile(counts, totals.count(), 0.95),
                percentile(counts, totals.count(), 0.99),
                totals);
    }

    private static Map<Status, Long> byOutcome(List<Measurement> measurements) {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        measurements.forEach(measurement ->
                counts.merge(measurement.outcome(), measurement.totals().count(), Long::sum));
        return counts;
    }

    private static Totals totals(List<Measurement> measurements) {
        return measurements.stream().map(Measurement::totals).reduce(Totals.NONE, Totals::plus);
    }

    private static double percentile(SortedMap<Integer, Long> counts, long all, double share) {
        long below = 0;
        for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
            below += bucket.getValue();
            if (below >= share * all) {
                return LatencyBuckets.middle(bucket.getKey());
            }
        }
        return 0;
    }
}
