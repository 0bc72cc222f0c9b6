package dev.rekindle.provider;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a history. Events are appended and never changed.
 *
 * <p>A history is a dialogue. A {@link Notification} tells the code something; the {@link Command}s that follow it are
 * what the code did about it before it waited again; an {@link Outcome} is the last word of an execution. Because the
 * code runs after each single notification, the order of events alone decides how a replay goes.
 *
 * <p>All events are immutable.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.OrchestrationStarted.class, name = "OrchestrationStarted"),
    @JsonSubTypes.Type(value = Event.ActivityCompleted.class, name = "ActivityCompleted"),
    @JsonSubTypes.Type(value = Event.ActivityFailed.class, name = "ActivityFailed"),
    @JsonSubTypes.Type(value = Event.TimerFired.class, name = "TimerFired"),
    @JsonSubTypes.Type(value = Event.EventRaised.class, name = "EventRaised"),
    @JsonSubTypes.Type(value = Event.ChildCompleted.class, name = "ChildCompleted"),
    @JsonSubTypes.Type(value = Event.ChildFailed.class, name = "ChildFailed"),
    @JsonSubTypes.Type(value = Event.CancelRequested.class, name = "CancelRequested"),
    @JsonSubTypes.Type(value = Event.OrchestrationReopened.class, name = "OrchestrationReopened"),
    @JsonSubTypes.Type(value = Event.ActivityScheduled.class, name = "ActivityScheduled"),
    @JsonSubTypes.Type(value = Event.ActivityCancelled.class, name = "ActivityCancelled"),
    @JsonSubTypes.Type(value = Event.TimerCreated.class, name = "TimerCreated"),
    @JsonSubTypes.Type(value = Event.TimerCancelled.class, name = "TimerCancelled"),
    @JsonSubTypes.Type(value = Event.EventAwaited.class, name = "EventAwaited"),
    @JsonSubTypes.Type(value = Event.EventWaitEnded.class, name = "EventWaitEnded"),
    @JsonSubTypes.Type(value = Event.ChildScheduled.class, name = "ChildScheduled"),
    @JsonSubTypes.Type(value = Event.ChildCancelRequested.class, name = "ChildCancelRequested"),
    @JsonSubTypes.Type(value = Event.OrchestrationSpawned.class, name = "OrchestrationSpawned"),
    @JsonSubTypes.Type(value = Event.EventSent.class, name = "EventSent"),
    @JsonSubTypes.Type(value = Event.CustomStatusSet.class, name = "CustomStatusSet"),
    @JsonSubTypes.Type(value = Event.OrchestrationCompleted.class, name = "OrchestrationCompleted"),
    @JsonSubTypes.Type(value = Event.OrchestrationFailed.class, name = "OrchestrationFailed"),
    @JsonSubTypes.Type(value = Event.OrchestrationCancelled.class, name = "OrchestrationCancelled"),
    @JsonSubTypes.Type(value = Event.OrchestrationTerminated.class, name = "OrchestrationTerminated"),
    @JsonSubTypes.Type(value = Event.OrchestrationContinuedAsNew.class, name = "OrchestrationContinuedAsNew"),
})
public sealed interface Event {
    /** Its place in the history of its execution, counted from 1 without gaps. */
    long id();

    /** When the turn that recorded it ran, by the clock of the node. */
    Instant at();

    /** Something that reached the code from outside. */
    sealed interface Notification extends Event {}

    /** Something that the code did. A replay has to do the same in the same place. */
    sealed interface Command extends Event {}

    /** How an execution ended; always the last event of its history. */
    sealed interface Outcome extends Event {
        /** The status of an execution that ended so. */
        Status status();

        /** What it returned, as JSON; null when it did not complete. */
        default @Nullable String output() {
            return null;
        }

        /** Why it ended; null when it completed or continued as new. */
        default @Nullable Failure failure() {
            return null;
        }
    }

    /** A completion: the notification that answers the command with the id {@link #scheduledId()}. */
    sealed interface Completion extends Notification {
        /** The id of the command that this answers. */
        long scheduledId();
    }

    /**
     * The code begins. Only messages carried over from the execution before may stand in front of it. {@code parent} is
     * set for a child that its parent waits for, {@code forkedFrom} for what was forked from another execution.
     */
    record OrchestrationStarted(
            long id,
            Instant at,
            String orchestration,
            String version,
            String input,
            @Nullable ParentLink parent,
            @Nullable ForkOrigin forkedFrom)
            implements Notification {
        /** The beginning of what was not forked. */
        public OrchestrationStarted(
                long id, Instant at, String orchestration, String version, String input, @Nullable ParentLink parent) {
            this(id, at, orchestration, version, input, parent, null);
        }
    }

