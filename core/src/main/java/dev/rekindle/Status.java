package dev.rekindle;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where an instance, or one of its executions, stands. Immutable and thread-safe. */
public enum Status {
    /** Accepted, no turn has run yet. */
    PENDING("Pending"),
    /** At least one turn has run and the code has not ended. */
    RUNNING("Running"),
    /** Held by an operator; no turn runs until it is resumed. */
    SUSPENDED("Suspended"),
    /**
     * It can't go on: the registered code does not match the history, which heals by itself when matching code arrives; or
     * too many nodes died while they ran it, which an operator ends with resume when the cause is gone.
     */
    STUCK("Stuck"),
    /** Ended with an output. */
    COMPLETED("Completed"),
    /** Ended by an exception of the user's code. */
    FAILED("Failed"),
    /** Ended by a cancellation that the code let through. */
    CANCELLED("Cancelled"),
    /** Ended at once by an operator; the code was not asked. */
    TERMINATED("Terminated"),
    /** Of executions only: ended by starting the next execution of the instance. */
    CONTINUED_AS_NEW("ContinuedAsNew");

    private final String label;

    Status(String label) {
        this.label = label;
    }

    /** The word for it in stores, documents, the command line and the console, for example {@code ContinuedAsNew}. */
    public String label() {
        return label;
    }

    /** Whether an instance in this status has ended. Only an operator's retry brings a Failed or Terminated one back. */
    public boolean isTerminal() {
        return switch (this) {
            case COMPLETED, FAILED, CANCELLED, TERMINATED -> true;
            case PENDING, RUNNING, SUSPENDED, STUCK, CONTINUED_AS_NEW -> false;
        };
    }

    /**
     * The status with this label or constant name, whatever its case.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT} when there is none
     */
    public static Status parse(String text) {
        for (Status status : values()) {
            if (status.label.equalsIgnoreCase(text) || status.name().equals(text.toUpperCase(Locale.ROOT))) {
                return status;
            }
        }
        throw new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "unknown status: '%s'; expected one of %s."
                        .formatted(
                                text, Arrays.stream(values()).map(Status::label).collect(Collectors.joining(", "))));
    }
}
