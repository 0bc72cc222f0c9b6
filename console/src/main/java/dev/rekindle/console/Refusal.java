package dev.rekindle.console;

import dev.rekindle.ErrorCode;

/** A request that is not answered as its caller hoped, for a reason of HTTP's and not of the store's. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** The status of HTTP that fits an error of the library. */
    static int statusOf(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, PAYLOAD_MISMATCH, UNKNOWN_STORE -> 400;
            case READ_ONLY -> 403;
            case INSTANCE_NOT_FOUND -> 404;
            case INSTANCE_EXISTS, INSTANCE_ENDED, WRONG_STATUS, INSTANCE_HAS_CHILDREN, LEASE_LOST -> 409;
            case LIMIT_EXCEEDED -> 413;
            case CAPABILITY_NOT_AVAILABLE -> 501;
            case STORE_UNAVAILABLE, STORE_FULL, CLOSED -> 503;
            case TIMED_OUT -> 504;
            case ORCHESTRATION_FAILED,
                    ORCHESTRATION_CANCELLED,
                    ORCHESTRATION_TERMINATED,
                    ORCHESTRATION_NOT_REGISTERED,
                    ACTIVITY_NOT_REGISTERED,
                    ACTIVITY_FAILED,
                    ACTIVITY_TIMED_OUT,
                    WORK_QUARANTINED,
                    CHILD_FAILED,
                    CANCELLED,
                    HISTORY_MISMATCH,
                    HISTORY_UNREADABLE,
                    TURN_BROKE_OFF,
                    TURN_NOT_ENDING,
                    WRONG_CONTEXT,
                    STORE_UNREADABLE,
                    STORE_FOREIGN,
                    STORE_NEWER -> 500;
        };
    }
}
