package dev.rekindle.postgres;

/** Something that this node has leased. Guarded by the lock of the leases. */
abstract sealed class Held permits HeldInstance, HeldWork {
    final long token;

    /** The last batch that wrote it. */
    long writtenIn;

    Held(long token) {
        this.token = token;
    }
}
