package dev.rekindle.management;

import java.time.Instant;

/**
 * An instance that should have gone on at a time that has passed. Immutable.
 *
 * @param instance which one
 * @param dueAt when the first of its messages and timers fell due
 */
public record OverdueInstance(InstanceSummary instance, Instant dueAt) {}
