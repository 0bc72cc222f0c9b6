package dev.rekindle.sqlite;

import dev.rekindle.jdbc.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** One connection and the statements that were prepared on it. Used by one thread at a time. */
final class Session implements AutoCloseable {
    /** How long SQLite itself waits for another process's transaction. */
    private static final int BUSY_MILLIS = 10_000;

    private static final int NO_TRANSACTION = 1;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Session(Connection connection) {
        this.connection = connection;
    }

    /** Connects without setting anything up. */
    static Session connect(String jdbcUrl) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return new Session(config.createConnection(jdbcUrl));
    }

    /** Something to be read in one consistent snapshot. */
    interface Query<T> {
        T run(Session session) throws SQLException;
    }

    /** Something that is made of a connection, the connection itself for one. */
    interface Use<T> {
        T of(Session session) throws SQLException;
    }

    /** Makes something of this connection, and closes it if that fails: nobody else has it yet. */
    <T> T orClose(Use<T> use) throws SQLException {
        boolean made = false;
        try {
            T result = use.of(this);
            made = true;
            return result;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    /** The texts of all statements that were prepared so far. */
    Set<String> texts() {
        return Set.copyOf(prepared.keySet());
    }

    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = query(sql, values)) {
            return reader.all(rows);
        }
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = query(sql, values)) {
            return reader.first(rows);
        }
    }

    /** Shows the rows of a query one by one, until the visitor answers that it has seen enough. */
    void scan(String sql, RowReader<Boolean> goesOn, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = query(sql, values)) {
            boolean more = true;
            while (more && rows.next()) {
                more = goesOn.read(rows);
            }
        }
    }

    /** The number that a query without a missing answer gives. */
    long number(String sql, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = query(sql, values)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private ResultSet query(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, values);
        return statement.executeQuery();
    }

    /** Executes a prepared statement without a result. */
    void run(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /** Ends the transaction without a trace, if SQLite has not done so itself. */
    void rollback() throws SQLException {
        try {
            run("ROLLBACK");
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_TRANSACTION) {
                throw e;
            }
        }
    }

    /** Executes a text of one or more statements that are needed only once. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Runs a query in a read transaction of its own. */
    <T> T snapshot(Query<T> query) throws SQLException {
        run("BEGIN");
        try {
            return query.run(this);
        } finally {
            run("COMMIT");
        }
    }

    static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case Long number -> statement.setLong(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                case Object other -> throw new IllegalArgumentException("can't bind " + other.getClass());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        connection.close();
    }
}
