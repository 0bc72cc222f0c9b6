package dev.rekindle;

import org.jspecify.annotations.Nullable;

/**
 * What Rekindle throws. The {@linkplain #code() code} is stable and tells what went wrong; the message begins with it.
 * Subclasses exist where a caller is likely to handle that one case.
 */
public class RekindleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** An error with a message of the form {@code CODE text}. */
    public RekindleException(ErrorCode code, String text) {
        this(code, text, null);
    }

    /** An error with a message of the form {@code CODE text} and what caused it. */
    public RekindleException(ErrorCode code, String text, @Nullable Throwable cause) {
        super(code + " " + text, cause);
        this.code = code;
    }

    RekindleException(ErrorCode code, String verbatim, boolean verbatimMessage) {
        super(verbatim);
        this.code = code;
    }

    /** The stable code of this error. */
    public final ErrorCode code() {
        return code;
    }
}
