package dev.rekindle.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The server of all tests: the one that the environment variable {@code REKINDLE_TEST_POSTGRES} names as a {@code
 * postgresql://} URL, or else one that is started for this JVM and ends with it. Its role may create schemas and roles.
 */
final class TestServer {
    private static final String NAMED = System.getenv("REKINDLE_TEST_POSTGRES");
    private static final String URL = NAMED == null || NAMED.isBlank() ? start() : NAMED;

    private TestServer() {}

    /** The server as a store URL. */
    static String url(String parameters) {
        return URL + (URL.contains("?") ? "&" : "?") + parameters;
    }

    static Connection connect() throws SQLException {
        PostgresUrl url = PostgresUrl.parse(URL);
        Properties properties = new Properties();
        properties.putAll(url.properties());
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    /** Durable as a real one is: by default the embedded one trades that for speed. */
    private static String start() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            return "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
