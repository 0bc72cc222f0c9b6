package dev.rekindle.management;

import dev.rekindle.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an instance waits for. Immutable.
 *
 * @param kind what sort of thing
 * @param eventId the event of its history that began the wait; 0 when none did
 * @param subject the name of it: an activity, a channel, a child's instance id; empty when it has none
 * @param since when the wait began; null when nobody knows
 * @param until when it is over at the latest, or is due; null when nothing limits it
 * @param attempt for an activity that is in the queue, which attempt is next or under way, from 1; otherwise 0
 * @param lastFailure for an activity, why the attempt before failed, or could not be made; null when there was none
 * @param text the whole of it in a sentence for people, without times
 */
public record PendingWait(
        Kind kind,
        long eventId,
        String subject,
        @Nullable Instant since,
        @Nullable Instant until,
        int attempt,
        @Nullable Failure lastFailure,
        String text) {
    /** What an instance can wait for. */
    public enum Kind {
        /** An operator, who suspended it. */
        RESUME,
        /** Code that is not there, or fits not: of the orchestration, or of an activity. */
        CODE,
        /** A node that takes its next turn: messages wait. */
        TURN,
        /** The end of an activity. */
        ACTIVITY,
        /** The time of a timer. */
        TIMER,
        /** A message on a channel. */
        EVENT,
        /** The end of a child. */
        CHILD
    }
}
