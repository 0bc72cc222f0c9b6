package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits for one instance, and who has what. Runs in one snapshot. */
final class QueueReads {
    private final Session session;
    private final InstanceTable.Row row;
    private final Holders holders;
    private final long now;

    QueueReads(Session session, InstanceTable.Row row, Holders holders, long now) {
        this.session = session;
        this.row = row;
        this.holders = holders;
        this.now = now;
    }

    /** What can be read; rows that a newer version wrote are left out. */
    InstanceQueues queues() throws SQLException {
        return queues(true);
    }

    /**
     * All of it.
     *
     * @throws RekindleException {@code HISTORY_UNREADABLE} when something can't be read
     */
    InstanceQueues requireQueues() throws SQLException {
        return queues(false);
    }

    private InstanceQueues queues(boolean lenient) throws SQLException {
        if (row.status().isTerminal()) {
            return new InstanceQueues(null, null, List.of(), List.of(), List.of());
        }
        List<QueuedMessage> messages = new ArrayList<>();
        for (MessageTable.Row message : MessageTable.of(session, row.key())) {
            if (work(message.body(), lenient) instanceof WorkItem.OrchestratorWork work) {
                messages.add(new QueuedMessage(work, instant(message.visibleAt())));
            }
        }
        List<QueuedActivity> activities = new ArrayList<>();
        for (WorkTable.Row activity : WorkTable.of(session, row.key())) {
            if (work(activity.body(), lenient) instanceof WorkItem.ActivityExecute work) {
                activities.add(queued(activity, work, holders, now));
            }
        }
        List<QueuedTimer> timers = new ArrayList<>();
        for (TimerTable.Row timer : TimerTable.of(session, row.key())) {
            timers.add(new QueuedTimer(
                    row.execution(), Keys.position(timer.key()) - row.base(), Instant.ofEpochMilli(timer.dueAt())));
        }
        return new InstanceQueues(
                holders.ofInstance(row.key()), holders.notBefore(row.key(), now), messages, activities, timers);
    }

    /** What waits of a query's activities, whosever they are; rows that a newer version wrote are left out. */
    static Page<ActivityInfo> activities(
            Session session, ActivityQuery query, PageRequest page, Holders holders, long now) throws SQLException {
        WorkTable.Part part = WorkTable.walk(session, query, Reads.number(page.cursor(), -1), page.limit());
        List<ActivityInfo> shown = new ArrayList<>();
        for (WorkTable.Row row : part.rows()) {
            if (work(row.body(), true) instanceof WorkItem.ActivityExecute work) {
                shown.add(ActivityInfo.of(queued(row, work, holders, now)));
            }
        }
        Long next = part.next();
        return new Page<>(shown, next == null ? null : Long.toString(next));
    }

    private static QueuedActivity queued(
            WorkTable.Row activity, WorkItem.ActivityExecute work, Holders holders, long now) {
        Long due = activity.visibleAt();
        return new QueuedActivity(
                work,
                activity.attempt(),
                activity.nodeDeaths(),
                due == null || due <= now ? null : Instant.ofEpochMilli(due),
                activity.failure(),
                activity.heartbeat(),
                holders.ofActivity(activity.key()));
    }

    private static @Nullable WorkItem work(String body, boolean lenient) {
        try {
            return JsonText.toWork(body);
        } catch (RekindleException e) {
            if (lenient) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
