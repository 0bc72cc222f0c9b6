package dev.rekindle.cli;

import dev.rekindle.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the process says when it ends. Scripts rely on the numbers: they never change their meaning. */
public enum ExitCode {
    /** It did what it was asked. */
    OK(0, "done"),
    /** It did not work, for a reason of its own. */
    FAILED(1, "it failed; the line on stderr says why"),
    /** An argument is wrong. */
    USAGE(2, "an argument is wrong"),
    /** Only from the launcher. */
    NO_JDK(3, "no JDK or no Maven to run with (the launcher says so)"),
    /** Only from the launcher. */
    BUILD_FAILED(4, "Rekindle could not be built (the launcher says so)"),
    /** The store. */
    STORE(5, "the store can't be opened, read or written"),
    /** No such instance. */
    NOT_FOUND(6, "no such instance"),
    /** The instance is not in a state for this. */
    CONFLICT(7, "the instance exists, has ended, or is in another status"),
    /** It took too long. */
    TIMED_OUT(8, "it took longer than it may"),
    /** The store can't do this. */
    NOT_AVAILABLE(9, "this store, or this way to reach it, lacks the capability for it"),
    /** Ended by SIGINT. */
    INTERRUPTED(130, "Ctrl-C; what was accepted goes on when a node runs again"),
    /** Ended by SIGTERM. */
    TERMINATED(143, "the same by SIGTERM");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The number that the process ends with. */
    public int number() {
        return number;
    }

    /** All of them, as help shows them. */
    static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(code -> list.put(String.valueOf(code.number), code.meaning));
        return list;
    }

    /** How a command ends that an error ended. */
    public static ExitCode of(ErrorCode error) {
        return switch (error) {
            case INVALID_ARGUMENT, LIMIT_EXCEEDED, PAYLOAD_MISMATCH, UNKNOWN_STORE -> USAGE;
            case STORE_UNREADABLE, STORE_FOREIGN, STORE_NEWER, STORE_FULL, STORE_UNAVAILABLE -> STORE;
            case INSTANCE_NOT_FOUND -> NOT_FOUND;
            case INSTANCE_EXISTS, INSTANCE_ENDED, WRONG_STATUS, INSTANCE_HAS_CHILDREN -> CONFLICT;
            case TIMED_OUT -> TIMED_OUT;
            case CAPABILITY_NOT_AVAILABLE, READ_ONLY -> NOT_AVAILABLE;
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
                    LEASE_LOST,
                    CLOSED -> FAILED;
        };
    }
}
