package dev.rekindle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one step is to be run. Immutable; changed by the methods that return a copy. The default is one attempt without
 * time limits. A time that is longer than a hundred years counts as a hundred years.
 *
 * @param maxAttempts how many attempts at most, at least 1
 * @param backoff how long to wait before the second attempt
 * @param backoffFactor by what the wait grows with each attempt, at least 1
 * @param maxBackoff how long to wait at most
 * @param timeout how long one attempt may take; null for no limit
 * @param totalTimeout how long all attempts together may take, waits included, counted from when the step was
 *     scheduled; null for no limit
 * @param heartbeatTimeout how long an attempt may be silent; null for no limit
 */
public record ActivityOptions(
        int maxAttempts,
        Duration backoff,
        double backoffFactor,
        Duration maxBackoff,
        @Nullable Duration timeout,
        @Nullable Duration totalTimeout,
        @Nullable Duration heartbeatTimeout) {

    /** One attempt, no time limits; with more attempts: waits from one second, doubling, to at most one minute. */
    public static final ActivityOptions DEFAULT =
            new ActivityOptions(1, Duration.ofSeconds(1), 2.0, Duration.ofMinutes(1), null, null, null);

    /** Checks the ranges. */
    public ActivityOptions {
        if (maxAttempts < 1) {
            throw outOfRange("maxAttempts", "at least 1", maxAttempts);
        }
        if (!(backoffFactor >= 1.0 && backoffFactor <= 100.0)) {
            throw outOfRange("backoffFactor", "1 to 100", backoffFactor);
        }
        backoff = notNegative("backoff", backoff);
        maxBackoff = notNegative("maxBackoff", maxBackoff);
        timeout = positive("timeout", timeout);
        totalTimeout = positive("totalTimeout", totalTimeout);
        heartbeatTimeout = positive("heartbeatTimeout", heartbeatTimeout);
    }

    /** With this many attempts at most. */
    public ActivityOptions maxAttempts(int attempts) {
        return new ActivityOptions(
                attempts, backoff, backoffFactor, maxBackoff, timeout, totalTimeout, heartbeatTimeout);
    }

    /** With this wait before the second attempt. */
    public ActivityOptions backoff(Duration wait) {
        return new ActivityOptions(
                maxAttempts, wait, backoffFactor, maxBackoff, timeout, totalTimeout, heartbeatTimeout);
    }

    /** With waits that grow by this factor. */
    public ActivityOptions backoffFactor(double factor) {
        return new ActivityOptions(maxAttempts, backoff, factor, maxBackoff, timeout, totalTimeout, heartbeatTimeout);
    }

    /** With waits of at most this. */
    public ActivityOptions maxBackoff(Duration wait) {
        return new ActivityOptions(maxAttempts, backoff, backoffFactor, wait, timeout, totalTimeout, heartbeatTimeout);
    }

    /** With this limit for one attempt. */
    public ActivityOptions timeout(Duration limit) {
        return new ActivityOptions(
                maxAttempts, backoff, backoffFactor, maxBackoff, limit, totalTimeout, heartbeatTimeout);
    }

    /** With this limit for all attempts together. */
    public ActivityOptions totalTimeout(Duration limit) {
        return new ActivityOptions(maxAttempts, backoff, backoffFactor, maxBackoff, timeout, limit, heartbeatTimeout);
    }

    /** With this limit for silence between heartbeats. */
    public ActivityOptions heartbeatTimeout(Duration limit) {
        return new ActivityOptions(maxAttempts, backoff, backoffFactor, maxBackoff, timeout, totalTimeout, limit);
    }

    /** How long to wait after this attempt, counted from 1, before the next. */
    public Duration waitAfter(int attempt) {
        double millis = backoff.toMillis() * Math.pow(backoffFactor, attempt - 1.0);
        return millis >= maxBackoff.toMillis() ? maxBackoff : Duration.ofMillis(Math.round(millis));
    }

    private static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw outOfRange(what, "zero or more", value);
        }
        return Durations.bounded(value);
    }

    private static @Nullable Duration positive(String what, @Nullable Duration value) {
        if (value == null) {
            return null;
        }
        if (!value.isPositive()) {
            throw outOfRange(what, "more than zero", value);
        }
        return Durations.bounded(value);
    }

    private static RekindleException outOfRange(String what, String expected, Object found) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "activity option out of range: '%s'; expected %s, found %s.".formatted(what, expected, found));
    }
}
