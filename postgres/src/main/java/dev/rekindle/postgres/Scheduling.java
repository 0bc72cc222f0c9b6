package dev.rekindle.postgres;

import dev.rekindle.Limits;
import dev.rekindle.jdbc.ActivityText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The activities that a turn queues and the timers that it sets. Part of an operation. */
final class Scheduling {
    private static final int WORK_COLUMNS = 6;

    private final List<ActivityText> activities;
    private final List<TurnCommit.Timer> timers;

    /** Prepares rows, on the thread of whoever commits the turn. */
    Scheduling(TurnCommit.Scheduled scheduled) {
        this.activities = ActivityText.of(scheduled);
        this.timers = scheduled.timers();
    }

    /** Writes it for an instance that this node has. */
    void write(Batch batch, HeldInstance its) {
        for (ActivityText activity : activities) {
            batch.newWork.add(row(batch, its.key, its.base, activity, its.node).toArray());
        }
        for (TurnCommit.Timer timer : timers) {
            batch.newTimers.add(its.key, its.position(timer.scheduledId()), micros(timer.dueAt()));
        }
    }

    /**
     * Writes it for an instance that this transaction creates, but for one activity.
     *
     * @return the columns of that one, which goes with the instance; all null when there is none
     */
    List<@Nullable Object> writeFirst(Batch batch, String instance, NodeId node) {
        for (ActivityText activity : activities.subList(Math.min(1, activities.size()), activities.size())) {
            batch.firstWork.add(row(batch, instance, 0, activity, node).toArray());
        }
        for (TurnCommit.Timer timer : timers) {
            batch.firstTimers.add(instance, timer.scheduledId(), micros(timer.dueAt()));
        }
        List<@Nullable Object> row = activities.isEmpty()
                ? Collections.nCopies(WORK_COLUMNS, null)
                : row(batch, instance, 0, activities.getFirst(), node);
        return row.subList(1, WORK_COLUMNS);
    }

    private static List<@Nullable Object> row(
            Batch batch, Object instance, long base, ActivityText activity, @Nullable NodeId node) {
        boolean lease = activity.lease() && node != null;
        if (!lease) {
            batch.leavesWork();
        }
        return Arrays.asList(
                instance,
                base + activity.work().scheduledId(),
                activity.work().activity(),
                lease ? batch.node() : null,
                micros(activity.work().scheduledAt()),
                activity.body());
    }

    /** How many characters its activities take, about. */
    int weight() {
        return activities.stream()
                .mapToInt(activity -> activity.body().length())
                .sum();
    }

    /** When the first timer is due. */
    Optional<Instant> firstDue() {
        return timers.stream().map(TurnCommit.Timer::dueAt).min(Comparator.naturalOrder());
    }

    /** All of it is durable: leases to the instance's node what was meant for it. */
    List<WorkLease> lease(Leases leases, HeldInstance its) {
        NodeId node = its.node;
        return node == null ? List.of() : lease(leases, its.key, its.base, node);
    }

    /** The same for an instance whether or not this node has it. */
    List<WorkLease> lease(Leases leases, long instance, long base, NodeId node) {
        List<WorkLease> leased = new ArrayList<>();
        for (ActivityText activity : activities) {
            if (activity.lease()) {
                long position = base + activity.work().scheduledId();
                leased.add(leases.addWork(instance, position, node, activity.work())
                        .lease());
            }
        }
        return leased;
    }

    /** Microseconds since 1970. Never before its time: what is finer is rounded up. */
    static long micros(Instant time) {
        Instant bounded = time.isAfter(Limits.LATEST_TIME) ? Limits.LATEST_TIME : time;
        return Batch.micros(Duration.between(Instant.EPOCH, bounded));
    }
}
