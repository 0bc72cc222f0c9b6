package dev.rekindle;

import java.time.Duration;

/** Times that are longer than anybody waits. */
final class Durations {
    /** A hundred years: nobody sees the difference to more, and it can be added, counted in nanoseconds and stored. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Durations() {}

    /** The time, or a hundred years where it is longer. */
    static Duration bounded(Duration time) {
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }
}
