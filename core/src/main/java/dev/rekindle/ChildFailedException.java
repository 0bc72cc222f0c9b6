package dev.rekindle;

/** Thrown into an orchestration when a child that it waits for ended without an output. */
public final class ChildFailedException extends RekindleException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Failure failure;

    /** The child with this instance id ended like this. */
    public ChildFailedException(String instance, Failure failure) {
        super(ErrorCode.CHILD_FAILED, "child failed: '%s'; %s".formatted(instance, failure));
        this.failure = failure;
    }

    /** How the child ended. */
    public Failure failure() {
        return failure;
    }
}
