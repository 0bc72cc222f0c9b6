package dev.rekindle.analytics;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How finely figures are kept over time. */
public enum Resolution {
    /** By the minute; kept for two days. */
    MINUTE(ChronoUnit.MINUTES, Duration.ofDays(2)),
    /** By the hour; kept for 60 days. */
    HOUR(ChronoUnit.HOURS, Duration.ofDays(60));

    private final ChronoUnit unit;
    private final Duration keep;

    Resolution(ChronoUnit unit, Duration keep) {
        this.unit = unit;
        this.keep = keep;
    }

    /** The beginning of the step that a time is in. */
    public Instant floor(Instant time) {
        return time.truncatedTo(unit);
    }

    /** How long a step is. */
    public Duration step() {
        return unit.getDuration();
    }

    /** How long figures of this resolution are kept. */
    public Duration keep() {
        return keep;
    }
}
