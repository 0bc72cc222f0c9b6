package dev.rekindle.provider;

/**
 * Whom a child answers to: the command of one execution of its parent. Immutable.
 *
 * @param instance the parent's instance id
 * @param runId the parent's run id
 * @param executionId the execution that scheduled the child
 * @param scheduledId the id of the {@link Event.ChildScheduled} event
 */
public record ParentLink(String instance, String runId, long executionId, long scheduledId) {}
