package dev.rekindle.console;

/**
 * Decides what the console and its API show of a payload: an input, an output, a message, a custom status, a heartbeat,
 * and the texts of failures and problems, which may quote one. What the store holds stays as it is. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface Redactor {
    /** Shows everything. */
    Redactor NONE = payload -> payload;

    /** Shows nothing of any payload. */
    Redactor HIDE_ALL = payload -> "(hidden)";

    /** What is shown in place of this payload. */
    String shown(String payload);
}
