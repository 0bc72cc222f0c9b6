package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.StoreFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Brings a schema to what this version expects: numbered texts, each in a transaction of its own that also records it.
 * Many nodes may do so at once; each waits for the one before it and then finds the work done.
 */
final class Migrations {
    private static final List<Migration> ALL = List.of(
            Migration.read("0001_initial"),
            Migration.read("0002_management"),
            Migration.read("0003_analytics"),
            Migration.read("0004_troubled"));

    /** What was done while this waits for the lock has to be seen afterwards, whatever the database's defaults are. */
    private static final String BEGIN = """
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SET LOCAL lock_timeout = '60s'
        """;

    /** While a change waits for a table, as behind a backup, everybody waits behind it: it gives up soon, and tries again. */
    private static final String GIVE_WAY = """
        SET LOCAL lock_timeout = '%dms'
        """;

    private static final Duration BRIEFLY = Duration.ofSeconds(2);
    private static final int MOST_TRIES = 30;

    private static final String LOCK = """
        SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rekindle migrations of ' || ?, 0))
        """;
    private static final String TABLES = """
        SELECT count(DISTINCT n.oid), count(c.oid), count(c.oid) FILTER (WHERE c.relname = 'migration')
        FROM pg_catalog.pg_namespace n
        LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'f')
        WHERE n.nspname = ?
        """;
    private static final String BYTES = """
        SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relkind = 'r'
        """;
    private static final String APPLIED = """
        SELECT number, name FROM rekindle.migration ORDER BY number
        """;
    private static final String CREATE_SCHEMA = """
        CREATE SCHEMA "%s"
        """;
    private static final String CREATE_TABLE = """
        CREATE TABLE rekindle.migration (
          number     integer     PRIMARY KEY,
          name       text        NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """;
    private static final String RECORD = """
        INSERT INTO rekindle.migration (number, name) VALUES (?, ?)
        """;

    private final String store;
    private final Session session;
    private final String schema;
    private final List<Migration> known;
    private final Duration patience;

    /** The session is outside of any transaction. */
    Migrations(String store, Session session) {
        this(store, session, ALL);
    }

    Migrations(String store, Session session, List<Migration> known) {
        this(store, session, known, BRIEFLY);
    }

    /** With a time for which a change waits for a table before it gives way. */
    Migrations(String store, Session session, List<Migration> known, Duration patience) {
        this.store = store;
        this.patience = patience;
        this.session = session;
        this.schema = session.schema().name();
        this.known = known;
    }

    /** A text that changes the schema. */
    record Migration(String name, String sql) {
        static Migration read(String name) {
            try (InputStream in = Migrations.class.getResourceAsStream("migrations/" + name + ".sql")) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + name);
                }
                return new Migration(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Applies what is missing.
     *
     * @throws RekindleException {@code STORE_NEWER} or {@code STORE_FOREIGN}; nothing is changed then
     */
    void apply() throws SQLException {
        int tries = 0;
        while (applied(tables()) < known.size()) {
            session.script(BEGIN);
            try {
                session.first(LOCK, row -> true, schema);
                session.script(GIVE_WAY.formatted(patience.toMillis()));
                applyNext();
                session.script("COMMIT");
                tries = 0;
            } catch (SQLException e) {
                rollback(e);
                if (!Trouble.isRetryableTransaction(e) || ++tries == MOST_TRIES) {
                    throw e;
                }
            } catch (RuntimeException e) {
                rollback(e);
                throw e;
            }
        }
    }

    /**
     * Makes sure that there is nothing to apply.
     *
     * @throws RekindleException {@code STORE_UNREADABLE} when there is; otherwise as {@link #apply} does
     */
    void check() throws SQLException {
        int applied = applied(tables());
        if (applied < known.size()) {
            throw new RekindleException(
                    ErrorCode.STORE_UNREADABLE,
                    "store is older than this version: '%s'; expected migration %d, found %d. Open it with a provider first, on the primary."
                            .formatted(store, known.size(), applied));
        }
    }

    /**
     * How far the schema is, and how much room its tables take on the server's disk.
     *
     * @throws RekindleException {@code STORE_NEWER} or {@code STORE_FOREIGN}
     */
    StoreFacts look() throws SQLException {
        int applied = applied(tables());
        if (applied == 0) {
            return StoreFacts.nothing(known.size());
        }
        long bytes = session.first(BYTES, row -> row.getLong(1), schema).orElseThrow();
        return new StoreFacts(true, applied, known.size(), OptionalLong.of(bytes), OptionalLong.empty());
    }

    private void applyNext() throws SQLException {
        Tables tables = tables();
        int applied = applied(tables);
        if (applied == known.size()) {
            return;
        }
        if (!tables.schema()) {
            session.script(CREATE_SCHEMA.formatted(schema));
        }
        if (!tables.ours()) {
            session.script(CREATE_TABLE);
        }
        Migration next = known.get(applied);
        session.script(next.sql());
        session.run(RECORD, applied + 1, next.name());
    }

    private void rollback(Exception why) {
        try {
            session.script("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /** Whether there is such a schema, with any tables, with that of the migrations among them. */
    private record Tables(boolean schema, boolean any, boolean ours) {}

    private Tables tables() throws SQLException {
        return session.first(
                        TABLES, row -> new Tables(row.getLong(1) > 0, row.getLong(2) > 0, row.getLong(3) > 0), schema)
                .orElseThrow();
    }

    /** How many of the migrations that are known here were applied. */
    private int applied(Tables tables) throws SQLException {
        if (!tables.ours()) {
            if (tables.any()) {
                throw foreign("tables of something else");
            }
            return 0;
        }
        List<Applied> applied = recorded();
        for (Applied one : applied) {
            if (one.number() > known.size()) {
                throw new RekindleException(
                        ErrorCode.STORE_NEWER,
                        "store is newer than this version: '%s'; expected migration %d at most, found %d. Upgrade Rekindle here."
                                .formatted(store, known.size(), one.number()));
            }
        }
        for (int i = 0; i < applied.size(); i++) {
            if (!applied.get(i).equals(new Applied(i + 1, known.get(i).name()))) {
                throw foreign("migration %d '%s'"
                        .formatted(applied.get(i).number(), applied.get(i).name()));
            }
        }
        return applied.size();
    }

    private record Applied(long number, String name) {}

    private List<Applied> recorded() throws SQLException {
        try {
            return session.list(APPLIED, row -> new Applied(row.getLong(1), row.getString(2)));
        } catch (SQLException e) {
            if (Trouble.isUndefinedColumn(e)) {
                throw foreign("a table 'migration' of something else");
            }
            throw e;
        }
    }

    private RekindleException foreign(String found) {
        return new RekindleException(
                ErrorCode.STORE_FOREIGN,
                "not a Rekindle store: '%s'; expected the schema '%s' for itself, found %s. Choose another schema; nothing was changed."
                        .formatted(store, schema, found));
    }
}
