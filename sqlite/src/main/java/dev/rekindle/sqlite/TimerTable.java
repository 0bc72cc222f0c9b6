package dev.rekindle.sqlite;

import dev.rekindle.management.QueueDepths;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table {@code timer}. */
final class TimerTable {
    private static final String INSERT = """
        INSERT INTO timer (key, due_at, epoch) VALUES (?, ?, ?)
        """;
    private static final String DELETE = """
        DELETE FROM timer WHERE key = ?
        """;
    private static final String DELETE_RANGE = """
        DELETE FROM timer WHERE key BETWEEN ? AND ?
        """;
    private static final String DEATHS = """
        UPDATE timer SET node_deaths = node_deaths + ? WHERE key = ?
        """;
    private static final String PUT_BACK = """
        UPDATE timer SET epoch = 0, node_deaths = ? WHERE key = ?
        """;
    private static final String FORGET_DEATHS = """
        UPDATE timer SET node_deaths = 0 WHERE key BETWEEN ? AND ? AND node_deaths > 0
        """;
    private static final String DUE = """
        SELECT key, due_at, epoch, node_deaths FROM timer
        WHERE (due_at, key) > (?, ?) AND due_at <= ? ORDER BY due_at, key LIMIT ?
        """;
    private static final String OF = """
        SELECT key, due_at, epoch, node_deaths FROM timer WHERE key BETWEEN ? AND ? ORDER BY key
        """;
    private static final String ALL = """
        SELECT key, due_at, epoch, node_deaths FROM timer ORDER BY key
        """;
    private static final String COUNT_RANGE = """
        SELECT count(*) FROM timer WHERE key BETWEEN ? AND ?
        """;
    private static final String COUNT = """
        SELECT count(*) FROM (SELECT 1 FROM timer INDEXED BY timer_due LIMIT ?)
        """;

    final Bulk insert;
    final Bulk delete;
    final Bulk deleteRange;
    final Bulk forgetDeaths;
    final Bulk deaths;
    final Bulk putBack;

    TimerTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.delete = new Bulk(session, DELETE);
        this.deleteRange = new Bulk(session, DELETE_RANGE);
        this.forgetDeaths = new Bulk(session, FORGET_DEATHS);
        this.deaths = new Bulk(session, DEATHS);
        this.putBack = new Bulk(session, PUT_BACK);
    }

    /** One row of {@code timer}. */
    record Row(long key, long dueAt, long epoch, int nodeDeaths) {}

    /** The timers after a place in their order, up to a time. */
    static List<Row> due(Session session, DueQueue.Place after, long until, long limit) throws SQLException {
        return session.list(DUE, TimerTable::row, after.due(), after.key(), until, limit);
    }

    /** The timers of an instance. */
    static List<Row> of(Session session, long instance) throws SQLException {
        return session.list(OF, TimerTable::row, Keys.first(instance), Keys.last(instance));
    }

    static List<Row> all(Session session) throws SQLException {
        return session.list(ALL, TimerTable::row);
    }

    static long count(Session session, long first, long last) throws SQLException {
        return session.number(COUNT_RANGE, first, last);
    }

    static long count(Session session) throws SQLException {
        return session.number(COUNT, QueueDepths.COUNTED);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4));
    }
}
