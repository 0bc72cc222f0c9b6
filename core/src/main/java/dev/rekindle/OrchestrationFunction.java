package dev.rekindle;

/**
 * The code of an orchestration: ordinary blocking Java that takes every step through its context. It has to be
 * deterministic: no clock, randomness, I/O, threads or locks of its own.
 *
 * <p>Before JDK 24 a wait inside {@code synchronized} keeps one of the few threads of the system that all virtual threads
 * share, for as long as it lasts: as many such instances as there are processors stop the whole process.
 *
 * @param <I> what it takes
 * @param <O> what it returns
 */
@FunctionalInterface
public interface OrchestrationFunction<I, O> {
    /**
     * Runs to its end. An exception that leaves it fails the instance, and so does an {@link AssertionError} or {@link
     * StackOverflowError}; a {@link CancelledException}, once the instance was asked to cancel, ends it as cancelled. Another
     * {@link Error}, such as one of too little memory, ends nothing: the turn is tried again.
     */
    O run(OrchestrationContext context, I input) throws Exception;
}
