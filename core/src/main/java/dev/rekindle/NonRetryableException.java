package dev.rekindle;

/** Thrown by an activity to say that no further attempt can help. Its cause, if it has one, is what gets recorded. */
public final class NonRetryableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for people. */
    public NonRetryableException(String message) {
        super(message);
    }

    /** With the exception that is to be recorded. */
    public NonRetryableException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
