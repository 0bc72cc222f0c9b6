package dev.rekindle.sqlite;

/** Gives numbers, none of them twice, none of them 0. Guarded by the board's lock. */
final class TokenSource {
    private static final int EPOCH_SHIFT = 40;

    private long last;

    /** Moves on to numbers that no other epoch gives. */
    void begin(long epoch) {
        last = Math.max(last, epoch << EPOCH_SHIFT);
    }

    long next() {
        return ++last;
    }
}
