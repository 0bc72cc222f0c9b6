package dev.rekindle.management;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The activities of one name that have not completed. Immutable.
 *
 * @param activity the name
 * @param queued how many there are, leased ones included, as far as they were counted
 * @param retrying how many of them have failed before
 * @param oldest when the oldest was scheduled
 * @param nextAttempt when the first of those may begin that were put off; null when none was
 * @param atLeast whether counting stopped at {@link #COUNTED} rows of the whole queue, so there may be more
 */
public record ActivityQueue(
        String activity,
        long queued,
        long retrying,
        Instant oldest,
        @Nullable Instant nextAttempt,
        boolean atLeast) {
    /** How many rows of the whole queue are counted. */
    public static final long COUNTED = 10_000;
}
