package dev.rekindle.provider;

/**
 * The right to run one instance. Every write under it is fenced by the token: when the lease was lost, nothing is
 * written. Immutable.
 *
 * @param instance the instance's id
 * @param runId the instance's run id
 * @param token chosen by the provider, never given twice
 */
public record InstanceLease(String instance, String runId, long token) {}
