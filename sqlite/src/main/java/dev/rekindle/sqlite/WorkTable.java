package dev.rekindle.sqlite;

import dev.rekindle.Failure;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.JsonText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code work}: the queue of activities. */
final class WorkTable {
    private static final String INSERT = """
        INSERT INTO work (key, activity, epoch, scheduled_at, body) VALUES (?, ?, ?, ?, ?)
        """;
    private static final String INSERT_IF_ABSENT = """
        INSERT INTO work (key, activity, epoch, visible_at, scheduled_at, body) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO NOTHING
        """;
    private static final String INSERT_WHOLE = """
        INSERT INTO work (key, activity, epoch, node_deaths, attempt, visible_at, failure_type, failure_message,
          failure_trace, failure_retryable, heartbeat, scheduled_at, body)
        VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE = """
        DELETE FROM work WHERE key = ?
        """;
    private static final String DELETE_RANGE = """
        DELETE FROM work WHERE key BETWEEN ? AND ?
        """;
    private static final String RETRY = """
        UPDATE work SET attempt = ?, visible_at = ?, failure_type = ?, failure_message = ?, failure_trace = ?,
          failure_retryable = ?, heartbeat = ?, epoch = 0, node_deaths = ?
        WHERE key = ?
        """;
    private static final String HURRY = """
        UPDATE work SET visible_at = NULL WHERE key = ?
        """;
    private static final String HEARTBEAT = """
        UPDATE work SET heartbeat = ? WHERE key = ?
        """;
    private static final String DEATHS = """
        UPDATE work SET node_deaths = node_deaths + ? WHERE key = ?
        """;
    private static final String COLUMNS = """
        SELECT key, epoch, node_deaths, attempt, visible_at, failure_type, failure_message, failure_trace,
          failure_retryable, heartbeat, body
        FROM work
        """;
    private static final String VISIBLE = COLUMNS + "WHERE key > ? AND visible_at IS NULL ORDER BY key LIMIT ?";
    private static final String DELAYED = COLUMNS + """
        WHERE visible_at IS NOT NULL AND (visible_at, key) > (?, ?) AND visible_at <= ?
        ORDER BY visible_at, key LIMIT ?
        """;
    private static final String DELAYED_OF = """
        SELECT key FROM work WHERE key BETWEEN ? AND ? AND visible_at > ?
        """;
    private static final String OF = COLUMNS + "WHERE key BETWEEN ? AND ? ORDER BY key";
    private static final String WALK = """
        SELECT key, epoch, node_deaths, attempt, visible_at, failure_type, failure_message, failure_trace,
          failure_retryable, heartbeat, body, activity
        FROM work WHERE key > ? ORDER BY key LIMIT ?
        """;
    private static final String BY_ACTIVITY = """
        SELECT activity, count(*), sum(attempt > 1), min(scheduled_at), min(CASE WHEN visible_at > ? THEN visible_at END)
        FROM (SELECT activity, attempt, scheduled_at, visible_at FROM work LIMIT ?)
        GROUP BY activity ORDER BY 2 DESC, 1
        """;
    private static final String ALL = COLUMNS + "ORDER BY key";
    private static final String COUNT_RANGE = """
        SELECT count(*) FROM work WHERE key BETWEEN ? AND ?
        """;
    private static final String COUNT = """
        SELECT count(*) FROM (SELECT 1 FROM work LIMIT ?)
        """;

    final Bulk insert;
    final Bulk insertIfAbsent;
    final Bulk insertWhole;
    final Bulk delete;
    final Bulk deleteRange;
    final Bulk retry;
    final Bulk hurry;
    final Bulk heartbeat;
    final Bulk deaths;

    WorkTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.insertIfAbsent = new Bulk(session, INSERT_IF_ABSENT);
        this.insertWhole = new Bulk(session, INSERT_WHOLE);
        this.delete = new Bulk(session, DELETE);
        this.deleteRange = new Bulk(session, DELETE_RANGE);
        this.retry = new Bulk(session, RETRY);
        this.hurry = new Bulk(session, HURRY);
        this.heartbeat = new Bulk(session, HEARTBEAT);
        this.deaths = new Bulk(session, DEATHS);
    }

    /** One row of {@code work}. */
    record Row(
            long key,
            long epoch,
            int nodeDeaths,
            int attempt,
            @Nullable Long visibleAt,
            @Nullable Failure failure,
            @Nullable String heartbeat,
            String body) {}

    /** The activities after a key that are not delayed. */
    static List<Row> visible(Session session, long after, long limit) throws SQLException {
        return session.list(VISIBLE, WorkTable::row, after, limit);
    }

    /** The delayed activities after a place in their order, up to a time. */
    static List<Row> delayed(Session session, DueQueue.Place after, long until, long limit) throws SQLException {
        return session.list(DELAYED, WorkTable::row, after.due(), after.key(), until, limit);
    }

    /** The keys of an instance's activities that are put off until later than a time. */
    static List<Long> delayedOf(Session session, long instance, long now) throws SQLException {
        return session.list(DELAYED_OF, row -> row.getLong(1), Keys.first(instance), Keys.last(instance), now);
    }

    /** The activities of an instance. */
    static List<Row> of(Session session, long instance) throws SQLException {
        return session.list(OF, WorkTable::row, Keys.first(instance), Keys.last(instance));
    }

    /** The first activities of the whole queue, by name. */
    static List<ActivityQueue> byActivity(Session session, long now) throws SQLException {
        boolean atLeast = session.number(COUNT, ActivityQueue.COUNTED) == ActivityQueue.COUNTED;
        return session.list(
                BY_ACTIVITY,
                row -> {
                    Long next = RowReader.nullableLong(row, 5);
                    return new ActivityQueue(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            Instant.ofEpochMilli(row.getLong(4)),
                            next == null ? null : Instant.ofEpochMilli(next),
                            atLeast);
                },
                now,
                ActivityQueue.COUNTED);
    }

    /** A page of the queue: what fits, and the key of the last row that was looked at when there are more. */
    record Part(List<Row> rows, @Nullable Long next) {}

    /** Those after a key that fit, of a bounded number of rows. */
    static Part walk(Session session, ActivityQuery query, long after, int limit) throws SQLException {
        List<Row> found = new ArrayList<>();
        long[] last = {after};
        int[] looked = {0};
        boolean[] more = {false};
        session.scan(
                WALK,
                row -> {
                    if (found.size() == limit || looked[0] == ActivityQuery.LOOKED_AT) {
                        more[0] = true;
                        return false;
                    }
                    looked[0]++;
                    last[0] = row.getLong(1);
                    if (query.matches(row.getString(12), row.getString(6) != null)) {
                        found.add(row(row));
                    }
                    return true;
                },
                after,
                ActivityQuery.LOOKED_AT + 1L);
        return new Part(found, more[0] ? Long.valueOf(last[0]) : null);
    }

    static List<Row> all(Session session) throws SQLException {
        return session.list(ALL, WorkTable::row);
    }

    static long count(Session session, long first, long last) throws SQLException {
        return session.number(COUNT_RANGE, first, last);
    }

    static long count(Session session) throws SQLException {
        return session.number(COUNT, QueueDepths.COUNTED);
    }

    /** Inserts an activity as it stood elsewhere. */
    void addWhole(long key, InstanceQueues.QueuedActivity queued, long visibleAt) throws SQLException {
        Failure failure = queued.lastFailure();
        insertWhole.add(
                key,
                queued.work().activity(),
                (long) queued.nodeDeaths(),
                (long) queued.attempt(),
                visibleAt,
                failure == null ? null : failure.type(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.stackTrace(),
                failure == null ? null : failure.retryable() ? 1L : 0L,
                queued.heartbeat(),
                queued.work().scheduledAt().toEpochMilli(),
                JsonText.ofWork(queued.work()));
    }

    void addRetry(
            WorkEntry entry,
            int attempt,
            @Nullable Long visibleAt,
            @Nullable Failure failure,
            @Nullable String newHeartbeat)
            throws SQLException {
        retry.add(
                (long) attempt,
                visibleAt,
                failure == null ? null : failure.type(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.stackTrace(),
                failure == null ? null : failure.retryable() ? 1L : 0L,
                newHeartbeat,
                (long) entry.nodeDeaths,
                entry.key);
    }

    private static Row row(ResultSet row) throws SQLException {
        String type = row.getString(6);
        return new Row(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getInt(4),
                RowReader.nullableLong(row, 5),
                type == null ? null : new Failure(type, row.getString(7), row.getString(8), row.getInt(9) != 0),
                row.getString(10),
                row.getString(11));
    }
}
