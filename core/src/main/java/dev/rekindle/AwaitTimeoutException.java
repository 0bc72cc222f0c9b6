package dev.rekindle;

/** Thrown when a wait ended before what it waited for came: inside an orchestration, or at a client. */
public final class AwaitTimeoutException extends RekindleException {
    private static final long serialVersionUID = 1L;

    /** The message names what was waited for, and for how long. */
    public AwaitTimeoutException(String text) {
        super(ErrorCode.TIMED_OUT, text);
    }
}
