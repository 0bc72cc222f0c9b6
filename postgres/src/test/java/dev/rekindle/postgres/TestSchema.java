package dev.rekindle.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
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
    private static final String EMPTY = """
        TRUNCATE rekindle.node, rekindle.instance, rekindle.queue, rekindle.execution, rekindle.history,
          rekindle.message, rekindle.timer, rekindle.work, rekindle.dead_letter RESTART IDENTITY;
        INSERT INTO rekindle.node (key, name, since, seen_at, expires_at)
          VALUES (0, 'gone', rekindle.store_now(), rekindle.store_now(), 'infinity')
        """;

    private final String name =
            "rekindle_test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);

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
        try (Connection connection = TestServer.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(rewritten(text));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The one value that a query gives, as text. */
    @Nullable
    String value(String query, @Nullable Object... values) {
        try (Connection connection = TestServer.connect();
                PreparedStatement statement = connection.prepareStatement(rewritten(query))) {
            Session.bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
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
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private String rewritten(String text) {
        return new Schema(options()).rewrite(text);
    }
}
