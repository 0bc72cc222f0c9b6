package dev.rekindle.provider;

import dev.rekindle.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a leased activity goes back into the queue. Immutable.
 *
 * @param delay how long nobody gets it; zero offers it at once
 * @param failure why the attempt failed; null means that it was not an attempt (it never began, or was interrupted by a
 *     shutdown), so the attempt's number stays
 * @param heartbeat what the attempt last reported of its progress, as JSON; null leaves what is stored
 */
public record WorkAbandonment(
        Duration delay, @Nullable Failure failure, @Nullable String heartbeat) {
    /** Hands the work back as it was. */
    public static WorkAbandonment handBack(@Nullable String heartbeat) {
        return new WorkAbandonment(Duration.ZERO, null, heartbeat);
    }

    /** The attempt failed and the next one comes after the delay. */
    public static WorkAbandonment retry(Duration delay, Failure failure, @Nullable String heartbeat) {
        return new WorkAbandonment(delay, failure, heartbeat);
    }
}
