package dev.rekindle.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long leases are kept, by how long commits take: to give a lease back and to get it again costs two of them, so a
 * slow store makes it worth while to wait longer. Thread-safe.
 */
final class Pace {
    private static final long LONGEST_QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int COMMITS_OF_QUIET = 4;
    private static final int QUIET_TIMES_OF_HEAT = 8;
    private static final int REMEMBERED = 16;

    private final long quietNanos;
    private final AtomicLong commitNanos = new AtomicLong();

    /**
     * A pace.
     *
     * @param quietTime how long a lease is kept at least without news
     */
    Pace(Duration quietTime) {
        this.quietNanos = quietTime.toNanos();
    }

    /** A commit took this long. */
    void committed(long nanos) {
        commitNanos.updateAndGet(average -> average + (nanos - average) / REMEMBERED);
    }

    /** How long an instance may be quiet until its lease is given back. */
    long quietNanos() {
        return Math.max(quietNanos, Math.min(LONGEST_QUIET_NANOS, COMMITS_OF_QUIET * commitNanos.get()));
    }

    /** How long others wait at the most for an instance whose steps never leave it in peace. */
    long longestHeatNanos() {
        return QUIET_TIMES_OF_HEAT * quietNanos();
    }
}
