package dev.rekindle.provider;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that one turn did, to be made durable in one transaction or not at all. Immutable.
 *
 * @param lease the right to write; a stale one changes nothing
 * @param position where the history stood when the turn began, and the version of the code that ran
 * @param consumed what the turn used up
 * @param events what it appends to the history, with ids that follow {@code position} without a gap
 * @param effects what it causes elsewhere
 * @param transition what becomes of the execution
 * @param keepLease whether the lease stays with the caller; otherwise it ends with this commit
 */
public record TurnCommit(
        InstanceLease lease,
        Position position,
        Consumed consumed,
        List<Event> events,
        Effects effects,
        Transition transition,
        boolean keepLease) {

    /** Makes the list immutable. */
    public TurnCommit {
        events = List.copyOf(events);
    }

    /**
     * Where a history stood.
     *
     * @param executionId the current execution
     * @param lastEventId its last event, 0 when it has none
     * @param version the version of the orchestration that ran the turn; stored when it differs from what is recorded
     */
    public record Position(long executionId, long lastEventId, String version) {}

    /**
     * What a turn used up.
     *
     * @param messages the {@linkplain OrchestrationItem.Message#id() ids} of messages
     * @param work leased activities whose completion the turn's events hold; a lease among them that is stale makes
     *     the whole commit fail with {@link dev.rekindle.ErrorCode#LEASE_LOST}
     */
    public record Consumed(List<Long> messages, List<WorkLease> work) {
        /** Makes the lists immutable. */
        public Consumed {
            messages = List.copyOf(messages);
            work = List.copyOf(work);
        }
    }

    /**
     * What a turn causes. A thing that is scheduled and cancelled in the same commit nets to nothing.
     *
     * @param activities activities to queue
     * @param cancelledActivities event ids of scheduled activities to take out of the queue; unknown ones are ignored
     * @param timers timers to set
     * @param cancelledTimers event ids of timers to take back; unknown ones are ignored
     * @param messages for other instances: starts, events, cancellations, completions for the parent. A start whose id
     *     exists is answered with {@link WorkItem.ChildFailed} to its parent; an event, or a start without a
     *     parent, that nobody can take becomes a dead letter
     * @param deadLetters messages of this instance that nobody can ever take
     * @param customStatus what to show as custom status from now on; null leaves it
     */
    public record Effects(
            List<NewActivity> activities,
            List<Long> cancelledActivities,
            List<Timer> timers,
            List<Long> cancelledTimers,
            List<WorkItem.OrchestratorWork> messages,
            List<DeadLetter> deadLetters,
            @Nullable CustomStatus customStatus) {
        /** Nothing at all. */
        public static final Effects NONE =
                new Effects(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);

        /** Makes the lists immutable. */
        public Effects {
            activities = List.copyOf(activities);
            cancelledActivities = List.copyOf(cancelledActivities);
            timers = List.copyOf(timers);
            cancelledTimers = List.copyOf(cancelledTimers);
            messages = List.copyOf(messages);
            deadLetters = List.copyOf(deadLetters);
        }

        /** The activities and timers that are left when those are taken out that the same commit cancels. */
        public Scheduled scheduled() {
            if (cancelledActivities.isEmpty() && cancelledTimers.isEmpty()) {
                return new Scheduled(activities, timers);
            }
            Set<Long> withdrawn = Set.copyOf(cancelledActivities);
            Set<Long> stopped = Set.copyOf(cancelledTimers);
            return new Scheduled(
                    activities.stream()
                            .filter(activity ->
                                    !withdrawn.contains(activity.work().scheduledId()))
                            .toList(),
                    timers.stream()
                            .filter(timer -> !stopped.contains(timer.scheduledId()))
                            .toList());
        }
    }

    /**
     * What a turn waits for from now on.
     *
     * @param activities activities to queue
     * @param timers timers to set
     */
    public record Scheduled(List<NewActivity> activities, List<Timer> timers) {
        /** Makes the lists immutable. */
        public Scheduled {
            activities = List.copyOf(activities);
            timers = List.copyOf(timers);
        }
    }

    /**
     * An activity to queue.
     *
     * @param work what to run
     * @param leaseToCaller whether the commit's receipt is to lease it to the caller at once
     */
    public record NewActivity(WorkItem.ActivityExecute work, boolean leaseToCaller) {}

    /**
     * A timer; when it is due by the store's clock the instance gets a {@link WorkItem.TimerFired}.
     *
     * @param scheduledId the id of the {@link Event.TimerCreated} event
     * @param dueAt when
     */
    public record Timer(long scheduledId, Instant dueAt) {}

    /**
     * A message that nobody can ever take.
     *
     * @param work the message
     * @param reason why, for people
     */
    public record DeadLetter(WorkItem.OrchestratorWork work, String reason) {
        /** The reason of what waited in a mailbox or queue when the instance ended. */
        public static final String UNTAKEN = "the instance ended before it took this message";

        /** The reason of what came after the instance had ended. */
        public static final String TOO_LATE = "the instance had ended";

        /** The reason of what was sent to nobody, or to a former run. */
        public static final String NO_SUCH_RUN = "no such instance or run";

        /** The reason of a start that nobody waits for. */
        public static final String ID_TAKEN = "the id was taken";
    }

    /**
     * A new custom status.
     *
     * @param value JSON, or null to show none
     */
    public record CustomStatus(@Nullable String value) {}

    /**
     * What becomes of the execution. An instance that is {@linkplain dev.rekindle.Status#SUSPENDED suspended} is handed out
     * only for an order to terminate it: then only {@link Finish} is committed, anything else is {@link
     * dev.rekindle.ErrorCode#LEASE_LOST}.
     */
    public sealed interface Transition {
        /** It goes on: Pending and Stuck become Running. */
        record Stay() implements Transition {}

        /**
         * The execution ended and the next one, with the next higher id and an empty history, begins: {@code next} is put
         * into the instance's queue. Timers and activities of the ended execution are removed.
         */
        record ContinueAsNew(WorkItem.ContinueAsNew next) implements Transition {}

        /**
         * The instance ended. Its timers, activities and remaining messages are removed, those that are not yet visible and
         * those that it sent to itself included; events among them become dead letters. The lease ends whatever {@code
         * keepLease} says.
         */
        record Finish(
                Status status,
                @Nullable String output,
                @Nullable Failure failure) implements Transition {
            /** Checks that the status is terminal. */
            public Finish {
                if (!status.isTerminal()) {
                    throw new IllegalArgumentException("a turn can't finish as " + status);
                }
            }
        }
    }
}
