package dev.rekindle.management;

/**
 * How much waits in the queues, leased work included. Immutable.
 *
 * @param orchestrator messages for instances, without timers
 * @param worker activities
 * @param timers timers that are set
 * @param deadLetters messages that nobody could take
 */
public record QueueDepths(long orchestrator, long worker, long timers, long deadLetters) {}
