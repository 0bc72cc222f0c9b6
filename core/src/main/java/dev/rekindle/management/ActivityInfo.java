package dev.rekindle.management;

import dev.rekindle.Failure;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An activity that has not completed, as lists show it: without payloads. Immutable.
 *
 * @param instance whose it is
 * @param runId the run of the instance
 * @param executionId the execution that scheduled it
 * @param scheduledId the id of its {@link dev.rekindle.provider.Event.ActivityScheduled} event
 * @param activity its name
 * @param scheduledAt when it was scheduled
 * @param attempt which attempt is next or under way, from 1
 * @param nodeDeaths how often a node died while it was running this
 * @param visibleAt when the next attempt may begin, if it was put off
 * @param lastFailure why the attempt before failed, or could not be made; null when there was none
 * @param leasedTo the node that runs it, as far as this store can tell; null when nobody does or nobody knows
 */
public record ActivityInfo(
        String instance,
        String runId,
        long executionId,
        long scheduledId,
        String activity,
        Instant scheduledAt,
        int attempt,
        int nodeDeaths,
        @Nullable Instant visibleAt,
        @Nullable Failure lastFailure,
        @Nullable String leasedTo) {
    /** An activity as the queue of its instance has it. */
    public static ActivityInfo of(QueuedActivity queued) {
        WorkItem.ActivityExecute work = queued.work();
        return new ActivityInfo(
                work.instance(),
                work.runId(),
                work.executionId(),
                work.scheduledId(),
                work.activity(),
                work.scheduledAt(),
                queued.attempt(),
                queued.nodeDeaths(),
                queued.visibleAt(),
                queued.lastFailure(),
                queued.leasedTo());
    }
}
