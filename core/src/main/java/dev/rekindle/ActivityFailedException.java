package dev.rekindle;

/** Thrown into an orchestration when an activity failed and will not be tried again. */
public final class ActivityFailedException extends RekindleException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Failure failure;

    /** The activity of this name failed like this. */
    public ActivityFailedException(String activity, Failure failure) {
        super(ErrorCode.ACTIVITY_FAILED, "activity failed: '%s'; %s".formatted(activity, failure));
        this.failure = failure;
    }

    /** What the last attempt threw. */
    public Failure failure() {
        return failure;
    }
}
