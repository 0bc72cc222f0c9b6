package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What the server's errors mean here, by their SQLSTATE and never by their text. */
final class Trouble {
    private static final String DISK_FULL = "53100";
    private static final String DIVISION_BY_ZERO = "22012";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String UNDEFINED_COLUMN = "42703";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String READ_ONLY = "25006";

    private Trouble() {}

    /** What to throw for an error while the store is in use: all but a full or damaged one may get well by itself. */
    static RekindleException of(String store, SQLException thrown) {
        SQLException e = first(thrown);
        return switch (state(e)) {
            case DISK_FULL ->
                new RekindleException(
                        ErrorCode.STORE_FULL,
                        "no room left: '%s'; nothing was written. Free space on the server's disk; work goes on by itself."
                                .formatted(store),
                        e);
            case "XX001", "XX002" ->
                new RekindleException(
                        ErrorCode.STORE_UNREADABLE,
                        "damaged: '%s'; expected a sound database, found: %s. Restore a backup."
                                .formatted(store, text(e)),
                        e);
            default ->
                new RekindleException(
                        ErrorCode.STORE_UNAVAILABLE,
                        "no answer from the store: '%s'; found: %s. Trying again may help.".formatted(store, text(e)),
                        e);
        };
    }

    /** What to throw for an error while the store is opened: what only a person can put right says so. */
    static RekindleException opening(String store, SQLException thrown) {
        SQLException e = first(thrown);
        String state = state(e);
        if (state.startsWith("28") || state.equals("3D000")) {
            return unreadable(store, "user, password and database that the server accepts", e, "Correct the URL.");
        }
        return switch (state) {
            case INSUFFICIENT_PRIVILEGE ->
                unreadable(store, "a role with the rights to do this", e, "Grant them: docs/postgresql.md lists them.");
            case "22023" ->
                new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "store parameter refused by the PostgreSQL driver: '%s'; found: %s. Correct the URL."
                                .formatted(store, text(e)),
                        e);
            default -> of(store, e);
        };
    }

    /** What to throw when the writer itself broke. */
    static RekindleException brokeOff(String store, Throwable e) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "writing broke off: '%s'; found: %s. Trying again may help.".formatted(store, e),
                e);
    }

    /** What to throw when the node lost its place before it could find out what became of a transaction. */
    static RekindleException outcomeUnknown(String store) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "outcome unknown: '%s'; the connection was lost during a commit, and for too long to find out. Look before trying again."
                        .formatted(store));
    }

    /** What to throw when something else was always quicker. */
    static RekindleException tooBusy(String store) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "change did not get through: '%s'; others held the instances each time. Nothing was written; trying again may help."
                        .formatted(store));
    }

    /** What to throw when rows are there that only the holder of the lease could have written. */
    static RekindleException contradiction(String store, SQLException e) {
        return new RekindleException(
                ErrorCode.LEASE_LOST,
                "not as this node left it: '%s'; somebody else wrote, found: %s. Nothing was written; it is read again."
                        .formatted(store, text(first(e))),
                e);
    }

    /** What to throw for a row that is no message. */
    static RekindleException notForAnInstance(long number) {
        return new RekindleException(
                ErrorCode.HISTORY_UNREADABLE,
                "message '%d' is none for an instance; it was left where it is.".formatted(number));
    }

    /** Whether the connection is gone, or going, and what the statement under way did is unknown. */
    static boolean isConnectionLost(SQLException thrown) {
        String state = state(first(thrown));
        return switch (state) {
            case "08001", "08004" -> false;
            case "57P01", "57P02", "57P03", "57P05", "25P03", "40003" -> true;
            default -> state.startsWith("08");
        };
    }

    /** Whether the transaction left no trace and may go through when it is run again as it is. */
    static boolean isRetryableTransaction(SQLException thrown) {
        return switch (state(first(thrown))) {
            case "40001", "40P01", "55P03" -> true;
            default -> false;
        };
    }

    /** Whether a row was there already. */
    static boolean isContradiction(SQLException thrown) {
        return state(first(thrown)).equals(UNIQUE_VIOLATION);
    }

    /** Whether it waited for too long for somebody else's transaction. */
    static boolean isLockTimeout(SQLException thrown) {
        return state(first(thrown)).equals("55P03");
    }

    /** Whether the transaction found that its node is not, or no longer, what it takes itself for. */
    static boolean isFenced(SQLException thrown) {
        return state(first(thrown)).equals(DIVISION_BY_ZERO);
    }

    /** Whether the server takes no writes, as one that was the primary before a failover. */
    static boolean isReadOnly(SQLException thrown) {
        return state(first(thrown)).equals(READ_ONLY);
    }

    static boolean isUndefinedColumn(SQLException thrown) {
        return state(first(thrown)).equals(UNDEFINED_COLUMN);
    }

    private static RekindleException unreadable(String store, String expected, SQLException e, String advice) {
        return new RekindleException(
                ErrorCode.STORE_UNREADABLE,
                "can't open the store: '%s'; expected %s, found: %s. %s".formatted(store, expected, text(e), advice),
                e);
    }

    /**
     * The error that says most. That of a batch shows a whole statement with its values, and a pool's hides why it could
     * not connect.
     */
    private static SQLException first(SQLException thrown) {
        if (thrown instanceof BatchUpdateException && thrown.getNextException() != null) {
            return first(thrown.getNextException());
        }
        return !(thrown instanceof PSQLException) && thrown.getCause() instanceof SQLException cause
                ? first(cause)
                : thrown;
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /** What the server said, without the values that the driver adds, and without the full stop that the driver ends with. */
    private static String text(SQLException e) {
        String said = e instanceof PSQLException server && server.getServerErrorMessage() != null
                ? server.getServerErrorMessage().getMessage()
                : e.getMessage();
        return String.valueOf(said).replaceFirst("\\.$", "");
    }
}
