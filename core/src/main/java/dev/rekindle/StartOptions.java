package dev.rekindle;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How one instance is started. Immutable; changed by the methods that return a copy. The default has no attributes and
 * begins at once.
 *
 * @param attributes what the instance can be found by, shown with it in lists; at most {@link Limits#MAX_ATTRIBUTES}
 * @param delay how long its first turn waits at least
 */
public record StartOptions(Map<String, String> attributes, Duration delay) {
    /** No attributes, at once. */
    public static final StartOptions DEFAULT = new StartOptions(Map.of(), Duration.ZERO);

    /**
     * Checks the attributes.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} or {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public StartOptions {
        attributes = Limits.checkAttributes(attributes);
        if (delay.isNegative()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "negative delay: '%s'; expected zero or more. Leave it out to start at once.".formatted(delay));
        }
    }

    /** With this attribute too. */
    public StartOptions attribute(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new StartOptions(more, delay);
    }

    /** With the first turn not before this time has passed. */
    public StartOptions delay(Duration wait) {
        return new StartOptions(attributes, wait);
    }
}
