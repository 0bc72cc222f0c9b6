package dev.rekindle.sqlite;

import org.jspecify.annotations.Nullable;

/** Breaks its batch off with an error. */
final class BreakOff extends Op<@Nullable Void> {
    private final Error cause;

    BreakOff(Error cause) {
        this.cause = cause;
    }

    @Override
    boolean admit(Batch batch) {
        return true;
    }

    @Override
    void write(Batch batch) {
        throw cause;
    }

    @Override
    @Nullable
    Void committed(Batch batch) {
        return null;
    }
}
