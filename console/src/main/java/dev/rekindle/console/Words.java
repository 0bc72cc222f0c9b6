package dev.rekindle.console;

import dev.rekindle.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How times and numbers are said to people. Stateless and thread-safe. */
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String time(Instant at) {
        return TIME.format(at) + " UTC";
    }

    static String exactTime(Instant at) {
        return EXACT.format(at) + " UTC";
    }

    /** A time of which only the minute matters. */
    static String minute(Instant at) {
        return MINUTE.format(at) + " UTC";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** In the two largest units that say something. */
    static String duration(Duration length) {
        long millis = Math.max(0, length.toMillis());
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        long seconds = millis / 1_000;
        if (seconds < 3_600) {
            return "%d min %d s".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%d h %d min".formatted(seconds / 3_600, seconds / 60 % 60);
        }
        return "%d d %d h".formatted(seconds / 86_400, seconds / 3_600 % 24);
    }

    /** In a line, without where it came from. */
    static String failure(Failure failure) {
        String type = failure.type().substring(failure.type().lastIndexOf('.') + 1);
        return failure.message().isEmpty() ? type : type + ": " + failure.message();
    }

    static String count(long number, boolean atLeast) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f') + (atLeast ? " or more" : "");
    }

    static String count(long number) {
        return count(number, false);
    }

    static String things(long number, String one) {
        return count(number) + ' ' + (number == 1 ? one : one + 's');
    }
}
