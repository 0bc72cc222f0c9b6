package dev.rekindle;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** The sizes that Rekindle accepts, all in one place, and the checks of them. */
public final class Limits {
    /** Characters in the name or version of an orchestration or activity, and in the name of a channel: 1 to 200. */
    public static final int MAX_NAME_CHARS = 200;

    /** Characters in an instance id: 1 to 255. */
    public static final int MAX_INSTANCE_ID_CHARS = 255;

    /** Bytes, as UTF-8, of one payload (an input, output, event, custom status or heartbeat): 4 MiB. */
    public static final int MAX_PAYLOAD_BYTES = 4 << 20;

    /** Characters kept of a failure's message, and of its stack trace. */
    public static final int MAX_FAILURE_CHARS = 16_384;

    /** How many times a work item may be running when its node dies before it is quarantined. */
    public static final int MAX_NODE_DEATHS = 12;

    /** How many attributes an instance may have. */
    public static final int MAX_ATTRIBUTES = 16;

    /** The latest time that anything is due. What is set for later comes then. */
    public static final Instant LATEST_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private Limits() {}

    /**
     * Returns {@code name} when it is 1 to {@link #MAX_NAME_CHARS} characters without control characters and halves of
     * characters.
     *
     * @param what what the name is of, for the message
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public static String checkName(String what, String name) {
        return check(what, name, MAX_NAME_CHARS);
    }

    /**
     * Returns {@code instance} when it is 1 to {@link #MAX_INSTANCE_ID_CHARS} characters without control characters and
     * halves of characters.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public static String checkInstanceId(String instance) {
        return check("instance id", instance, MAX_INSTANCE_ID_CHARS);
    }

    /**
     * Returns {@code payload} when it has at most {@link #MAX_PAYLOAD_BYTES} bytes as UTF-8. Halves of characters, which
     * UTF-8 has no bytes for, are written as JSON's escapes.
     *
     * @param what what the payload is, for the message
     * @throws RekindleException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public static String checkPayload(String what, String payload) {
        String text = mend(payload, half -> "\\u%04x".formatted((int) half));
        if (text.length() <= MAX_PAYLOAD_BYTES / 3) {
            return text;
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PAYLOAD_BYTES) {
            throw new RekindleException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "payload too large: %s; expected at most %d bytes, found %d. Store the data elsewhere and pass a reference."
                            .formatted(what, MAX_PAYLOAD_BYTES, bytes));
        }
        return text;
    }

    /** The time so long after another, or {@link #LATEST_TIME} when that comes first. */
    public static Instant timeAfter(Instant time, Duration delay) {
        return delay.compareTo(Duration.between(time, LATEST_TIME)) < 0 ? time.plus(delay) : LATEST_TIME;
    }

    /** At most {@link #MAX_FAILURE_CHARS} characters of a text, halves of characters replaced. */
    static String cutFailure(String text) {
        String kept = text.length() <= MAX_FAILURE_CHARS ? text : text.substring(0, MAX_FAILURE_CHARS - 1) + "…";
        return mend(kept, half -> "\uFFFD");
    }

    /** The text with something else for each half of a character: a surrogate without the other one. */
    private static String mend(String text, Function<Character, String> instead) {
        int half = nextHalf(text, 0);
        if (half < 0) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text.length() + 8);
        int done = 0;
        for (; half >= 0; half = nextHalf(text, done)) {
            mended.append(text, done, half).append(instead.apply(text.charAt(half)));
            done = half + 1;
        }
        return mended.append(text, done, text.length()).toString();
    }

    /** Where the next half of a character is, or -1. */
    private static int nextHalf(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (Character.charCount(text.codePointAt(at)) == 1) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }

    /**
     * Returns a copy of {@code attributes} when there are at most {@link #MAX_ATTRIBUTES} and each name and value is a good
     * {@linkplain #checkName name}.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public static Map<String, String> checkAttributes(Map<String, String> attributes) {
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw new RekindleException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "too many attributes: expected at most %d, found %d. Keep those that instances are looked up by."
                            .formatted(MAX_ATTRIBUTES, attributes.size()));
        }
        attributes.forEach((name, value) -> {
            checkName("attribute name", name);
            checkName("value of attribute '" + name + "'", value);
        });
        return Map.copyOf(attributes);
    }

    private static String check(String what, String text, int maxChars) {
        if (text.isBlank()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "empty %s: '%s'; expected 1 to %d characters. Give it a value.".formatted(what, text, maxChars));
        }
        if (text.length() > maxChars) {
            throw new RekindleException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "%s too long: '%s…'; expected at most %d characters, found %d. Shorten it."
                            .formatted(what, text.substring(0, 40), maxChars, text.length()));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "control character in %s: '%s'; expected printable characters only. Remove it."
                            .formatted(what, text.replaceAll("\\p{Cntrl}", "?")));
        }
        if (nextHalf(text, 0) >= 0) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "half a character in %s: '%s'; expected whole ones, found a surrogate without the other. Cut the text elsewhere."
                            .formatted(what, mend(text, half -> "?")));
        }
        return text;
    }
}
