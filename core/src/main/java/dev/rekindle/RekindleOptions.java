package dev.rekindle;

import java.time.Duration;

/**
 * How a runtime behaves. Immutable; changed by the methods that return a copy.
 *
 * @param maxConcurrentActivities how many activities this node runs at once; default 1,000
 * @param maxConcurrentTurns how many instances this node takes turns with at once; default 1,000
 * @param residentBytes how much memory waiting instances may keep, as estimated from what they were given; the least
 *     recently used are evicted beyond it and replayed when they are wanted; default 64 MiB
 * @param quietTime how long an instance's lease is kept at least while one of its activities runs here; longer where
 *     commits are slow, and at most eight times as long without a break; default 30 ms
 * @param turnWarning how long a turn may run before it is reported with the stack of where it hangs; default 5 s
 * @param retryDelay how long an instance waits that has no matching code here before it is tried again; default 30 s
 * @param shutdownTimeout how long {@link Rekindle#close()} lets turns and activities end; default 10 s
 */
public record RekindleOptions(
        int maxConcurrentActivities,
        int maxConcurrentTurns,
        long residentBytes,
        Duration quietTime,
        Duration turnWarning,
        Duration retryDelay,
        Duration shutdownTimeout) {

    /** A time that no clock of nanoseconds overflows by. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** The defaults. */
    public static final RekindleOptions DEFAULT = new RekindleOptions(
            1_000,
            1_000,
            64L << 20,
            Duration.ofMillis(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));

    /**
     * Checks the ranges: no time is longer than 36,500 days.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT}
     */
    public RekindleOptions {
        atLeast("maxConcurrentActivities", maxConcurrentActivities, 1);
        atLeast("maxConcurrentTurns", maxConcurrentTurns, 1);
        atLeast("residentBytes", residentBytes, 0);
        between("quietTime", quietTime, Duration.ZERO);
        between("turnWarning", turnWarning, Duration.ofNanos(1));
        between("retryDelay", retryDelay, Duration.ofNanos(1));
        between("shutdownTimeout", shutdownTimeout, Duration.ZERO);
    }

    /** With this many activities at once. */
    public RekindleOptions maxConcurrentActivities(int activities) {
        return new RekindleOptions(
                activities, maxConcurrentTurns, residentBytes, quietTime, turnWarning, retryDelay, shutdownTimeout);
    }

    /** With turns of this many instances at once. */
    public RekindleOptions maxConcurrentTurns(int turns) {
        return new RekindleOptions(
                maxConcurrentActivities, turns, residentBytes, quietTime, turnWarning, retryDelay, shutdownTimeout);
    }

    /** With this much memory for waiting instances. */
    public RekindleOptions residentBytes(long bytes) {
        return new RekindleOptions(
                maxConcurrentActivities,
                maxConcurrentTurns,
                bytes,
                quietTime,
                turnWarning,
                retryDelay,
                shutdownTimeout);
    }

    /** With leases kept for this long while an activity runs here. */
    public RekindleOptions quietTime(Duration time) {
        return new RekindleOptions(
                maxConcurrentActivities,
                maxConcurrentTurns,
                residentBytes,
                time,
                turnWarning,
                retryDelay,
                shutdownTimeout);
    }

    /** With turns reported that run for longer than this. */
    public RekindleOptions turnWarning(Duration time) {
        return new RekindleOptions(
                maxConcurrentActivities,
                maxConcurrentTurns,
                residentBytes,
                quietTime,
                time,
                retryDelay,
                shutdownTimeout);
    }

    /** With this wait before an instance without matching code is tried again. */
    public RekindleOptions retryDelay(Duration delay) {
        return new RekindleOptions(
                maxConcurrentActivities,
                maxConcurrentTurns,
                residentBytes,
                quietTime,
                turnWarning,
                delay,
                shutdownTimeout);
    }

    /** With this long for turns and activities to end at a shutdown. */
    public RekindleOptions shutdownTimeout(Duration time) {
        return new RekindleOptions(
                maxConcurrentActivities, maxConcurrentTurns, residentBytes, quietTime, turnWarning, retryDelay, time);
    }

    private static void atLeast(String what, long value, long minimum) {
        if (value < minimum) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "runtime option out of range: '%s'; expected at least %d, found %d."
                            .formatted(what, minimum, value));
        }
    }

    private static void between(String what, Duration value, Duration minimum) {
        if (value.compareTo(minimum) < 0 || value.compareTo(LONGEST) > 0) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "runtime option out of range: '%s'; expected %s to %s, found %s."
                            .formatted(what, minimum, LONGEST, value));
        }
    }
}
