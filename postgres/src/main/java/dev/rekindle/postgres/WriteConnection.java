package dev.rekindle.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.postgresql.PGConnection;

/**
 * The connection that a writer writes with. A transaction goes to the server in one round trip, commit included, and
 * its statements stay prepared there. Not thread-safe.
 */
final class WriteConnection implements AutoCloseable {
    /**
     * Statements name their rows by key, so the plans that are right for large tables are right for all. The server makes
     * them once, at any time: they must not lean on how large the tables look just then.
     */
    private static final List<String> SETTINGS = List.of(
            "plan_cache_mode = force_generic_plan",
            "enable_seqscan = off",
            "enable_bitmapscan = off",
            "enable_hashjoin = off",
            "enable_mergejoin = off",
            "jit = off");

    /** What is acknowledged has reached the disk, whatever the database's default is. */
    private static final String DURABLE =
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

    private static final int KEPT_PREPARED = 64;
    private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    private final Connection connection;
    private final UnaryOperator<String> schema;
    private final int thresholdBefore;
    private final boolean wasLax;
    private final SilenceLimit silence;

    /** By their texts, which are constants: to compare them is to look at where they are. */
    private final Map<List<String>, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

    /** Takes over a connection whose statements commit by themselves. When that fails, it is closed. */
    static WriteConnection open(Connection connection, UnaryOperator<String> schema, Duration lockTimeout)
            throws SQLException {
        try {
            return new WriteConnection(connection, schema, lockTimeout);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private WriteConnection(Connection connection, UnaryOperator<String> schema, Duration lockTimeout)
            throws SQLException {
        this.connection = connection;
        this.schema = schema;
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute("SET " + setting);
            }
            statement.execute("SET lock_timeout = " + lockTimeout.toMillis());
            try (ResultSet changed = statement.executeQuery(DURABLE)) {
                this.wasLax = changed.next();
            }
        }
        PGConnection server = connection.unwrap(PGConnection.class);
        this.thresholdBefore = server.getPrepareThreshold();
        server.setPrepareThreshold(1);
        this.silence = new SilenceLimit(connection);
    }

    /** Does all of it in one transaction, or nothing. */
    void transact(List<? extends Step> steps) throws SQLException {
        List<String> statements = new ArrayList<>(steps.size() + 2);
        statements.add(BEGIN);
        steps.forEach(step -> statements.add(step.sql()));
        statements.add("COMMIT");
        PreparedStatement statement = prepare(statements);
        try {
            int index = 1;
            for (Step step : steps) {
                index = step.bind(statement, index);
            }
            statement.execute();
            for (Step step : steps) {
                if (statement.getMoreResults()) {
                    try (ResultSet result = statement.getResultSet()) {
                        step.take(result);
                    }
                }
            }
        } finally {
            if (!statement.isClosed()) {
                statement.clearParameters();
            }
        }
    }

    /** Something that is done in a transaction of several round trips. */
    interface Action<T> {
        T run() throws SQLException;
    }

    /** Does all of it in one transaction, or nothing. */
    <T> T inTransaction(Action<T> action) throws SQLException {
        execute(BEGIN);
        try {
            T result = action.run();
            execute("COMMIT");
            return result;
        } catch (SQLException e) {
            rollback();
            throw e;
        }
    }

    /** Ends a transaction that failed, if there is one. */
    void rollback() throws SQLException {
        execute("ROLLBACK");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs one statement by itself. Returns how many rows it changed, if it does not answer with rows. */
    int run(Step step) throws SQLException {
        PreparedStatement statement = prepare(List.of(step.sql()));
        step.bind(statement, 1);
        if (statement.execute()) {
            try (ResultSet rows = statement.getResultSet()) {
                step.take(rows);
            }
            return 0;
        }
        return statement.getUpdateCount();
    }

    private PreparedStatement prepare(List<String> statements) throws SQLException {
        PreparedStatement known = prepared.get(statements);
        if (known == null) {
            if (prepared.size() >= KEPT_PREPARED) {
                Iterator<PreparedStatement> oldest = prepared.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
            known = connection.prepareStatement(schema.apply(String.join(";\n", statements)));
            prepared.put(statements, known);
        }
        return known;
    }

    /** Gives the connection back as it came. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            if (connection.isValid(1)) {
                silence.close();
                connection.unwrap(PGConnection.class).setPrepareThreshold(thresholdBefore);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("RESET lock_timeout");
                    if (wasLax) {
                        statement.execute("SET synchronous_commit = off");
                    }
                    for (String setting : SETTINGS) {
                        statement.execute("RESET " + setting.substring(0, setting.indexOf(' ')));
                    }
                }
            }
        }
    }
}
