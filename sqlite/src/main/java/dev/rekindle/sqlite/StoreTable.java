package dev.rekindle.sqlite;

import dev.rekindle.jdbc.RowReader;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables {@code last_key} and {@code owner}. */
final class StoreTable {
    private static final String LAST_KEY = """
        SELECT value FROM last_key WHERE name = ?
        """;
    private static final String SET_LAST_KEY = """
        UPDATE last_key SET value = ? WHERE name = ?
        """;
    private static final String LAST_EPOCH = """
        SELECT max(epoch) FROM owner
        """;
    private static final String UNCLEAN_EPOCHS = """
        SELECT epoch FROM owner WHERE released_at IS NULL
        """;
    private static final String FORGET_CLEAN_EPOCHS = """
        DELETE FROM owner WHERE released_at IS NOT NULL AND epoch < ?
        """;
    private static final String OWNER = """
        SELECT epoch, node, since, released_at FROM owner ORDER BY epoch DESC LIMIT 1
        """;
    private static final String INSERT_OWNER = """
        INSERT INTO owner (epoch, node, since) VALUES (?, ?, ?)
        """;
    private static final String RELEASE = """
        UPDATE owner SET released_at = ? WHERE epoch = ?
        """;
    static final String INSTANCE = "instance";
    static final String MESSAGE = "message";

    final Bulk setLastKey;
    final Bulk forgetCleanEpochs;
    final Bulk insertOwner;
    final Bulk release;

    StoreTable(Session session) throws SQLException {
        this.setLastKey = new Bulk(session, SET_LAST_KEY);
        this.forgetCleanEpochs = new Bulk(session, FORGET_CLEAN_EPOCHS);
        this.insertOwner = new Bulk(session, INSERT_OWNER);
        this.release = new Bulk(session, RELEASE);
    }

    static long lastKey(Session session, String name) throws SQLException {
        return session.number(LAST_KEY, name);
    }

    static long lastEpoch(Session session) throws SQLException {
        return session.number(LAST_EPOCH);
    }

    /** Who runs the instances of this file, or did last. */
    record Owner(String node, Instant since, boolean released) {}

    static Optional<Owner> owner(Session session) throws SQLException {
        return session.first(OWNER, row -> {
            boolean released = RowReader.nullableLong(row, 4) != null;
            return new Owner(row.getString(2), Instant.ofEpochMilli(row.getLong(3)), released);
        });
    }

    static List<Long> uncleanEpochs(Session session) throws SQLException {
        return session.list(UNCLEAN_EPOCHS, row -> row.getLong(1));
    }
}
