package dev.rekindle.jdbc;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits for a writer: its caller prepares it, the writer runs it together with others, its caller takes the
 * result. It is made by the thread that waits for it. What it does is its provider's; this is only how it ends.
 *
 * @param <T> its result
 */
public abstract class Call<T extends @Nullable Object> {
    private final Thread caller = Thread.currentThread();
    private volatile boolean done;
    private @Nullable T result;
    private @Nullable RuntimeException failure;

    /** Only its provider makes calls. */
    protected Call() {}

    /** Called by the writer: it will {@link #finish} with what this gives or throws. */
    protected final void settle(Supplier<? extends T> outcome) {
        try {
            result = outcome.get();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Called by the writer: it will {@link #finish} with this. */
    public final void refuse(RuntimeException e) {
        failure = e;
    }

    /** Called by the writer, without any lock, after everything else: wakes the caller. */
    public final void finish() {
        done = true;
        LockSupport.unpark(caller);
    }

    /** Called by the writer, without any lock: it ends with this. */
    public final void fail(RuntimeException e) {
        failure = e;
        finish();
    }

    /** Whether it has ended. */
    public final boolean isDone() {
        return done;
    }

    /**
     * Waits until the writer is done with it. An interruption doesn't undo what is on its way, so it is kept for later.
     *
     * @return its result
     * @throws RuntimeException what it failed with, as the writer gave it
     */
    @SuppressWarnings("NullAway") // The result has been set when there is no failure.
    public final T await() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        return result;
    }
}
