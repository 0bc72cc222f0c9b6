package dev.rekindle.sqlite;

import dev.rekindle.Limits;
import dev.rekindle.jdbc.ActivityText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkLease;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Writes it.
     *
     * @param instance the key of the instance
     * @param base where its execution begins
     */
    void write(Batch batch, long instance, long base) throws SQLException {
        Tables tables = batch.tables();
        for (ActivityText activity : activities) {
            tables.work()
                    .insert
                    .add(
                            Keys.of(instance, base + activity.work().scheduledId()),
                            activity.work().activity(),
                            batch.epoch(),
                            activity.work().scheduledAt().toEpochMilli(),
                            activity.body());
        }
        for (TurnCommit.Timer timer : timers) {
            tables.timer().insert.add(Keys.of(instance, base + timer.scheduledId()), due(timer), batch.epoch());
        }
    }

    /**
     * All of it is durable.
     *
     * @param node who gets the activities that are meant for whoever committed the turn; null for anyone
     * @return their leases
     */
    List<WorkLease> committed(Board board, Instance its, @Nullable NodeId node) {
        List<WorkLease> leased = new ArrayList<>();
        for (ActivityText activity : activities) {
            WorkEntry entry = WorkEntry.written(
                    Keys.of(its.key, its.base + activity.work().scheduledId()),
                    activity.work(),
                    activity.body().length());
            its.openWork++;
            if (activity.lease() && node != null) {
                board.work.lease(entry, node, board.tokens);
                leased.add(entry.workLease());
            } else {
                board.work.written(entry);
            }
        }
        for (TurnCommit.Timer timer : timers) {
            long key = Keys.of(its.key, its.base + timer.scheduledId());
            its.openTimers++;
            board.mail.timers.written(due(timer), key, Letter.timer(key, 0, true));
        }
        return leased;
    }

    /** Never before its time: what is finer than a millisecond is rounded up. */
    private static long due(TurnCommit.Timer timer) {
        Instant due = timer.dueAt().isAfter(Limits.LATEST_TIME) ? Limits.LATEST_TIME : timer.dueAt();
        return due.plusNanos(999_999).toEpochMilli();
    }
}
