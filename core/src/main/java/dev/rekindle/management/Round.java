package dev.rekindle.management;

import dev.rekindle.Status;
import java.time.Instant;
import java.util.List;

/** A round through a store that looks for what needs somebody. It reads a bounded number of rows. */
record Round(ManagementCapability reading, Instant now) {
    private static final long HELD_COUNTED = 1_000;

    /**
     * Makes it.
     *
     * @param examples how many instances are shown of those that stand still for the same reason
     */
    Checkup checkup(int examples) {
        SystemMetrics metrics = reading.getSystemMetrics();
        InstanceQuery held =
                InstanceQuery.ALL.withTroubledOnly(true).withStatuses(List.of(Status.PENDING, Status.RUNNING));
        return new Checkup(
                now,
                reading.listNodes(),
                metrics.activeInstances(),
                group(metrics.instances(Status.STUCK), InstanceQuery.ALL.withStatus(Status.STUCK), examples),
                group(metrics.instances(Status.SUSPENDED), InstanceQuery.ALL.withStatus(Status.SUSPENDED), examples),
                group(new Many(reading).count(held, HELD_COUNTED), held, examples),
                reading.listOverdue(Checkup.LATE_LISTED).stream()
                        .filter(its -> its.dueAt().isBefore(now.minus(Checkup.LATE)))
                        .toList(),
                reading.listActivityQueues(),
                reading.listActivities(ActivityQuery.ALL.withRetryingOnly(true), PageRequest.first(examples))
                        .items(),
                reading.getQueueDepths().deadLetters());
    }

    private Checkup.Group group(long count, InstanceQuery query, int examples) {
        List<InstanceSummary> some = count == 0
                ? List.of()
                : reading.queryInstances(query, PageRequest.first(examples)).items();
        return new Checkup.Group(count, count == HELD_COUNTED, some);
    }
}
