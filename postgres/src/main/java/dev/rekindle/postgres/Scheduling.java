package dev.rekindle.postgres;

import dev.rekindle.Limits;
import dev.rekindle.jdbc.ActivityText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The activities that a turn queues and the timers that it sets. Part of an operation. */
final class Scheduling {
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
            long position = its.position(activity.work().scheduledId());
            writeActivity(batch, batch.newWork, its.key, position, activity, its.node);
        }
        for (TurnCommit.Timer timer : timers) {
            batch.newTimers.add(its.key, its.position(timer.scheduledId()), micros(timer.dueAt()));
        }
    }

    /** Writes it for an instance that this transaction creates. */
    void writeFirst(Batch batch, String instance, NodeId node) {
        for (ActivityText activity : activities) {
            writeActivity(batch, batch.firstWork, instance, activity.work().scheduledId(), activity, node);
        }
        for (TurnCommit.Timer timer : timers) {
            batch.firstTimers.add(instance, timer.scheduledId(), micros(timer.dueAt()));
        }
    }

    private static void writeActivity(
            Batch batch, Rows rows, Object instance, long position, ActivityText activity, @Nullable NodeId node) {
        boolean lease = activity.lease() && node != null;
        rows.add(
                instance,
                position,
                activity.work().activity(),
                lease ? batch.node() : null,
                micros(activity.work().scheduledAt()),
                activity.body());
        if (!lease) {
            batch.leavesWork();
        }
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
