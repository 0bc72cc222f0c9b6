package dev.rekindle.runtime.replay;

import dev.rekindle.Status;
import dev.rekindle.analytics.Subject;
import dev.rekindle.provider.AttemptInfo;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that ended in a turn, for the figures.
 *
 * @param kind what sort of thing
 * @param name what it is called, if it has a name of its own
 * @param outcome how it ended
 * @param began when it was scheduled or began
 * @param ended when the turn took note of its end
 * @param attempt of an activity, its last attempt, if that is known
 */
public record Observation(
        Subject.Kind kind,
        String name,
        Status outcome,
        Instant began,
        Instant ended,
        @Nullable AttemptInfo attempt) {

    /** How long it took, in milliseconds. */
    public long millis() {
        return between(began, ended);
    }

    /** Of that, how long it waited for a node, if it succeeded at once. */
    public long queuedMillis() {
        AttemptInfo last = attempt;
        return last == null || last.number() > 1 ? 0 : Math.min(millis(), between(began, last.startedAt()));
    }

    /** Of that, how long earlier attempts and the waits between them took. */
    public long retryingMillis() {
        AttemptInfo last = attempt;
        return last == null || last.number() == 1 ? 0 : Math.min(millis(), between(began, last.startedAt()));
    }

    private static long between(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
