package dev.rekindle;

import java.time.Duration;
import java.util.function.Function;

/**
 * Something that an orchestration has set going and can wait for. Used only by the code of the orchestration that made
 * it; not thread-safe, and it need not be.
 *
 * @param <T> what it gives
 */
public interface DurableFuture<T> {
    /**
     * Waits for it, for days if need be, at no cost.
     *
     * @throws ActivityFailedException when it is an activity that failed
     * @throws ChildFailedException when it is a child that ended without an output
     * @throws CancelledException when the instance was asked to cancel meanwhile, or this itself was cancelled
     */
    T await();

    /**
     * Waits for it, but no longer than the timeout, which is durable too. A wait for an event that times out is given
     * up, so that a later message goes to the next wait; an activity or child goes on.
     *
     * @throws AwaitTimeoutException when it did not come in time
     */
    T await(Duration timeout);

    /** Whether it has come, so that {@link #await()} would not wait. */
    boolean isDone();

    /** The same with a function put over what it gives. The function is deterministic and takes no steps. */
    <R> DurableFuture<R> map(Function<? super T, ? extends R> function);
}
