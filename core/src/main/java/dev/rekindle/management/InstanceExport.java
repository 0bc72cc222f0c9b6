package dev.rekindle.management;

import dev.rekindle.provider.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instance with everything that belongs to it, to be carried to another store. Immutable; as JSON it is what
 * {@link dev.rekindle.provider.JsonText#ofExport} writes.
 *
 * @param format the version of this form; {@link #FORMAT}
 * @param instance the instance itself
 * @param executions its executions with their histories, oldest first; pruned ones are missing
 * @param queues what waits for it; leases are not carried over
 */
public record InstanceExport(
        int format, InstanceSummary instance, List<ExecutionHistory> executions, InstanceQueues queues) {
    /** The form that this version writes. */
    public static final int FORMAT = 1;

    /** Makes the list immutable. */
    public InstanceExport {
        executions = List.copyOf(executions);
    }

    /**
     * One execution.
     *
     * @param executionId which, from 1
     * @param startedAt when it began; null while no turn has run
     * @param events its history, in order
     */
    public record ExecutionHistory(
            long executionId, @Nullable Instant startedAt, List<Event> events) {
        /** Makes the list immutable. */
        public ExecutionHistory {
            events = List.copyOf(events);
        }
    }
}
