package dev.rekindle.management;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import java.util.List;

/**
 * Looking at all that a store holds. Thread-safe; every method reads a consistent snapshot and changes nothing.
 *
 * <p>It may be another object than the provider, for example one that reads a replica.
 */
public interface ManagementCapability extends Capability {
    /** The ids of all instances, newest first. */
    List<String> listInstances();

    /** The ids of all instances in a status, newest first. */
    List<String> listInstancesByStatus(Status status);

    /**
     * The numbers of an instance's executions, ascending.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    List<Long> listExecutions(String instance);

    /**
     * One instance.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    InstanceInfo getInstanceInfo(String instance);

    /**
     * One execution of an instance.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, also when the instance has no such execution
     */
    ExecutionInfo getExecutionInfo(String instance, long executionId);

    /**
     * The history of one execution, in order.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, also when the instance has no such execution
     */
    List<Event> readExecutionHistory(String instance, long executionId);

    /** Counts over the whole store. */
    SystemMetrics getSystemMetrics();

    /** How much waits in the queues. */
    QueueDepths getQueueDepths();
}
