package dev.rekindle.management;

import dev.rekindle.Failure;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in the queues for one instance, and who has what. Immutable.
 *
 * @param leasedTo the node that runs the instance, as far as this store can tell; null when nobody does or nobody knows
 * @param notBefore when it is tried again after trouble, if that is known and still to come
 * @param messages its messages, oldest first, those that are not yet visible included; without timers
 * @param activities its activities, oldest first, leased ones included
 * @param timers its timers, those included that are due and that it has not taken
 */
public record InstanceQueues(
        @Nullable String leasedTo,
        @Nullable Instant notBefore,
        List<QueuedMessage> messages,
        List<QueuedActivity> activities,
        List<QueuedTimer> timers) {
    /** Makes the lists immutable. */
    public InstanceQueues {
        messages = List.copyOf(messages);
        activities = List.copyOf(activities);
        timers = List.copyOf(timers);
    }

    /**
     * A message that the instance has not taken.
     *
     * @param work what it says
     * @param visibleAt from when on it is visible; null when it was from the beginning
     */
    public record QueuedMessage(
            WorkItem.OrchestratorWork work, @Nullable Instant visibleAt) {}

    /**
     * An activity that has not completed.
     *
     * @param work what to run
     * @param attempt which attempt is next or under way, from 1
     * @param nodeDeaths how often a node died while it was running this
     * @param visibleAt when the next attempt may begin, if it was put off
     * @param lastFailure why the attempt before failed, or could not be made; null when there was none
     * @param heartbeat what an attempt last reported of its progress, as JSON
     * @param leasedTo the node that runs it, as far as this store can tell; null when nobody does or nobody knows
     */
    public record QueuedActivity(
            WorkItem.ActivityExecute work,
            int attempt,
            int nodeDeaths,
            @Nullable Instant visibleAt,
            @Nullable Failure lastFailure,
            @Nullable String heartbeat,
            @Nullable String leasedTo) {}

    /**
     * A timer that is set.
     *
     * @param executionId the execution that set it
     * @param scheduledId the id of its {@link dev.rekindle.provider.Event.TimerCreated} event
     * @param dueAt when it is due
     */
    public record QueuedTimer(long executionId, long scheduledId, Instant dueAt) {}
}
