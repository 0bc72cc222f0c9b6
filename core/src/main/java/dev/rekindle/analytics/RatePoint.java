package dev.rekindle.analytics;

import dev.rekindle.Status;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many things ended in one step of time. Immutable.
 *
 * @param at when the step begins
 * @param byOutcome how many ended how
 * @param totals all together
 */
public record RatePoint(Instant at, Map<Status, Long> byOutcome, Totals totals) {
    /** Makes the map immutable, in the order of the statuses. */
    public RatePoint {
        EnumMap<Status, Long> copy = new EnumMap<>(Status.class);
        copy.putAll(byOutcome);
        byOutcome = Collections.unmodifiableMap(copy);
    }
}
