package dev.rekindle;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * An exception as it is stored: what it was, without its class having to exist where it is read. Immutable.
 *
 * @param type what went wrong: an {@link ErrorCode} or the fully qualified name of the exception's class
 * @param message its message, empty when it had none; at most {@link Limits#MAX_FAILURE_CHARS} characters
 * @param stackTrace its stack trace, cut at {@link Limits#MAX_FAILURE_CHARS} characters, if it was known
 * @param retryable whether trying again could help
 */
public record Failure(String type, String message, @Nullable String stackTrace, boolean retryable) {
    /** Cuts what is too long, and replaces halves of characters. */
    public Failure {
        message = Limits.cutFailure(message);
        stackTrace = stackTrace == null ? null : Limits.cutFailure(stackTrace);
    }

    /** A failure that Rekindle itself found. */
    public static Failure of(ErrorCode code, String message, boolean retryable) {
        return new Failure(code.name(), message, null, retryable);
    }

    /**
     * What is stored of an exception, its class at least. {@link NonRetryableException} and errors about payloads are not
     * retryable.
     */
    public static Failure of(Throwable thrown) {
        try {
            return read(thrown);
        } catch (Throwable unreadable) {
            // What an exception says of itself is the code of whoever wrote it.
            String message =
                    "no message: reading it threw " + unreadable.getClass().getName();
            return new Failure(thrown.getClass().getName(), message, null, !(thrown instanceof NonRetryableException));
        }
    }

    private static Failure read(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        if (thrown instanceof RekindleException known) {
            boolean retryable = known.code() != ErrorCode.PAYLOAD_MISMATCH && known.code() != ErrorCode.LIMIT_EXCEEDED;
            return new Failure(known.code().name(), withoutCode(known), trace.toString(), retryable);
        }
        if (thrown instanceof NonRetryableException wrapper && wrapper.getCause() != null) {
            Failure cause = of(wrapper.getCause());
            return new Failure(cause.type(), cause.message(), cause.stackTrace(), false);
        }
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        return new Failure(
                thrown.getClass().getName(), message, trace.toString(), !(thrown instanceof NonRetryableException));
    }

    /** The type says the code already. */
    private static String withoutCode(RekindleException thrown) {
        String message = String.valueOf(thrown.getMessage());
        String code = thrown.code() + " ";
        return message.startsWith(code) ? message.substring(code.length()) : message;
    }

    /** {@code type: message}, on one line as far as the message is. */
    @Override
    public String toString() {
        return message.isEmpty() ? type : type + ": " + message;
    }
}
