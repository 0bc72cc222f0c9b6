package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.util.List;

/**
 * Looking at all that a store holds, and changing what runs there. Thread-safe.
 *
 * <p><b>Reading.</b> Each method reads one consistent snapshot and changes nothing. A page costs a bounded number of rows,
 * however much the store holds.
 *
 * <p><b>Changing.</b> Works whether or not anybody runs the instances. A change of an instance takes the lease away from
 * whoever holds it: a turn under way comes to nothing then, and is taken again where the instance still wants it. An object
 * that only reads, as one on a replica does, leaves these methods as they are: they say so.
 *
 * <p>It may be another object than the provider; then {@link dev.rekindle.Client} reads from it, and changes through the
 * provider's own.
 */
public interface ManagementCapability extends Capability {
    // ---- the founding eight

    /** The ids of all instances at once, newest first: for small stores and tests. {@link #queryInstances} gives pages. */
    List<String> listInstances();

    /** The ids of all instances in a status at once, newest first, as {@link #listInstances} does. */
    List<String> listInstancesByStatus(Status status);

    /**
     * The numbers of an instance's executions, ascending; without those that were pruned.
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

    // ---- finding and looking closer

    /**
     * The instances that a query asks for, those that were started last first; one that was imported keeps its time. Of
     * those that were started at the same time the one that came into the store last is first. A page looks at a bounded
     * number of rows, so that a rare thing in a large store comes as pages with few items or none, each with a cursor to go
     * on from.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the cursor isn't one that this query gave
     */
    Page<InstanceSummary> queryInstances(InstanceQuery query, PageRequest page);

    /**
     * One instance as lists show it.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    InstanceSummary getInstanceSummary(String instance);

    /**
     * A part of the history of one execution, in order; the cursor is the id of the last event before it. Behind the
     * last event comes an empty page.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, also when the instance has no such execution; {@code
     *     INVALID_ARGUMENT} when the cursor isn't a number
     */
    Page<Event> readHistoryPage(String instance, long executionId, PageRequest page);

    /**
     * What waits in the queues for one instance; nothing for one that has ended.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    InstanceQueues getInstanceQueues(String instance);

    /** Which versions of which orchestrations have instances, and in which status: ordered by name, version, and as
     * {@link Status} has them. */
    List<DefinitionUse> listDefinitions();

    /** The activities that have not completed, by name; longest queues first, then by name. */
    List<ActivityQueue> listActivityQueues();

    /**
     * The activities that have not completed and that a query asks for, leased ones included: those of the instance that came
     * into the store first come first. A page looks at {@value ActivityQuery#LOOKED_AT} rows at most, so a rare one in a long
     * queue comes as pages with few items or none, each with a cursor to go on from.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the cursor isn't one of this method's
     */
    Page<ActivityInfo> listActivities(ActivityQuery query, PageRequest page);

    /**
     * Instances whose start, timer or delayed message was due and was not taken, although nothing keeps them: they have no
     * problem. The one that fell due first comes first. One that is being run may be listed for a moment; so may, in some
     * stores, one for which only another message is due. It looks at a bounded number of rows.
     *
     * @param limit at most so many; from 1 to {@link PageRequest#MAX_LIMIT}
     * @throws RekindleException {@code INVALID_ARGUMENT} for another limit
     */
    List<OverdueInstance> listOverdue(int limit);

    /** Who runs the instances of this store: the living first, then by name. */
    List<NodeInfo> listNodes();

    /**
     * Messages that nobody could take, newest first.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the cursor isn't one of this method's
     */
    Page<DeadLetterInfo> listDeadLetters(PageRequest page);

    /**
     * One instance with all that belongs to it, as it stands.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}; {@code HISTORY_UNREADABLE} when a row can't be read
     */
    InstanceExport exportInstance(String instance);

    // ---- changing

    /**
     * Holds an instance: its status becomes Suspended and no turn runs until it is resumed. Its activities go on, those
     * that nobody has begun too, and whatever arrives waits. An order to terminate gets through: a node gets the instance
     * for it, as it always gets it, with all messages that are visible.
     *
     * <p>Atomic: status, problem and lease together. Repeat: changes the reason. After a crash: it is held or not.
     *
     * @param reason why, shown as the instance's problem
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, {@code INSTANCE_ENDED}
     */
    default void suspendInstance(String instance, String reason) {
        throw readOnly();
    }

