package dev.rekindle.postgres;

import dev.rekindle.jdbc.Call;
import org.jspecify.annotations.Nullable;

/**
 * One call that changes something. Its caller prepares it, the writer runs it together with others, its caller takes the
 * result.
 *
 * <p>The writer calls {@link #admit}, {@link #committed} and {@link #forget} with the lock of the leases held, {@link
 * #write} without. Only the last two change what is known of leases, so an operation can be run again when its batch
 * failed.
 */
abstract class Op<T extends @Nullable Object> extends Call<T> {
    /**
     * Checks that it may happen.
     *
     * @return false to be tried again in the next batch, because another operation of this one stands in the way
     * @throws dev.rekindle.RekindleException to fail alone
     */
    abstract boolean admit(Batch batch);

    /** How many characters of the user's it writes, about. */
    int weight() {
        return 0;
    }

    /** Adds what it writes to the batch. */
    abstract void write(Batch batch);

    /**
     * All of it is durable.
     *
     * @throws dev.rekindle.RekindleException when the store answered that it could not be done; nothing was done then
     */
    abstract T committed(Batch batch);

    /** Nobody will ever tell its caller what became of it: leases that it was about are no longer good. */
    void forget(Leases leases) {}

    /** Called by the writer, with the lock of the leases held, when everything is durable. */
    final void settle(Batch batch) {
        settle(() -> committed(batch));
    }
}
