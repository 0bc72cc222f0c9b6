package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.sql.SQLException;

/** The errors of this provider, each worded in one place. */
final class Trouble {
    private static final int PRIMARY_CODE = 0xff;
    private static final int BUSY = 5;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
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

    static boolean isDamage(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        return code == CORRUPT || code == NOT_A_DATABASE;
    }

    /** Whether the connection is as good as before: nothing but the statement was wrong. */
    static boolean leavesConnectionSound(SQLException e) {
        int code = e.getErrorCode() & PRIMARY_CODE;
        return code == FULL || code == BUSY || code == CONSTRAINT;
    }

    static RekindleException brokeOff(String store, Error e) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "writing broke off: '%s'; found: %s. Trying again may help.".formatted(store, e),
                e);
    }

    static RekindleException closed(String store) {
        return new RekindleException(
                ErrorCode.CLOSED, "provider closed: '%s'; expected it to be open. Open it again.".formatted(store));
    }

    static RekindleException leaseLost(String what, String instance, String found) {
        return new RekindleException(
                ErrorCode.LEASE_LOST,
                "lease lost: %s '%s'; %s. Nothing was written; drop this work, it comes again where it belongs."
                        .formatted(what, instance, found));
    }

    static RekindleException notFound(String instance) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such instance: '%s'; expected one that was started. Check the id, or start it first."
                        .formatted(instance));
    }

    static RekindleException noSuchRun(String instance, String run) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such run: instance '%s'; expected the run that is there, found '%s'. It was deleted or started anew."
                        .formatted(instance, run));
    }

    static RekindleException noSuchExecution(String instance, long executionId, long latest) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such execution: instance '%s'; expected 1 to %d, found %d."
                        .formatted(instance, latest, executionId));
    }

    static RekindleException ended(String instance, String status) {
        return new RekindleException(
                ErrorCode.INSTANCE_ENDED,
                "instance has ended: '%s'; expected one that still runs, found it %s. It takes no more messages."
                        .formatted(instance, status));
    }

    static RekindleException exists(String instance) {
        return new RekindleException(ErrorCode.INSTANCE_EXISTS, existsText(instance));
    }

    static String existsText(String instance) {
        return "instance exists: '%s'; expected an id that is free. Choose another id, or use the instance that is there."
                .formatted(instance);
    }

    static RekindleException invalid(String what, String instance, Object expected, Object found) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "%s: instance '%s'; expected %s, found %s.".formatted(what, instance, expected, found));
    }
}
