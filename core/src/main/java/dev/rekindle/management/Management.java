package dev.rekindle.management;

import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ForkOrigin;
import dev.rekindle.provider.History;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What operators do: find instances, see why they wait, and make them go on. It puts the methods of a {@link
 * ManagementCapability} together and adds nothing to what a store must be able to do. Immutable and thread-safe; a client
 * {@linkplain dev.rekindle.Client#management() has} one.
 *
 * <p>It may read from another object than it changes things through: a replica. What was changed just now may not be seen
 * there yet.
 */
public final class Management {
    private static final int PAGE = 500;
    private static final int TREE_DEPTH = 20;
    private static final int TREE_CHILDREN = 100;
    private static final int TREE_SIZE = 1_000;
    private static final long HELD_COUNTED = 1_000;

    private final Provider provider;
    private final ManagementCapability reading;
    private final ManagementCapability changing;
    private final Codec codec;
    private final InstantSource clock;

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
        Walk walk = new Walk(query, upTo);
        walk.each(page -> (long) page.size());
        return walk.seen;
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
                summary = withProblem(summary, String.valueOf(e.getMessage()));
            }
        }
        boolean anyNode = reading.listNodes().stream().anyMatch(NodeInfo::alive);
        return new Examination(summary, failure, reading.getInstanceQueues(instance), history, anyNode, clock.instant())
                .diagnosis();
    }

    /**
     * An instance with its children, and theirs: at most {@value #TREE_DEPTH} deep, {@value #TREE_CHILDREN} children of
     * each and {@value #TREE_SIZE} in all; what is left out is told.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}
     */
    public InstanceTree tree(String instance) {
        return new Climb().below(instance(instance), 1);
    }

    /** Which versions of which orchestrations have instances. */
    public List<DefinitionUse> definitions() {
        return reading.listDefinitions();
    }

    /** The activities that have not completed, by name. */
    public List<ActivityQueue> activityQueues() {
        return reading.listActivityQueues();
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
        Instant now = clock.instant();
        SystemMetrics metrics = metrics();
        InstanceQuery held =
                InstanceQuery.ALL.withTroubledOnly(true).withStatuses(List.of(Status.PENDING, Status.RUNNING));
        long heldCount = count(held, HELD_COUNTED);
        return new Checkup(
                now,
                nodes(),
                metrics.activeInstances(),
                group(metrics.instances(Status.STUCK), InstanceQuery.ALL.withStatus(Status.STUCK), examples),
                group(metrics.instances(Status.SUSPENDED), InstanceQuery.ALL.withStatus(Status.SUSPENDED), examples),
                group(heldCount, held, examples),
                overdue(Checkup.LATE_LISTED).stream()
                        .filter(its -> its.dueAt().isBefore(now.minus(Checkup.LATE)))
                        .toList(),
                activityQueues(),
                queueDepths().deadLetters());
    }

    private Checkup.Group group(long count, InstanceQuery query, int examples) {
        List<InstanceSummary> some = count == 0
                ? List.of()
                : instances(query, PageRequest.first(examples)).items();
        return new Checkup.Group(count, count == HELD_COUNTED, some);
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
     * Lets an instance go on at once that is suspended, or waits to be tried again.
     *
     * @throws RekindleException as {@link ManagementCapability#resumeInstance}
     */
    public void resume(String instance) {
        changing.resumeInstance(Limits.checkInstanceId(instance));
    }

    /**
     * Tries an instance again: one that is stuck or held at once, one that Failed or was Terminated from in front of what
     * ended it. Activities that failed run again under the same idempotency key; children that failed are retried too.
     *
     * @throws RekindleException {@code INSTANCE_NOT_FOUND}; {@code WRONG_STATUS} when it Completed or was Cancelled: fork
     *     it instead
     */
    public void retry(String instance) {
        InstanceSummary summary = instance(instance);
        if (summary.status().isTerminal()) {
            reopen(summary, Rewind.beforeTheEnd(checkReopenable(summary), history(summary)));
        } else {
            resume(instance);
        }
    }

    /**
     * Tries an instance again that Failed or was Terminated, from in front of an event of its latest execution.
     *
     * @param fromEvent the first event that counts for nothing any more; or one that followed from it
     * @throws RekindleException as {@link #retry(String)}; {@code INVALID_ARGUMENT} when there is no such event
     */
    public void retry(String instance, long fromEvent) {
        InstanceSummary summary = checkReopenable(instance(instance));
        reopen(summary, Rewind.before(summary, history(summary), fromEvent));
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
        Event.OrchestrationStarted start = History.valid(whole).stream()
                .filter(Event.OrchestrationStarted.class::isInstance)
                .map(Event.OrchestrationStarted.class::cast)
                .findFirst()
                .orElseThrow(() -> noSuchEvent(source.instance(), 1, 0));
        long last = whole.getLast().id();
        if (request.throughEvent() < 0 || request.throughEvent() > last) {
            throw noSuchEvent(source.instance(), request.throughEvent(), last);
        }
        List<Event> past = JsonText.renumbered(History.valid(whole).stream()
                .filter(event -> event.id() <= request.throughEvent())
                .filter(event -> !(event instanceof Event.Outcome || event instanceof Event.OrchestrationReopened))
                .toList());
        boolean takesOver = past.stream().anyMatch(Event.OrchestrationStarted.class::isInstance);
        String input = Objects.requireNonNullElse(request.input(), start.input());
        codec.decode(input, Object.class);
        provider.enqueueOrchestratorWork(
                new WorkItem.StartOrchestration(
                        Limits.checkInstanceId(request.instance()),
                        UUID.randomUUID().toString(),
                        start.orchestration(),
                        Objects.requireNonNullElse(request.version(), start.version()),
                        Limits.checkPayload("input of '" + request.instance() + "'", input),
                        null,
                        source.attributes(),
                        takesOver
                                ? new WorkItem.Fork(
                                        new ForkOrigin(
                                                source.instance(), source.runId(), executionId, request.throughEvent()),
                                        past)
                                : null),
                Duration.ZERO);
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
        return bulk(
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
        return bulk(query, limit, id -> {
            action.accept(id);
            return 1;
        });
    }

    /**
     * Does something with each of these instances; where that fails it is left, and counted by the reason.
     *
     * @param action given the instance's id; says why not by a {@link RekindleException}
     */
    public BulkResult forEach(Collection<String> instances, Consumer<String> action) {
        Map<String, Long> skipped = new LinkedHashMap<>();
        long done = each(
                instances.stream(),
                id -> {
                    action.accept(id);
                    return 1;
                },
                skipped);
        return new BulkResult(done, skipped);
    }

    private BulkResult bulk(InstanceQuery query, long limit, ToLongFunction<String> action) {
        Map<String, Long> skipped = new LinkedHashMap<>();
        long done = new Walk(query, limit)
                .each(page -> each(page.stream().map(InstanceSummary::instance), action, skipped));
        return new BulkResult(done, skipped);
    }

    private static long each(Stream<String> instances, ToLongFunction<String> action, Map<String, Long> skipped) {
        return instances
                .mapToLong(id -> {
                    try {
                        return action.applyAsLong(id);
                    } catch (RekindleException e) {
                        if (isTroubleOfTheStore(e.code())) {
                            throw e;
                        }
                        skipped.merge(reason(e), 1L, Long::sum);
                        return 0;
                    }
                })
                .sum();
    }

    private static boolean isTroubleOfTheStore(ErrorCode code) {
        return switch (code) {
            case STORE_UNAVAILABLE, STORE_FULL, STORE_UNREADABLE, CLOSED, READ_ONLY, CAPABILITY_NOT_AVAILABLE -> true;
            default -> false;
        };
    }

    /** Which error, without which instance. */
    private static String reason(RekindleException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.indexOf(':');
        return colon < 0 ? message : message.substring(0, colon);
    }

    // ---- parts

    /** A walk over all instances that fit, in pages. */
    private final class Walk {
        private final InstanceQuery query;
        private final long limit;
        private long seen;

        Walk(InstanceQuery query, long limit) {
            this.query = query;
            this.limit = limit;
        }

        /** Returns the sum of what was made of each page. */
        long each(ToLongFunction<List<InstanceSummary>> action) {
            long sum = 0;
            String cursor = null;
            do {
                int size = (int) Math.min(PAGE, limit - seen);
                if (size <= 0) {
                    return sum;
                }
                Page<InstanceSummary> page = reading.queryInstances(query, new PageRequest(size, cursor));
                seen += page.items().size();
                sum += action.applyAsLong(page.items());
                cursor = page.next();
            } while (cursor != null);
            return sum;
        }
    }

    /** A climb through the children of an instance. */
    private final class Climb {
        private int left = TREE_SIZE;

        InstanceTree below(InstanceSummary its, int depth) {
            left--;
            int size = Math.min(TREE_CHILDREN, left);
            if (depth >= TREE_DEPTH || size <= 0) {
                Page<InstanceSummary> any = children(its, 1);
                return new InstanceTree(its, List.of(), !any.items().isEmpty());
            }
            Page<InstanceSummary> children = children(its, size);
            List<InstanceTree> below = new ArrayList<>();
            for (InstanceSummary child : children.items()) {
                if (left > 0) {
                    below.add(below(child, depth + 1));
                }
            }
            return new InstanceTree(
                    its,
                    below,
                    children.next() != null || below.size() < children.items().size());
        }

        private Page<InstanceSummary> children(InstanceSummary its, int size) {
            return reading.queryInstances(InstanceQuery.ALL.withParent(its.instance()), PageRequest.first(size));
        }
    }

    private void reopen(InstanceSummary summary, Rewind rewind) {
        List<WorkItem.OrchestratorWork> answers = new ArrayList<>();
        List<Runnable> afterwards = new ArrayList<>();
        for (Event.ChildScheduled child : rewind.openChildren()) {
            InstanceSummary its = find(child.instance())
                    .filter(found -> found.runId().equals(child.runId()))
                    .orElse(null);
            if (its == null) {
                afterwards.add(() -> startAnew(summary, child));
                continue;
            }
            WorkItem.CompletionWork answer =
                    Rewind.answer(summary, child, reading.getExecutionInfo(its.instance(), its.executionId()));
            if (answer != null) {
                answers.add(answer);
            } else if (its.status().isTerminal()) {
                afterwards.add(() -> retry(its.instance()));
            }
        }
        changing.reopenInstance(rewind.message(answers), rewind.lastEventId());
        afterwards.forEach(Runnable::run);
    }

    /** A child that was deleted; the parent learns it if the id has been taken by somebody else. */
    private void startAnew(InstanceSummary parent, Event.ChildScheduled child) {
        provider.enqueueOrchestratorWork(
                new WorkItem.StartOrchestration(
                        child.instance(),
                        child.runId(),
                        child.orchestration(),
                        child.version(),
                        child.input(),
                        new ParentLink(parent.instance(), parent.runId(), parent.executionId(), child.id())),
                Duration.ZERO);
    }

    private Optional<InstanceSummary> find(String instance) {
        try {
            return Optional.of(reading.getInstanceSummary(instance));
        } catch (RekindleException e) {
            if (e.code() == ErrorCode.INSTANCE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<Event> history(InstanceSummary summary) {
        return reading.readExecutionHistory(summary.instance(), summary.executionId());
    }

    private static InstanceSummary checkReopenable(InstanceSummary summary) {
        if (summary.status() != Status.FAILED && summary.status() != Status.TERMINATED) {
            throw ProviderErrors.notReopenable(summary.instance(), summary.status());
        }
        return summary;
    }

    private static InstanceSummary withProblem(InstanceSummary its, @Nullable String problem) {
        return new InstanceSummary(
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                its.status(),
                its.executionId(),
                its.parent(),
                its.customStatus(),
                problem,
                its.attributes(),
                its.createdAt(),
                its.startedAt(),
                its.finishedAt());
    }

    private static RekindleException noSuchEvent(String instance, long event, long last) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "no such event: instance '%s'; expected 0 to %d, found %d. Look at its history."
                        .formatted(instance, last, event));
    }
}