    /**
     * Lets an instance go on at once: one that was suspended, or one that waits for a while to be tried again because it is
     * stuck or has no code. Its status becomes Pending if no turn has run, otherwise Running; its problem is forgotten.
     * Activities of it that were put off are offered at once, as the attempts that they are. A lease stays with whoever has it.
     *
     * <p>The deaths of nodes that were counted for its messages so far are forgotten, also when it goes on anyway, so an
     * instance that was held back because too many died is tried as often again. Those counted for its activities stay.
     *
     * <p>Atomic: the instance; its activities may follow in a second step. Repeat: does nothing. After a crash: it is held or
     * not, and a repeat does what is left.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, {@code INSTANCE_ENDED}
     */
    default void resumeInstance(String instance) {
        throw readOnly();
    }

    /**
     * Brings an instance that Failed or was Terminated back to Running with a message that says from where it goes on. Its
     * output, failure and time of end are forgotten; the history stays, and the runtime appends to it.
     *
     * <p>Atomic: status and message together. Repeat: fails, it has not ended then. After a crash: both or neither.
     *
     * @param lastEventId the last event of the execution that the message is for, as whoever composed it saw it
     * @throws RekindleException {@code INSTANCE_NOT_FOUND} when there is no such run; {@code WRONG_STATUS} when it is not
     *     Failed or Terminated; {@code INVALID_ARGUMENT} when execution or last event are other ones by now; the first that applies
     */
    default void reopenInstance(WorkItem.ReopenInstance message, long lastEventId) {
        throw readOnly();
    }

    /**
     * Deletes instances with all that belongs to them; dead letters stay. Children are those that name this run as their
     * parent, ended or not. When a child is deleted that has not ended, its parent learns that it failed, unless that is
     * deleted too. Ids are free again afterwards; an id that is given twice counts once.
     *
     * <p>Atomic: all are deleted or none. Repeat: fails with {@code INSTANCE_NOT_FOUND}. After a crash: all or none.
     *
     * @param instances at most {@link PageRequest#MAX_LIMIT}
     * @throws RekindleException {@code INSTANCE_NOT_FOUND} when one does not exist; {@code WRONG_STATUS} when one has not
     *     ended and {@code force} is off; {@code INSTANCE_HAS_CHILDREN} when one has children that are not among them and
     *     {@code cascade} is off
     */
    default Deletion deleteInstances(List<String> instances, DeleteOptions options) {
        throw readOnly();
    }

    /**
     * Removes the histories of an instance's oldest executions, as if they had never been. The current one always stays,
     * and so does a lease.
     *
     * <p>Atomic: all that are to go, or none. Repeat: finds nothing left to do. After a crash: all or none.
     *
     * @param keepLast how many stay, the current one included; at least 1
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}, {@code INVALID_ARGUMENT}
     */
    default Deletion pruneExecutions(String instance, int keepLast) {
        throw readOnly();
    }

    /**
     * Creates an instance as an export describes it, under the same id and run id. Nobody has a lease of it; delays that
     * have passed are over. Its output and failure are those of the last event. {@link
     * dev.rekindle.provider.ExportRules} says what contradicts itself.
     *
     * <p>Atomic: all of it or nothing. Repeat: fails with {@code INSTANCE_EXISTS}. After a crash: all or nothing.
     *
     * @throws RekindleException {@code INSTANCE_EXISTS}; {@code INVALID_ARGUMENT} when the export contradicts itself or has
     *     another {@linkplain InstanceExport#FORMAT format}
     */
    default void importInstance(InstanceExport export) {
        throw readOnly();
    }

    /**
     * Removes dead letters; unknown keys are ignored.
     *
     * @return how many there were
     */
    default long deleteDeadLetters(List<Long> keys) {
        throw readOnly();
    }

    private static RekindleException readOnly() {
        return new RekindleException(
                ErrorCode.READ_ONLY,
                "management only reads here: nothing was changed; expected an object that can change instances. Hand"
                        + " the client a provider that has management itself.");
    }
}
