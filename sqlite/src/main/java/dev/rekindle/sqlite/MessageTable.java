package dev.rekindle.sqlite;

import dev.rekindle.jdbc.RowReader;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables {@code message} and {@code dead_letter}. */
final class MessageTable {
    private static final String INSERT = """
        INSERT INTO message (key, instance, epoch, visible_at, body) VALUES (?, ?, ?, ?, ?)
        """;
    private static final String DELETE = """
        DELETE FROM message WHERE key = ?
        """;
    private static final String DELETE_OF = """
        DELETE FROM message WHERE instance = ?
        """;
    private static final String DELETE_DEAD = """
        DELETE FROM dead_letter WHERE key = ?
        """;
    private static final String KEYS_OF = """
        SELECT key FROM message WHERE instance = ?
        """;
    private static final String DEATHS = """
        UPDATE message SET node_deaths = node_deaths + ? WHERE key = ?
        """;
    private static final String PUT_BACK = """
        UPDATE message SET epoch = 0, node_deaths = ? WHERE key = ?
        """;
    private static final String FORGET_DEATHS = """
        UPDATE message SET epoch = 0, node_deaths = 0 WHERE instance = ? AND (node_deaths > 0 OR epoch NOT IN (0, ?))
        """;
    private static final String INSERT_DEAD = """
        INSERT INTO dead_letter (instance, run_id, reason, at, body) VALUES (?, ?, ?, ?, ?)
        """;
    private static final String VISIBLE = """
        SELECT key, instance, epoch, node_deaths, visible_at, body FROM message
        WHERE key > ? AND visible_at IS NULL ORDER BY key LIMIT ?
        """;
    private static final String DELAYED = """
        SELECT key, instance, epoch, node_deaths, visible_at, body FROM message
        WHERE visible_at IS NOT NULL AND (visible_at, key) > (?, ?) AND visible_at <= ?
        ORDER BY visible_at, key LIMIT ?
        """;
    private static final String DELAYED_OF = """
        SELECT key, instance, epoch, node_deaths, visible_at, body FROM message
        WHERE instance = ? AND visible_at IS NOT NULL ORDER BY key
        """;
    private static final String OF = """
        SELECT key, instance, epoch, node_deaths, visible_at, body FROM message WHERE instance = ? ORDER BY key
        """;
    private static final String BODY = """
        SELECT body FROM message WHERE key = ?
        """;
    private static final String ALL = """
        SELECT key, instance, epoch, node_deaths, visible_at, body FROM message ORDER BY key
        """;
    private static final String DEAD = """
        SELECT reason, body FROM dead_letter ORDER BY key
        """;
    private static final String DEAD_PAGE = """
        SELECT key, instance, run_id, reason, at, body FROM dead_letter WHERE key < ? ORDER BY key DESC LIMIT ?
        """;
    private static final String COUNT = """
        SELECT count(*) FROM (SELECT 1 FROM message INDEXED BY message_of LIMIT ?)
        """;
    private static final String COUNT_DEAD = """
        SELECT count(*) FROM (SELECT 1 FROM dead_letter LIMIT ?)
        """;

    final Bulk insert;
    final Bulk delete;
    final Bulk deleteOf;
    final Bulk deleteDead;
    final Bulk forgetDeaths;
    final Bulk deaths;
    final Bulk putBack;
    final Bulk insertDead;

    MessageTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.delete = new Bulk(session, DELETE);
        this.deleteOf = new Bulk(session, DELETE_OF);
        this.deleteDead = new Bulk(session, DELETE_DEAD);
        this.forgetDeaths = new Bulk(session, FORGET_DEATHS);
        this.deaths = new Bulk(session, DEATHS);
        this.putBack = new Bulk(session, PUT_BACK);
        this.insertDead = new Bulk(session, INSERT_DEAD);
    }

    /** One row of {@code message}. */
    record Row(
            long key,
            long instance,
            long epoch,
            int nodeDeaths,
            @Nullable Long visibleAt,
            String body) {}

    /** The messages after a key that were visible from the beginning. */
    static List<Row> visible(Session session, long after, long limit) throws SQLException {
        return session.list(VISIBLE, MessageTable::row, after, limit);
    }

    /** The delayed messages after a place in their order, up to a time. */
    static List<Row> delayed(Session session, DueQueue.Place after, long until, long limit) throws SQLException {
        return session.list(DELAYED, MessageTable::row, after.due(), after.key(), until, limit);
    }

    /** The messages of an instance that were, or are, delayed. */
    static List<Row> delayedOf(Session session, long instance) throws SQLException {
        return session.list(DELAYED_OF, MessageTable::row, instance);
    }

    /** What the message with this key says. */
    static WorkItem.OrchestratorWork text(Session session, long key) throws SQLException {
        String body = session.first(BODY, row -> row.getString(1), key)
                .orElseThrow(() -> new IllegalStateException("no message " + key));
        return (WorkItem.OrchestratorWork) JsonText.toWork(body);
    }

    static List<Long> keysOf(Session session, long instance) throws SQLException {
        return session.list(KEYS_OF, row -> row.getLong(1), instance);
    }

    /** The messages of an instance, oldest first. */
    static List<Row> of(Session session, long instance) throws SQLException {
        return session.list(OF, MessageTable::row, instance);
    }

    static List<Row> all(Session session) throws SQLException {
        return session.list(ALL, MessageTable::row);
    }

    /** One row of {@code dead_letter}. */
    record DeadRow(String reason, String body) {}

    /** All dead letters, oldest first. */
    static List<DeadRow> dead(Session session) throws SQLException {
        return session.list(DEAD, row -> new DeadRow(row.getString(1), row.getString(2)));
    }

    /** The dead letters before a key, newest first. */
    static List<DeadLetterInfo> dead(Session session, long before, long limit) throws SQLException {
        return session.list(
                DEAD_PAGE,
                row -> new DeadLetterInfo(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Instant.ofEpochMilli(row.getLong(5)),
                        row.getString(6)),
                before,
                limit);
    }

    static long count(Session session) throws SQLException {
        return session.number(COUNT, QueueDepths.COUNTED);
    }

    static long countDead(Session session) throws SQLException {
        return session.number(COUNT_DEAD, QueueDepths.COUNTED);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getInt(4),
                RowReader.nullableLong(row, 5),
                row.getString(6));
    }
}
