package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.sql.SQLException;

/** What SQLite reports, in the errors of this provider. */
final class Trouble {
    private static final int PRIMARY_CODE = 0xff;
    private static final int BUSY = 5;
    private static final int READ_ONLY = 8;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANT_OPEN = 14;
    private static final int CONSTRAINT = 19;
    private static final int NOT_A_DATABASE = 26;

    private Trouble() {}

    static RekindleException of(String store, SQLException e) {
        return switch (e.getErrorCode() & PRIMARY_CODE) {
            case FULL ->
                new RekindleException(
                        ErrorCode.STORE_FULL,
                        "no room left: '%s'; nothing was written. Free space on its disk; work goes on by itself."
                                .formatted(store),
                        e);
            case CORRUPT, NOT_A_DATABASE ->
                new RekindleException(
                        ErrorCode.STORE_UNREADABLE,
                        "damaged: '%s'; expected a sound database, found: %s. Restore a backup."
                                .formatted(store, e.getMessage()),
                        e);
            default ->
                new RekindleException(
                        ErrorCode.STORE_UNAVAILABLE,
                        "no answer from the store: '%s'; found: %s. Trying again may help."
                                .formatted(store, e.getMessage()),
                        e);
        };
    }

    static boolean isFull(SQLException e) {
        return (e.getErrorCode() & PRIMARY_CODE) == FULL;
    }

    static boolean isBusy(SQLException e) {
        return (e.getErrorCode() & PRIMARY_CODE) == BUSY;
    }

    /** Whether something about the file can't be opened or written that would have to be. */
    static boolean isNoAccess(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        return code == READ_ONLY || code == CANT_OPEN;
    }

    static boolean isDamage(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        return code == CORRUPT || code == NOT_A_DATABASE;
    }

    /** Whether the connection is as good as before: nothing but the statement was wrong. */
    static boolean leavesConnectionSound(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        return code == FULL || code == BUSY || code == CONSTRAINT;
    }

    static RekindleException ownerSilent(String store) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "the process that runs the instances does not answer: '%s'; nothing was changed. Trying again may help."
                        .formatted(store));
    }

    static RekindleException brokeOff(String store, Throwable e) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "writing broke off: '%s'; found: %s. Trying again may help.".formatted(store, e),
                e);
    }
}
