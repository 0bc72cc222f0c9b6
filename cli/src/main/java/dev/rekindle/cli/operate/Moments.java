package dev.rekindle.cli.operate;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths and moments of time as people type them. */
final class Moments {
    /** What lengths may look like, for help and messages. */
    static final String LENGTHS = "a length such as 90s, 2h, 1h30m or 7d";

    /** What moments may look like, for help and messages. */
    static final String MOMENTS =
            LENGTHS + " back from now, or a time such as 2026-01-31, 2026-01-31T14:00 or 2026-01-31T14:00:00Z";

    private static final Pattern LENGTH = Pattern.compile("(?:\\d+(?:ms|[smhdw]))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdw])");

    private Moments() {}

    /** A length of time; empty when the text is none. */
    static Optional<Duration> length(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (!LENGTH.matcher(lower).matches()) {
            return iso(text);
        }
        try {
            Duration length = Duration.ZERO;
            Matcher part = PART.matcher(lower);
            while (part.find()) {
                length = length.plus(part(Long.parseLong(part.group(1)), part.group(2)));
            }
            return Optional.of(length);
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Duration part(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(Math.multiplyExact(7, number));
        };
    }

    private static Optional<Duration> iso(String text) {
        try {
            Duration length = Duration.parse(text.strip());
            return length.isNegative() ? Optional.empty() : Optional.of(length);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A moment; empty when the text is none. */
    static Optional<Instant> moment(String text, Times times) {
        try {
            Optional<Duration> back = length(text);
            return Optional.of(back.isPresent() ? times.now().minus(back.get()) : parse(text.strip(), times));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Instant parse(String text, Times times) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(times.zone()).toInstant();
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(text).atZone(times.zone()).toInstant();
        }
    }
}
