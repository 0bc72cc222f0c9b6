package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.jdbc.Call;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One call that changes something. Its caller prepares it, the writer runs it together with others, its caller takes the
 * result.
 *
 * <p>The writer calls {@link #admit} and {@link #committed} with the board's lock held, {@link #write} without. Only
 * {@code committed}, or {@link #unwritten} at the very end, changes what the board says, so an operation can be run again
 * when its batch failed.
 */
abstract class Op<T extends @Nullable Object> extends Call<T> {
    /**
     * Checks that it may happen.
     *
     * @return false to be tried again in the next batch, because another operation of this one stands in the way
     * @throws RekindleException to fail alone
     */
    abstract boolean admit(Batch batch) throws SQLException;

    /**
     * Adds what it writes to the batch. Starts that it asked for have been tried by now.
     *
     * @throws RekindleException to fail alone, before it has added anything
     */
    abstract void write(Batch batch) throws SQLException;

    /** All of it is durable. */
    abstract T committed(Batch batch);

    /** None of it is durable, and it is not tried again. Called with the board's lock held; memory is as it was. */
    void unwritten(Board board) {}

    /** Whether it needs no transaction, because it changes nothing but memory. */
    boolean inMemory() {
        return false;
    }

    /** Called by the writer, with the board's lock held, when everything is durable. */
    final void settle(Batch batch) {
        settle(() -> committed(batch));
    }
}
