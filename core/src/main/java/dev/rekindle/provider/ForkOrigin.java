package dev.rekindle.provider;

/**
 * Where a fork comes from. Immutable.
 *
 * @param instance the instance that was forked
 * @param runId its run id
 * @param executionId which of its executions
 * @param eventId the last event of it that was taken over
 */
public record ForkOrigin(String instance, String runId, long executionId, long eventId) {}