    /** The activity scheduled by event {@code scheduledId} returned. */
    record ActivityCompleted(
            long id,
            Instant at,
            long scheduledId,
            String output,
            @Nullable AttemptInfo attempt) implements Completion {
        /** Of an attempt that nothing is known of. */
        public ActivityCompleted(long id, Instant at, long scheduledId, String output) {
            this(id, at, scheduledId, output, null);
        }
    }

    /** The activity scheduled by event {@code scheduledId} failed for good. */
    record ActivityFailed(
            long id,
            Instant at,
            long scheduledId,
            Failure failure,
            @Nullable AttemptInfo attempt) implements Completion {
        /** Of an attempt that nothing is known of. */
        public ActivityFailed(long id, Instant at, long scheduledId, Failure failure) {
            this(id, at, scheduledId, failure, null);
        }
    }

    /** The timer created by event {@code scheduledId} is due. */
    record TimerFired(long id, Instant at, long scheduledId) implements Completion {}

    /** A message came into the mailbox of a channel. It stays there until code takes it. */
    record EventRaised(long id, Instant at, String channel, String payload) implements Notification {}

    /** The child scheduled by event {@code scheduledId} returned. */
    record ChildCompleted(long id, Instant at, long scheduledId, String output) implements Completion {}

    /** The child scheduled by event {@code scheduledId} ended without an output. */
    record ChildFailed(long id, Instant at, long scheduledId, Failure failure) implements Completion {}

    /** Somebody asked the instance to cancel. */
    record CancelRequested(long id, Instant at, String reason) implements Notification {}

    /**
     * An operator let the execution go on that had ended. The events from {@code voidFrom} up to this one count for nothing:
     * a replay leaves them out.
     */
    record OrchestrationReopened(long id, Instant at, long voidFrom) implements Notification {}

    /** The code scheduled an activity. */
    record ActivityScheduled(long id, Instant at, String activity, String input) implements Command {}

    /** The activity scheduled by event {@code scheduledId} is no longer wanted. */
    record ActivityCancelled(long id, Instant at, long scheduledId) implements Command {}

    /** The code set a timer. */
    record TimerCreated(long id, Instant at, Instant fireAt) implements Command {}

    /** The timer created by event {@code scheduledId} is no longer wanted. */
    record TimerCancelled(long id, Instant at, long scheduledId) implements Command {}

    /** The code began to wait for the next message of a channel. */
    record EventAwaited(long id, Instant at, String channel) implements Command {}

    /** The wait begun by event {@code scheduledId} was given up; the next message goes to somebody else. */
    record EventWaitEnded(long id, Instant at, long scheduledId) implements Command {}

    /** The code started a child and will be told how it ends. */
    record ChildScheduled(
            long id, Instant at, String instance, String runId, String orchestration, String version, String input)
            implements Command {}

    /** The child scheduled by event {@code scheduledId} was asked to cancel. */
    record ChildCancelRequested(long id, Instant at, long scheduledId) implements Command {}

    /** The code started an instance that lives on its own. */
    record OrchestrationSpawned(
            long id, Instant at, String instance, String runId, String orchestration, String version, String input)
            implements Command {}

    /** The code sent a message to a channel of another instance. */
    record EventSent(long id, Instant at, String instance, String channel, String payload) implements Command {}

    /** The code said something of itself; null takes it back. */
    record CustomStatusSet(long id, Instant at, @Nullable String value) implements Command {}

    /** The code returned. */
    record OrchestrationCompleted(long id, Instant at, String output) implements Outcome {
        @Override
        public Status status() {
            return Status.COMPLETED;
        }
    }

    /** The code threw. */
    record OrchestrationFailed(long id, Instant at, Failure failure) implements Outcome {
        @Override
        public Status status() {
            return Status.FAILED;
        }
    }

    /** The code let a cancellation through. */
    record OrchestrationCancelled(long id, Instant at, String reason) implements Outcome {
        @Override
        public Status status() {
            return Status.CANCELLED;
        }

        @Override
        public Failure failure() {
            return Failure.of(ErrorCode.CANCELLED, reason, false);
        }
    }

    /** An operator ended the instance at once. */
    record OrchestrationTerminated(long id, Instant at, String reason) implements Outcome {
        @Override
        public Status status() {
            return Status.TERMINATED;
        }

        @Override
        public Failure failure() {
            return Failure.of(ErrorCode.ORCHESTRATION_TERMINATED, reason, false);
        }
    }

    /** The code asked for a new execution, of this version with this input. */
    record OrchestrationContinuedAsNew(long id, Instant at, String version, String input) implements Outcome {
        @Override
        public Status status() {
            return Status.CONTINUED_AS_NEW;
        }
    }
}
