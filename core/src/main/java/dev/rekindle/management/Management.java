package dev.rekindle.management;

import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What operators do: find instances, see why they wait, and make them go on. It puts the methods of a {@link
 * ManagementCapability} together and adds nothing to what a store must be able to do. Immutable and thread-safe; a client
 * {@linkplain dev.rekindle.Client#management() has} one.
 *
 * <p>It may read from another object than it changes things through: a replica. What was changed just now may not be seen
 * there yet.
 */
public final class Management {
    private final Provider provider;
    private final ManagementCapability reading;
    private final ManagementCapability changing;
    private final Codec codec;
    private final InstantSource clock;
    private final Many many;
    private final Retry retry;

    /**
     * Reads through one object and changes through another, which may be the same.
     *
     * @param provider where starts and messages go
     * @param codec checks payloads
     * @param clock tells what is due by now
     */
    public Management(
            Provider provider,
            ManagementCapability reading,
            ManagementCapability changing,
            Codec codec,
            InstantSource clock) {
        this.provider = provider;
        this.reading = reading;
        this.changing = changing;
        this.codec = codec;
        this.clock = clock;
        this.many = new Many(reading);
        this.retry = new Retry(provider, reading, changing);
    }

    // ---- looking

    /** {@link ManagementCapability#queryInstances}. */
    public Page<InstanceSummary> instances(InstanceQuery query, PageRequest page) {
        return reading.queryInstances(query, page);
    }

    /**
     * One instance as lists show it.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public InstanceSummary instance(String instance) {
        return reading.getInstanceSummary(Limits.checkInstanceId(instance));
    }

    /** How many instances fit, counted up to a number. */
    public long count(InstanceQuery query, long upTo) {
        return many.count(query, upTo);
    }

    /**
     * One execution of an instance.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public ExecutionInfo execution(String instance, long executionId) {
        return reading.getExecutionInfo(Limits.checkInstanceId(instance), executionId);
    }

    /**
     * The numbers of an instance's executions, ascending; without those that were pruned.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public List<Long> executions(String instance) {
        return reading.listExecutions(Limits.checkInstanceId(instance));
    }

    /**
     * A part of a history, in order.
     *
     * @param executionId which execution; 0 for the latest
     * @throws RekindleException as {@link ManagementCapability#readHistoryPage}
     */
    public Page<Event> history(String instance, long executionId, PageRequest page) {
        long wanted = executionId == 0 ? instance(instance).executionId() : executionId;
        return reading.readHistoryPage(Limits.checkInstanceId(instance), wanted, page);
    }

    /**
     * What waits in the queues for an instance.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public InstanceQueues queues(String instance) {
        return reading.getInstanceQueues(Limits.checkInstanceId(instance));
    }

    /**
     * Why an instance stands where it stands, and what it waits for. It reads several things one after the other, so of an
     * instance that is on the move it may tell a mixture.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public Diagnosis why(String instance) {
        InstanceSummary summary = instance(instance);
        boolean ended = summary.status().isTerminal();
        Failure failure = ended
                ? reading.getExecutionInfo(instance, summary.executionId()).failure()
                : null;
        List<Event> history = List.of();
        if (!ended) {
            try {
                history = reading.readExecutionHistory(instance, summary.executionId());
            } catch (RekindleException e) {
                if (e.code() != ErrorCode.HISTORY_UNREADABLE) {
                    throw e;
                }
                summary = summary.withProblem(String.valueOf(e.getMessage()));
            }
        }
        Examination.Nodes nodes = Examination.Nodes.of(reading.listNodes());
        return new Examination(summary, failure, reading.getInstanceQueues(instance), history, nodes, clock.instant())
                .diagnosis();
    }

    /**
     * An instance with its children, and theirs: at most {@value Climb#DEPTH} deep, {@value Climb#CHILDREN} children of
     * each and {@value Climb#SIZE} in all; what is left out is told.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public InstanceTree tree(String instance) {
        return new Climb(reading).from(instance(instance));
    }

    /** Which versions of which orchestrations have instances. */
    public List<DefinitionUse> definitions() {
        return reading.listDefinitions();
    }

    /** The activities that have not completed, by name. */
    public List<ActivityQueue> activityQueues() {
        return reading.listActivityQueues();
    }

    /** {@link ManagementCapability#listActivities}. */
    public Page<ActivityInfo> activities(ActivityQuery query, PageRequest page) {
        return reading.listActivities(query, page);
    }

    /** Who runs the instances. */
    public List<NodeInfo> nodes() {
        return reading.listNodes();
    }

    /** Messages that nobody could take, newest first. */
    public Page<DeadLetterInfo> deadLetters(PageRequest page) {
        return reading.listDeadLetters(page);
    }

    /** Counts over the whole store. */
    public SystemMetrics metrics() {
        return reading.getSystemMetrics();
    }

    /** How much waits in the queues. */
    public QueueDepths queueDepths() {
        return reading.getQueueDepths();
    }

    /** {@link ManagementCapability#listOverdue}. */
    public List<OverdueInstance> overdue(int limit) {
        return reading.listOverdue(limit);
    }

    /**
     * Looks the store over: who runs it, what stands still, what is late. It reads several things one after the other, and a
     * bounded number of rows.
     *
     * @param examples how many instances are shown of those that stand still for the same reason
     */
    public Checkup checkup(int examples) {
        return new Round(reading, clock.instant()).checkup(examples);
    }

    /**
     * One instance with all that belongs to it.
     *
     * @throws RekindleException as {@link ManagementCapability#exportInstance}
     */
    public InstanceExport export(String instance) {
        return reading.exportInstance(Limits.checkInstanceId(instance));
    }

    // ---- changing one

    /**
     * Holds an instance until it is resumed.
     *
     * @param reason why, for people
     * @throws RekindleException as {@link ManagementCapability#suspendInstance}
     */
    public void suspend(String instance, String reason) {
        changing.suspendInstance(Limits.checkInstanceId(instance), Limits.checkName("reason", reason));
    }

    /**
     * Lets an instance go on at once that is suspended, or waits to be tried again; so do its activities. One that was held
     * back because too many nodes died while they ran it is run again, as if none had.
     *
     * @throws RekindleException as {@link ManagementCapability#resumeInstance}
     */
    public void resume(String instance) {
        changing.resumeInstance(Limits.checkInstanceId(instance));
    }

    /**
     * Tries an instance again.
     *
     * <ul>
     *   <li>One that has not ended goes on at once, as {@link #resume} lets it: stuck, suspended, or waiting for code. So do its
     *       activities that wait for their next attempt.
     *   <li>One that Failed or was Terminated goes on from in front of what ended it. Activities that failed run again under
     *       the same idempotency key; children that failed are retried too.
     * </ul>
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}; {@code WRONG_STATUS} when it Completed or was Cancelled: fork
     *     it instead
     */
    public void retry(String instance) {
        retry.retry(instance(instance));
    }

    /**
     * Tries an instance again that Failed or was Terminated, from in front of an event of its latest execution.
     *
     * @param fromEvent the first event that counts for nothing any more; or one that followed from it
     * @throws RekindleException as {@link #retry(String)}; {@code INVALID_ARGUMENT} when there is no such event
     */
    public void retry(String instance, long fromEvent) {
        retry.retry(instance(instance), fromEvent);
    }

    /**
     * Starts a new instance that goes on from where another one was. Its code runs anew against what the source was told:
     * results that the source had are taken over, whatever was under way there begins anew here, under idempotency keys of
     * its own. Children are children of the source only. Where the code with the new input takes other steps than the source
     * took, the fork is stuck and says so; take over less then.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND} for the source; {@code INSTANCE_EXISTS} for the new one; {@code
     *     INVALID_ARGUMENT} when the source has no such event; {@code PAYLOAD_MISMATCH} when the input isn't JSON
     */
    public void fork(ForkRequest request) {
        InstanceSummary source = instance(request.source());
        long executionId = request.executionId() == 0 ? source.executionId() : request.executionId();
        List<Event> whole = reading.readExecutionHistory(source.instance(), executionId);
        WorkItem.StartOrchestration start = new Fork(source, executionId, whole, request)
                .start(UUID.randomUUID().toString());
        codec.decode(start.input(), Object.class);
        provider.enqueueOrchestratorWork(start, Duration.ZERO);
    }

    /**
     * Deletes instances.
     *
     * @throws RekindleException as {@link ManagementCapability#deleteInstances}
     */
    public Deletion delete(List<String> instances, DeleteOptions options) {
        return changing.deleteInstances(
                instances.stream().map(Limits::checkInstanceId).toList(), options);
    }

    /**
     * Removes the histories of an instance's oldest executions.
     *
     * @param keepLast how many stay, the current one included; at least 1
     * @throws RekindleException as {@link ManagementCapability#pruneExecutions}
     */
    public Deletion prune(String instance, int keepLast) {
        return changing.pruneExecutions(Limits.checkInstanceId(instance), keepLast);
    }

    /**
     * Creates an instance as an export describes it. One that has not ended is to be run by the nodes of this store.
     *
     * @throws RekindleException as {@link ManagementCapability#importInstance}
     */
    public void importInstance(InstanceExport export) {
        Limits.checkInstanceId(export.instance().instance());
        changing.importInstance(export);
    }

    /** Removes dead letters; returns how many there were. */
    public long deleteDeadLetters(List<Long> keys) {
        return changing.deleteDeadLetters(keys);
    }

    // ---- changing many

    /**
     * Deletes the instances that fit, one by one; those that may not be deleted are left, and counted by the reason.
     *
     * @param limit how many to look at, at most
     */
    public BulkResult deleteAll(InstanceQuery query, DeleteOptions options, long limit) {
        return many.forAll(
                query,
                limit,
                id -> changing.deleteInstances(List.of(id), options).instances());
    }

    /**
     * Does something with each instance that fits; where that fails it is left, and counted by the reason.
     *
     * @param limit how many to look at, at most
     * @param action given the instance's id; says why not by a {@link RekindleException}
     */
    public BulkResult forAll(InstanceQuery query, long limit, Consumer<String> action) {
        return many.forAll(query, limit, counted(action));
    }

    /**
     * Does something with each of these instances; where that fails it is left, and counted by the reason.
     *
     * @param action given the instance's id; says why not by a {@link RekindleException}
     */
    public BulkResult forEach(Collection<String> instances, Consumer<String> action) {
        return Many.forEach(instances.stream(), counted(action));
    }

    private static ToLongFunction<String> counted(Consumer<String> action) {
        return id -> {
            action.accept(id);
            return 1;
        };
    }

    // ---- rehearsing

    /** Tells of single instances what would become of them; one for each thing that is to be done. */
    public Rehearsal rehearsal() {
        return new Rehearsal(reading, retry);
    }

    /**
     * What would become of the instances that fit, if something were done with each; nothing is changed.
     *
     * @param upTo how many to look at, at most
     * @param step asks a {@linkplain #rehearsal() rehearsal} of each for how many instances it would be done
     */
    public Outlook rehearse(InstanceQuery query, long upTo, ToLongFunction<InstanceSummary> step) {
        return many.outlook(query, upTo, step);
    }
}
