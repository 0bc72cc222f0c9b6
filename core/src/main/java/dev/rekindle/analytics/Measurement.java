package dev.rekindle.analytics;

import dev.rekindle.Status;
import java.time.Instant;

/**
 * Things of one sort that ended in one step of time and took about equally long. Immutable.
 *
 * @param resolution how long the step is
 * @param at when the step begins
 * @param subject what they are
 * @param outcome how they ended
 * @param bucket about how long they took: {@link LatencyBuckets#of}
 * @param totals how many they are, and their times
 */
public record Measurement(
        Resolution resolution, Instant at, Subject subject, Status outcome, int bucket, Totals totals) {}
