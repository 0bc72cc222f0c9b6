package dev.rekindle.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A PostgreSQL server for the tests of this JVM, which ends with it. It trusts everybody. */
public final class TestPostgres {
    private static final EmbeddedPostgres SERVER = start();

    private TestPostgres() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, on loopback. */
    public static int port() {
        return SERVER.getPort();
    }

    /** A store in a schema of its own. */
    public static String url(String schema) {
        return "postgresql://postgres@127.0.0.1:%d/postgres?schema=%s".formatted(port(), schema);
    }
}
