package dev.rekindle.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a lease of an instance is given back without a commit. Immutable.
 *
 * <p>An instance that is suspended, and was handed out for an order to terminate it, keeps its status and its problem,
 * which is the operator's reason; only the delay counts then.
 *
 * @param delay how long nobody gets the instance; zero offers it at once
 * @param problem what keeps it from going on, shown to people; null leaves what was shown before
 * @param stuck whether the instance's status becomes {@link dev.rekindle.Status#STUCK}
 */
public record Abandonment(Duration delay, @Nullable String problem, boolean stuck) {
    /** Gives the lease back because nothing is to do at the moment. What is recorded of a problem stays as it is. */
    public static final Abandonment QUIET = new Abandonment(Duration.ZERO, null, false);

    /** The instance can't go on here for now; try again after the delay. */
    public static Abandonment waiting(Duration delay, String problem) {
        return new Abandonment(delay, problem, false);
    }

    /** The code does not match the history; try again after the delay. */
    public static Abandonment stuck(Duration delay, String problem) {
        return new Abandonment(delay, problem, true);
    }
}
