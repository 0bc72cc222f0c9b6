package dev.rekindle.provider;

import dev.rekindle.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a leased activity goes back into the queue. Immutable.
 *
 * @param delay how long nobody gets it; zero offers it at once
 * @param failure why the attempt failed, or why there could be none; null leaves what is stored
 * @param attempted whether it was an attempt, so that the next one has the next number; it was none when it never began, or
 *     was interrupted by a shutdown
 * @param heartbeat what the attempt last reported of its progress, as JSON; null leaves what is stored
 */
public record WorkAbandonment(
        Duration delay,
        @Nullable Failure failure,
        boolean attempted,
        @Nullable String heartbeat) {
    /** Hands the work back as it was. */
    public static WorkAbandonment handBack(@Nullable String heartbeat) {
        return new WorkAbandonment(Duration.ZERO, null, false, heartbeat);
    }

    /** The attempt failed and the next one comes after the delay. */
    public static WorkAbandonment retry(Duration delay, Failure failure, @Nullable String heartbeat) {
        return new WorkAbandonment(delay, failure, true, heartbeat);
    }

    /** There could be no attempt here; it is offered again after the delay. */
    public static WorkAbandonment waiting(Duration delay, Failure why) {
        return new WorkAbandonment(delay, why, false, null);
    }
}
