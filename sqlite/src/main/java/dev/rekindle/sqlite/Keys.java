package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;

/**
 * Row keys that hold two numbers: the key of an instance (35 bits) and a position (28 bits) that never repeats in the
 * life of the instance. Rows of an instance are neighbours, and a later instance's rows come after an earlier one's.
 */
final class Keys {
    private static final int POSITION_BITS = 28;
    private static final long MAX_POSITION = (1L << POSITION_BITS) - 1;

    private Keys() {}

    static long of(long instance, long position) {
        if (position > MAX_POSITION) {
            throw new RekindleException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "history too long: an instance can have at most %d events over all its executions. Start a new instance."
                            .formatted(MAX_POSITION));
        }
        return (instance << POSITION_BITS) | position;
    }

    static long instance(long key) {
        return key >> POSITION_BITS;
    }

    static long position(long key) {
        return key & MAX_POSITION;
    }

    /** The smallest key that a row of this instance can have. */
    static long first(long instance) {
        return instance << POSITION_BITS;
    }

    /** The largest key that a row of this instance can have. */
    static long last(long instance) {
        return first(instance) | MAX_POSITION;
    }
}
