package dev.rekindle.provider;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The store and queues behind a runtime.
 *
 * <p>All methods are thread-safe and block their caller, who is usually a virtual thread. When a write returns, it is
 * durable. A provider reports trouble as {@link RekindleException}: {@code LEASE_LOST} when a fenced write came too
 * late, {@code STORE_UNAVAILABLE} when trying again may help, {@code CLOSED} after {@link #close()}.
 *
 * <p><b>Leases.</b> An instance is leased to at most one node, and all its messages travel with the lease: while it is
 * held, new messages wait until it is given back. Activities are leased one by one. Leases live as long as the node
 * that holds them is alive by the provider's own measure; nothing has to renew them one by one.
 *
 * <p><b>Node deaths.</b> A provider counts how often a node died while it held an item, so that work which kills its
 * node can be quarantined. A clean {@link #releaseNode} does not count. A turn, and an operator's {@linkplain
 * dev.rekindle.management.ManagementCapability#resumeInstance resume}, make an instance's count begin anew.
 */
public interface Provider extends AutoCloseable {
    /** Which store this is, for people, for example {@code SQLite orders.db}. */
    String name();

    /**
     * Leases instances that have visible messages to the caller, those that have waited longest first. It waits for the
     * first one as long as the request says. A node that may not run yet (a standby) waits and gets nothing.
     *
     * <p>An execution that has no history yet comes with the message that begins it, first of all, and not before that is
     * visible; an order to terminate may come sooner.
     *
     * <p>Atomic: each instance is leased to exactly one caller. Repeat: gives other instances. After a crash: leases
     * of the dead node are free again and their messages are still there.
     *
     * @return at most {@code maxItems} items, empty when nothing came in time
     * @throws InterruptedException when the calling thread is interrupted; nothing is leased then
     */
    List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException;

    /**
     * Makes a turn durable.
     *
     * <p>Atomic: everything in the commit happens or nothing does. Repeat: fails with {@code LEASE_LOST}, as the lease has
     * ended, the position has moved or what was consumed is gone; only a commit that had no events, consumed nothing and kept
     * its lease passes again. After a crash: either all of it is there or none, and in the latter case the messages come again.
     *
     * @throws RekindleException {@code LEASE_LOST} when the lease, a consumed work lease, or the position is stale, when a
     *     consumed message is gone, or when the instance is suspended and the turn does not finish it; {@code
     *     INVALID_ARGUMENT} when the ids of the events don't follow the position. The lease stays as it was
     */
    TurnReceipt ackOrchestrationItem(TurnCommit commit);

    /**
     * Gives the lease of an instance back without a turn; its messages stay. One that is suspended keeps its status and
     * its problem.
     *
     * <p>Atomic: lease and recorded problem change together. Repeat: does nothing, a stale lease is ignored. After a
     * crash: the lease is free either way.
     */
    void abandonOrchestrationItem(InstanceLease lease, Abandonment why);

    /** The history of an instance's latest execution, in order; empty when there is none. A consistent snapshot. */
    List<Event> read(String instance);

    /** The history of one execution, in order; empty when there is none. A consistent snapshot. */
    List<Event> readWithExecution(String instance, long executionId);

    /**
     * Appends events to the latest execution of an instance that nobody runs, outside of any turn: for repair tools.
     *
     * <p>Atomic: all events or none. Repeat: fails, because the ids exist. After a crash: all are there or none.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}; {@code INVALID_ARGUMENT} when the ids don't follow the
     *     history or the execution isn't the latest; {@code LEASE_LOST} when a node holds the instance
     */
    void appendWithExecution(String instance, long executionId, List<Event> events);

    /** The latest execution of an instance; empty when the instance does not exist. */
    OptionalLong latestExecutionId(String instance);

    /**
     * Queues an activity outside of any turn: for repair tools.
     *
     * <p>Atomic: it is queued or not. Repeat: replaces nothing, the row that exists stays as it is. After a crash: a
     * queued activity is still queued.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND} when this run of the instance does not exist, {@code
     *     INSTANCE_ENDED} when it has ended, {@code INVALID_ARGUMENT} when the execution isn't its latest
     */
    void enqueueWorkerWork(WorkItem.ActivityExecute work);

    /**
     * Leases visible activities to the caller, oldest first, waiting for the first as long as the request says.
     *
     * <p>Atomic: each activity is leased to exactly one caller. Repeat: gives other activities. After a crash: leases
     * of the dead node are free again, each counted as a node death.
     *
     * @return at most {@code maxItems} activities, empty when nothing came in time
     * @throws InterruptedException when the calling thread is interrupted; nothing is leased then
     */
    List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException;

    /**
     * Removes a leased activity from the queue and sends its completion to the instance.
     *
     * <p>Atomic: both happen or neither. Repeat: fails with {@code LEASE_LOST}. After a crash: both are there or
     * neither, and in the latter case the activity runs again.
     *
     * @throws RekindleException {@code LEASE_LOST} when the lease is stale or the activity was cancelled
     */
    void ackWorker(WorkLease lease, WorkItem.CompletionWork completion);

    /**
     * Puts a leased activity back into the queue, for another attempt or as it was.
     *
     * <p>Atomic: attempt, failure, heartbeat and visibility change together. Repeat: does nothing, a stale lease is
     * ignored. After a crash: it is changed, or as it was with one more node death.
     */
    void abandonWorker(WorkLease lease, WorkAbandonment why);

    /**
     * Stores what a running activity reports of its progress, and asks whether it is still wanted.
     *
     * <p>Atomic: trivially. Repeat: the last value wins. After a crash: the last value that was stored.
     *
     * @param heartbeat JSON; null only asks
     * @return whether the lease is still good; false when the activity was cancelled or taken over
     */
    boolean renewWorker(WorkLease lease, @Nullable String heartbeat);

    /**
     * Sends a message to an instance, after a delay if one is given. A completion of another execution than the latest is
     * dropped without a word.
     *
     * <p>Atomic: a start creates the instance and its message together. Repeat: a repeated start is refused; another
     * message is sent twice. After a crash: an accepted message is still there.
     *
     * @param delay how long the message stays invisible; zero for none
     * @throws RekindleException {@code INSTANCE_EXISTS} for a start whose id is taken, which changes nothing; for another
     *     message that nobody could take {@code INSTANCE_NOT_FOUND} when there is no instance of this id, or not this run
     *     of it, and {@code INSTANCE_ENDED} when it has ended
     */
    void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay);

    /** The instance as it stands, or empty when it does not exist. */
    Optional<InstanceSnapshot> findInstance(String instance);

    /**
     * Waits until an instance has ended, at most as long as {@code wait} says.
     *
     * @return the instance as it then stands, ended or not; empty when it does not exist
     * @throws InterruptedException when the calling thread is interrupted
     */
    Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException;

    /** Whether this node waits for another one to go away before it may run anything. */
    boolean isStandby();

    /**
     * Gives back everything that a node holds and lets others in at once. What was leased is free and does not count
     * as a node death. Repeating it does nothing.
     *
     * @throws RekindleException {@code CLOSED} after {@link #close}, which has done it
     */
    void releaseNode(NodeId node);

    /**
     * The capability of this type, if this provider has it. A provider that implements the interface itself need not
     * override this; one that wraps another forwards the question, so that wrapping loses nothing.
     */
    default <C extends Capability> Optional<C> capability(Class<C> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    /**
     * Lets go of the store. Waits for writes under way, gives back what its nodes hold as {@link #releaseNode} does, and ends
     * calls that wait at once: with what they have, or with {@code CLOSED}. Later calls fail with {@code CLOSED}. Repeating does
     * nothing.
     */
    @Override
    void close();
}
