package dev.rekindle.provider;

/**
 * The right to run one attempt of one activity, and to complete it. Fenced like {@link InstanceLease}. Immutable.
 *
 * @param instance the instance that scheduled the activity
 * @param runId the instance's run id
 * @param executionId the execution that scheduled the activity
 * @param scheduledId the id of the {@link Event.ActivityScheduled} event
 * @param token chosen by the provider, never given twice
 */
public record WorkLease(String instance, String runId, long executionId, long scheduledId, long token) {}
