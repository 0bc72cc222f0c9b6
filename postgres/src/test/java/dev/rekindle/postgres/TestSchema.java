package dev.rekindle.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A schema that nobody else uses, on the {@link TestServer}. It comes into being when a store is opened in it and goes
 * with {@link #close()}, which JUnit calls after a class that registers it as a static extension. Statements are written
 * for the schema {@code rekindle}, as those of the provider are.
 */
final class TestSchema implements AutoCloseable, AfterAllCallback {
    private static final String TEST_CLOCK = """
        CREATE TABLE IF NOT EXISTS rekindle.test_clock (now timestamptz NOT NULL);
        CREATE OR REPLACE FUNCTION rekindle.store_now() RETURNS timestamptz LANGUAGE sql
          AS 'SELECT now FROM rekindle.test_clock';
        CREATE OR REPLACE FUNCTION rekindle.store_up_since() RETURNS timestamptz LANGUAGE sql
          AS $$SELECT timestamptz '-infinity'$$;
        DELETE FROM rekindle.test_clock;
        INSERT INTO rekindle.test_clock VALUES ('%s')
        """;
    /** Truncating would be many times slower on tables as small as these. */
    private static final String EMPTY = """
        DELETE FROM rekindle.instance; DELETE FROM rekindle.queue; DELETE FROM rekindle.execution;
        DELETE FROM rekindle.history; DELETE FROM rekindle.message; DELETE FROM rekindle.timer;
        DELETE FROM rekindle.work; DELETE FROM rekindle.dead_letter; DELETE FROM rekindle.attribute; DELETE FROM rekindle.figure; DELETE FROM rekindle.node;
        INSERT INTO rekindle.node (key, name, since, seen_at, expires_at)
          VALUES (0, 'gone', rekindle.store_now(), rekindle.store_now(), 'infinity')
        """;

    private final String name =
            "rekindle_test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    /** What the store is opened with. */
    PostgresOptions options() {
        return PostgresOptions.DEFAULTS.withSchema(name);
    }

    String name() {
        return name;
    }

    /** The store's URL. */
    String url() {
        return TestServer.url("schema=" + name);
    }

    /** Creates the tables. */
    Database open() {
        return Database.open(PostgresUrl.parse(url()));
    }

    /** Executes statements. */
    void sql(String text) {
        ask(session -> {
            session.script(text);
            return true;
        });
    }

    /** The one value that a query gives, as text. */
    @Nullable
    String value(String query, @Nullable Object... values) {
        return ask(session -> session.first(query, row -> Optional.ofNullable(row.getString(1)), values))
                .flatMap(value -> value)
                .orElse(null);
    }

    /** Asks again and again until a query has an answer that is not zero; an interrupt ends it. */
    void await(String query, @Nullable Object... values) {
        while ("0".equals(value(query, values))) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("never came: " + query);
            }
            Thread.onSpinWait();
        }
    }

    /** All go over one connection, which is a new one after an error or a restart of the server. */
    private <T> T ask(Session.Query<T> query) {
        lock.lock();
        try {
            if (connection != null && !connection.isValid(0)) {
                disconnect();
            }
            if (connection == null) {
                connection = TestServer.connect();
            }
            return query.run(new Session(connection, new Schema(options())));
        } catch (SQLException e) {
            disconnect();
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() {
        try (Connection old = connection) {
            connection = null;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops the store's clock, or moves it. The tables are there. */
    void setTime(Instant now) {
        sql(TEST_CLOCK.formatted(now));
    }

    /** Takes away all rows, while no provider is open. */
    void empty() {
        sql(EMPTY);
    }

    @Override
    public void close() {
        sql("DROP SCHEMA IF EXISTS \"" + name + "\" CASCADE");
        disconnect();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
