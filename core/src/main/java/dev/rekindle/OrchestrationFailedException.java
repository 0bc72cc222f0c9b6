package dev.rekindle;

/** Thrown to a client that wants the result of an instance that has none: it failed, was cancelled or terminated. */
public final class OrchestrationFailedException extends RekindleException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Failure failure;

    private final Status status;

    /** The instance ended in this status, like this. */
    public OrchestrationFailedException(String instance, Status status, Failure failure) {
        super(
                codeOf(status),
                "instance ended without a result: '%s'; it is %s, %s".formatted(instance, status.label(), failure));
        this.failure = failure;
        this.status = status;
    }

    /** Why it ended. */
    public Failure failure() {
        return failure;
    }

    /** {@link Status#FAILED}, {@link Status#CANCELLED} or {@link Status#TERMINATED}. */
    public Status status() {
        return status;
    }

    private static ErrorCode codeOf(Status status) {
        return switch (status) {
            case CANCELLED -> ErrorCode.ORCHESTRATION_CANCELLED;
            case TERMINATED -> ErrorCode.ORCHESTRATION_TERMINATED;
            case FAILED, COMPLETED, PENDING, RUNNING, SUSPENDED, STUCK, CONTINUED_AS_NEW ->
                ErrorCode.ORCHESTRATION_FAILED;
        };
    }
}
