package dev.rekindle.postgres;

import org.jspecify.annotations.Nullable;

/**
 * An operation on something that this node has leased. When the node has it no more, nothing is written.
 *
 * @param <H> what it is about
 * @param <T> its result
 */
abstract class OnLease<H extends Held, T extends @Nullable Object> extends Op<T> {
    private @Nullable H held;

    /** What it is about, if the node still has it. */
    abstract @Nullable H find(Leases leases);

    /** Adds what it writes to the batch. */
    abstract void write(Batch batch, H its);

    /** All of it is durable. */
    abstract T committed(Batch batch, H its);

    /**
     * What comes of it when the node had lost the lease before.
     *
     * @throws dev.rekindle.RekindleException to be refused before anything is written
     */
    abstract T tooLate();

    @Override
    final boolean admit(Batch batch) {
        held = find(batch.leases());
        if (held == null) {
            tooLate();
            return true;
        }
        return batch.own(held);
    }

    @Override
    final void write(Batch batch) {
        if (held != null) {
            write(batch, held);
        }
    }

    @Override
    final T committed(Batch batch) {
        return held == null ? tooLate() : committed(batch, held);
    }

    @Override
    final void forget(Leases leases) {
        if (held != null) {
            leases.remove(held);
        }
    }
}
