package dev.rekindle;

/**
 * The code of an activity. It may block, do I/O and throw anything; it may run more than once for one step, so its
 * effects want {@link ActivityContext#idempotencyKey()}. Called from many threads at once.
 *
 * @param <I> what it takes
 * @param <O> what it returns
 */
@FunctionalInterface
public interface ActivityFunction<I, O> {
    /** Does the step. What it throws is recorded, and retried as far as the step's {@link ActivityOptions} say. */
    O run(ActivityContext context, I input) throws Exception;
}
