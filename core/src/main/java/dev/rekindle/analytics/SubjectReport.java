package dev.rekindle.analytics;

import dev.rekindle.Status;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is known of one subject over a window. Immutable.
 *
 * @param subject what
 * @param byOutcome how many ended how
 * @param p50Millis half took at most about so long, in milliseconds
 * @param p95Millis 95 of 100 took at most about so long
 * @param p99Millis 99 of 100 took at most about so long
 * @param totals all together
 */
public record SubjectReport(
        Subject subject,
        Map<Status, Long> byOutcome,
        double p50Millis,
        double p95Millis,
        double p99Millis,
        Totals totals) {
    /** Makes the map immutable, in the order of the statuses. */
    public SubjectReport {
        EnumMap<Status, Long> copy = new EnumMap<>(Status.class);
        copy.putAll(byOutcome);
        byOutcome = Collections.unmodifiableMap(copy);
    }

    /** The share that failed, 0 to 1. */
    public double failureRate() {
        return totals.count() == 0 ? 0 : (double) byOutcome.getOrDefault(Status.FAILED, 0L) / totals.count();
    }
}
