package dev.rekindle;

/**
 * Thrown into an orchestration at its waits once it was asked to cancel, and into an activity that is no longer wanted.
 * Code may catch it to compensate (see {@link OrchestrationContext#shielded}) and lets it through to end as cancelled.
 */
public final class CancelledException extends RekindleException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** Cancelled for this reason. */
    public CancelledException(String reason) {
        super(ErrorCode.CANCELLED, "cancelled: " + reason);
        this.reason = reason;
    }

    /** Why, in the words of who asked for it. */
    public String reason() {
        return reason;
    }
}
