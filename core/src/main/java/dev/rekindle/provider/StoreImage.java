package dev.rekindle.provider;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a store holds at one moment. Immutable as far as its maker does not keep the collections.
 *
 * @param instances all instances, each with the rows that belong to it, oldest first
 * @param orphans rows that belong to no instance, described for people; empty in a sound store
 * @param deadLetters what nobody could take, oldest first
 * @param statusCounts what the store would answer when asked for its counts, without statuses that have none
 */
public record StoreImage(
        List<StoredInstance> instances,
        List<String> orphans,
        List<TurnCommit.DeadLetter> deadLetters,
        Map<Status, Long> statusCounts) {

    /**
     * One instance and its rows.
     *
     * @param snapshot the instance itself
     * @param histories the events of each execution that has any, by execution id
     * @param messages its queue, oldest first, those that are not yet visible included
     * @param timers the timers that are set
     * @param activities its activities in the queue, leased ones included
     * @param leasedTo the node that holds it, as far as this provider can tell; null when nobody does
     */
    public record StoredInstance(
            InstanceSnapshot snapshot,
            SortedMap<Long, List<Event>> histories,
            List<StoredMessage> messages,
            List<StoredTimer> timers,
            List<StoredActivity> activities,
            @Nullable String leasedTo) {}

    /**
     * A message in the queue of an instance.
     *
     * @param work what it says
     * @param visibleAt from when on it is visible; null when it was from the beginning
     */
    public record StoredMessage(
            WorkItem.OrchestratorWork work, @Nullable Instant visibleAt) {}

    /**
     * A timer that is set.
     *
     * @param executionId the execution that set it
     * @param scheduledId the id of its {@link Event.TimerCreated} event
     * @param dueAt when it is due
     */
    public record StoredTimer(long executionId, long scheduledId, Instant dueAt) {}

    /**
     * An activity in the queue.
     *
     * @param work what to run
     * @param attempt which attempt is next or under way, from 1
     * @param leasedTo the node that runs it, as far as this provider can tell; null when nobody does
     */
    public record StoredActivity(
            WorkItem.ActivityExecute work,
            int attempt,
            @Nullable String leasedTo) {}
}
