package dev.rekindle.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A statement that is collected for many rows and executed for all of them at once. */
final class Bulk {
    private static final long[] NONE = {};

    private final PreparedStatement statement;
    private int pending;

    Bulk(Session session, String sql) throws SQLException {
        this.statement = session.prepare(sql);
    }

    void add(@Nullable Object... values) throws SQLException {
        Session.bind(statement, values);
        statement.addBatch();
        pending++;
    }

    /** Executes what was collected and returns how many rows each execution changed. */
    long[] flush() throws SQLException {
        if (pending == 0) {
            return NONE;
        }
        pending = 0;
        return Arrays.stream(statement.executeBatch()).asLongStream().toArray();
    }

    int pending() {
        return pending;
    }

    /** Forgets what was collected. */
    void clear() throws SQLException {
        if (pending > 0) {
            pending = 0;
            statement.clearBatch();
        }
    }
}
