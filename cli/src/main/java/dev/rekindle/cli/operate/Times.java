package dev.rekindle.cli.operate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as people say them, seen from one moment. Immutable. */
record Times(Instant now, ZoneId zone) {
    private static final DateTimeFormatter TODAY = formatter("HH:mm:ss");
    private static final DateTimeFormatter THIS_WEEK = formatter("EEE HH:mm");
    private static final DateTimeFormatter ANY_DAY = formatter("yyyy-MM-dd HH:mm");
    private static final DateTimeFormatter EXACT = formatter("yyyy-MM-dd HH:mm:ss.SSS");
    private static final Duration WEEK = Duration.ofDays(6);

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /** How long ago, or in how long: {@code 3 m ago}, {@code in 20 s}; empty for none. */
    String distance(@Nullable Instant time) {
        if (time == null) {
            return "";
        }
        Duration since = Duration.between(time, now);
        if (since.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        String length = rough(since.abs());
        return since.isNegative() ? "in " + length : length + " ago";
    }

    /** How long it has been since then. */
    String since(Instant time) {
        Duration since = Duration.between(time, now);
        return rough(since.isNegative() ? Duration.ZERO : since);
    }

    /** The time of day, with as much of the date as is needed: {@code 14:00:00}, {@code Fri 14:00}. */
    String clock(Instant time) {
        ZonedDateTime then = time.atZone(zone);
        if (then.toLocalDate().equals(now.atZone(zone).toLocalDate())) {
            return TODAY.format(then);
        }
        boolean near = Duration.between(time, now).abs().compareTo(WEEK) < 0;
        return (near ? THIS_WEEK : ANY_DAY).format(then);
    }

    /** All of it, to the millisecond. */
    String exact(Instant time) {
        return EXACT.format(time.atZone(zone));
    }

    /** A time in full and how long ago that was. */
    String full(Instant time) {
        return "%s (%s)".formatted(exact(time).substring(0, 19), distance(time));
    }

    /** A length of time to the second at most. */
    private static String rough(Duration length) {
        return span(Duration.ofSeconds(length.plusMillis(500).toSeconds()));
    }

    /** A length of time: the two largest units at most. */
    static String span(Duration length) {
        long millis = length.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        long seconds = length.toSeconds();
        if (seconds < 10 && millis % 1_000 != 0) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return two(seconds / 60, "m", seconds % 60, "s", 10);
        }
        if (seconds < 86_400) {
            return two(seconds / 3_600, "h", seconds % 3_600 / 60, "m", 10);
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h", 7);
    }

    private static String two(long large, String unit, long small, String smallUnit, long plainFrom) {
        return large >= plainFrom || small == 0
                ? large + " " + unit
                : large + " " + unit + " " + small + " " + smallUnit;
    }
}
