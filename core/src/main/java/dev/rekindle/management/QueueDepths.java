package dev.rekindle.management;

/**
 * How much waits in the queues, leased work included. Counting a long queue costs time, so a store may stop at {@link
 * #COUNTED}. Immutable.
 *
 * @param orchestrator messages for instances, without timers
 * @param worker activities
 * @param timers timers that are set
 * @param deadLetters messages that nobody could take
 */
public record QueueDepths(long orchestrator, long worker, long timers, long deadLetters) {
    /** A count that is as high as this may have stopped here: there may be more. */
    public static final long COUNTED = 100_000;
}
