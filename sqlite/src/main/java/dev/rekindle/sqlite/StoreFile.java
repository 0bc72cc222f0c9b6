package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens the database: finds out what is there without touching it, creates or migrates the tables, makes connections.
 *
 * <p>A new file is made complete before it is switched to the write-ahead log, so its first page always says whose it is,
 * and a look at it that takes no locks and leaves no files behind is enough to tell.
 */
final class StoreFile {
    /** What the header of a database file says of Rekindle's: {@code RKDL}. */
    static final long APPLICATION_ID = 0x524B444C;

    private static final List<String> MIGRATIONS =
            List.of("0001_initial.sql", "0002_management.sql", "0003_analytics.sql", "0004_troubled.sql");

    /** The version of the tables that this brings a database to. */
    static final int SCHEMA = MIGRATIONS.size();

    private static final int WAL_TRIES = 500;
    private static final long WAL_PAUSE_NANOS = 10_000_000;
    private static final String TABLES = """
        SELECT count(*) FROM sqlite_master
        """;
    private static final String WRITER_SETTINGS = """
        PRAGMA synchronous = %s;
        PRAGMA wal_autocheckpoint = %d;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -32768;
        PRAGMA temp_store = MEMORY;
        """;
    private static final String READER_SETTINGS = """
        PRAGMA query_only = TRUE;
        PRAGMA cache_size = -16384;
        """;

    /** After how many pages in the write-ahead log a commit moves them into the database. */
    private static final int CHECKPOINT_PAGES = 4_000;

    private final SqliteUrl url;

    StoreFile(SqliteUrl url) {
        this.url = url;
    }

    /** Checks what is there, and changes nothing. */
    void check() {
        Path file = url.file().orElseThrow();
        checkAccess(file);
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                checkIdentity();
            }
        } catch (SQLException e) {
            throw opening(e);
        } catch (IOException e) {
            throw unreadable("a file that can be looked at", e.toString());
        }
    }

    /** Checks what is there, and creates or migrates it. Nothing is changed when this fails. */
    void prepare() {
        check();
        try (Session session = Session.connect(url.jdbc(""))) {
            migrate(session);
            useWriteAheadLog(session);
        } catch (SQLException e) {
            throw opening(e);
        }
    }

    /** A connection to write with. */
    Session writer() throws SQLException {
        return Session.connect(url.jdbc("")).orClose(session -> {
            session.script(WRITER_SETTINGS.formatted(url.synchronous(), CHECKPOINT_PAGES));
            if (url.file().isEmpty()) {
                migrate(session);
            }
            return session;
        });
    }

    /** A connection to read with. */
    Session reader() throws SQLException {
        return Session.connect(url.jdbc("")).orClose(session -> {
            session.script(READER_SETTINGS);
            return session;
        });
    }

    /** Checks that a file is there that can be read as it is. */
    void checkReadable() {
        if (url.file().filter(Files::isReadable).filter(Files::isRegularFile).isEmpty()) {
            throw unreadable("a file that may be read", "none");
        }
        try (Session session = readOnly()) {
            checkIdentity(session);
            long version = session.number("PRAGMA user_version");
            if (version != SCHEMA) {
                throw unreadable("schema " + SCHEMA + " in a file that is only read", "schema " + version);
            }
        } catch (SQLException e) {
            throw opening(e);
        }
    }

    /**
     * A connection to read with that leaves the file alone. A write-ahead log needs a file beside it; where none can be made
     * the database is taken for one that nobody changes.
     */
    Session readOnly() throws SQLException {
        Session session = Session.connect(url.jdbc("?mode=ro"));
        try {
            session.number(TABLES);
            return session;
        } catch (SQLException e) {
            session.close();
            if (!Trouble.isNoAccess(e)) {
                throw e;
            }
            return Session.connect(url.jdbc("?mode=ro&immutable=1"));
        }
    }

    private void checkAccess(Path file) {
        Path parent = file.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw unreadable("an existing directory '%s'".formatted(parent), "none");
        }
        if (Files.isDirectory(file)) {
            throw unreadable("a file", "a directory");
        }
        if (Files.exists(file) && !(Files.isReadable(file) && Files.isWritable(file))) {
            throw unreadable("a file that may be read and written", "one that may not");
        }
        if (!Files.isWritable(parent)) {
            throw unreadable("a directory '%s' that may be written".formatted(parent), "one that may not");
        }
    }

    private void checkIdentity() throws SQLException {
        try (Session peek = Session.connect(url.jdbc("?mode=ro&immutable=1"))) {
            checkIdentity(peek);
        }
    }

    private void checkIdentity(Session session) throws SQLException {
        long id = session.number("PRAGMA application_id");
        long tables = session.number(TABLES);
        if (id != APPLICATION_ID && (id != 0 || tables != 0)) {
            throw foreign("application id 0x%08X and %d tables and indexes".formatted(id, tables));
        }
        long version = session.number("PRAGMA user_version");
        if (version > MIGRATIONS.size()) {
            throw new RekindleException(
                    ErrorCode.STORE_NEWER,
                    "store is newer than this version: '%s'; expected schema %d at most, found %d. Upgrade Rekindle here."
                            .formatted(url.name(), MIGRATIONS.size(), version));
        }
    }

    private void migrate(Session session) throws SQLException {
        if (session.number("PRAGMA user_version") == MIGRATIONS.size()) {
            return;
        }
        session.run("BEGIN IMMEDIATE");
        try {
            checkIdentity(session);
            for (int version = (int) session.number("PRAGMA user_version"); version < MIGRATIONS.size(); version++) {
                session.script(text(MIGRATIONS.get(version)));
                session.script("PRAGMA user_version = " + (version + 1));
            }
            session.script("PRAGMA application_id = " + APPLICATION_ID);
            session.run("COMMIT");
        } catch (SQLException | RuntimeException e) {
            session.rollback();
            throw e;
        }
    }

    /** Switching takes the file for itself for a moment, and SQLite does not wait for that. */
    private static void useWriteAheadLog(Session session) throws SQLException {
        for (int i = 0; ; i++) {
            try {
                session.script("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLException e) {
                if (i == WAL_TRIES || !Trouble.isBusy(e)) {
                    throw e;
                }
                LockSupport.parkNanos(WAL_PAUSE_NANOS);
            }
        }
    }

    private static String text(String migration) {
        try (InputStream in = StoreFile.class.getResourceAsStream("migrations/" + migration)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + migration);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RekindleException opening(SQLException e) {
        return Trouble.isDamage(e)
                ? foreign("it is no database, or damaged at its beginning")
                : Trouble.of(url.name(), e);
    }

    private RekindleException foreign(String found) {
        return new RekindleException(
                ErrorCode.STORE_FOREIGN,
                "not a Rekindle store: '%s'; expected a file of its own, found %s. Choose another path; nothing was changed."
                        .formatted(url.file().map(Path::toString).orElse(url.name()), found));
    }

    private RekindleException unreadable(String expected, String found) {
        return new RekindleException(
                ErrorCode.STORE_UNREADABLE,
                "can't open the store: '%s'; expected %s, found %s. Correct the path or its permissions."
                        .formatted(url.file().map(Path::toString).orElse(url.name()), expected, found));
    }
}
