package dev.rekindle.runtime.replay;

/** Ends the threads of an execution that leaves memory. User code has no reason to catch it. */
final class EvictedError extends Error {
    private static final long serialVersionUID = 1L;

    EvictedError() {
        super("this execution has left memory; it is replayed when it is wanted again", null, false, false);
    }
}
