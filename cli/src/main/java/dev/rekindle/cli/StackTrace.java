package dev.rekindle.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A stack trace as text, for those who asked for it with {@code --verbose}. */
final class StackTrace {
    private StackTrace() {}

    static String of(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
