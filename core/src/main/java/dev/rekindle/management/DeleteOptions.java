package dev.rekindle.management;

/**
 * How far a deletion may go. Immutable.
 *
 * @param force whether instances may be deleted that have not ended; whoever runs them loses the lease
 * @param cascade whether their children, and those of these, are deleted too
 */
public record DeleteOptions(boolean force, boolean cascade) {
    /** Only instances that have ended and have no children. */
    public static final DeleteOptions CAREFUL = new DeleteOptions(false, false);

    /** With or without instances that have not ended. */
    public DeleteOptions withForce(boolean on) {
        return new DeleteOptions(on, cascade);
    }

    /** With or without children. */
    public DeleteOptions withCascade(boolean on) {
        return new DeleteOptions(force, on);
    }
}
