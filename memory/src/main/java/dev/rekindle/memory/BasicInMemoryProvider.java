package dev.rekindle.memory;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The basic provider of the founding idea: it runs orchestrations, can be inspected by tests, and has no other capability.
 * Everything is in memory and gone with the process. Thread-safe.
 *
 * <p>It is simple rather than fast, for tests and for trying things out: one lock guards everything.
 */
public class BasicInMemoryProvider implements Provider, InspectionCapability {
    private static final String NAME = "memory";

    private final Gate gate;
    private final Instances instances;
    private final Activities activities;
    private final Turns turns;
    private final Nodes nodes;
    private final Operations operations;

    /** An empty store on the system's clock. */
    public BasicInMemoryProvider() {
        this(InstantSource.system());
    }

    /** An empty store on this clock. After moving a clock of your own by hand, call {@link #clockMoved()}. */
    public BasicInMemoryProvider(InstantSource clock) {
        DueTasks due = new DueTasks(clock);
        this.gate = new Gate(NAME, due);
        this.instances = new Instances(due);
        this.activities = new Activities(instances, due);
        this.turns = new Turns(instances, activities, due);
        this.nodes = new Nodes(due);
        this.operations = new Operations(instances, activities, turns);
    }

    /** Lets whoever waits look at the clock again. */
    public final void clockMoved() {
        gate.run(() -> {});
    }

    /**
     * Plays that a node vanished without letting go, for tests: its leases end, and what it held counts one more node
     * death.
     */
    public final void nodeDied(NodeId node) {
        endLeases(node, true);
    }

    @Override
    public final String name() {
        return NAME;
    }

    // ---- instances

    @Override
    public final List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        return gate.take(request, () -> {
            nodes.saw(request.node());
            return instances.pick(request.maxItems(), request.node());
        });
    }

    @Override
    public final TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        return gate.change(() -> turns.commit(commit));
    }

    @Override
    public final void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
        gate.run(() -> {
            Instance instance = instances.leased(lease);
            if (instance == null) {
                return;
            }
            if (instance.status != Status.SUSPENDED) {
                instance.problem = why.problem() == null ? instance.problem : why.problem();
                instance.status = why.stuck() ? Status.STUCK : instance.status;
            }
            instances.release(instance, why.delay());
        });
    }

    @Override
    public final void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        gate.run(() -> instances.send(work, delay));
    }

    // ---- activities

    @Override
    public final void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        gate.run(() -> {
            Instance instance = instances.find(work.instance());
            if (instance == null || !instance.runId.equals(work.runId())) {
                throw ProviderErrors.noSuchRun(work.instance(), work.runId());
            }
            if (instance.status.isTerminal()) {
                throw ProviderErrors.ended(work.instance(), instance.status);
            }
            if (instance.executionId != work.executionId()) {
                throw ProviderErrors.notLatestExecution(work.instance(), work.executionId(), instance.executionId);
            }
            if (!instance.activities.containsKey(work.scheduledId())) {
                activities.add(instance, work);
            }
        });
    }

    @Override
    public final List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        return gate.take(request, () -> {
            nodes.saw(request.node());
            return activities.pick(request.maxItems(), request.node());
        });
    }

    @Override
    public final void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        gate.run(() -> {
            if (activities.leased(lease) == null) {
                throw ProviderErrors.workLeaseLost(lease.instance());
            }
            activities.remove(instances.require(lease.instance()), lease.scheduledId());
            instances.deliver(completion);
        });
    }

    @Override
    public final void abandonWorker(WorkLease lease, WorkAbandonment why) {
        gate.run(() -> {
            Instance.Activity activity = activities.leased(lease);
            if (activity != null) {
                activities.giveBack(activity, why);
            }
        });
    }

    @Override
    public final boolean renewWorker(WorkLease lease, @Nullable String heartbeat) {
        return gate.look(() -> {
            Instance.Activity activity = activities.leased(lease);
            if (activity != null && heartbeat != null) {
                activity.heartbeat = heartbeat;
            }
            return activity != null;
        });
    }

    // ---- reading

    @Override
    public final List<Event> read(String instance) {
        return look(instance, found -> List.copyOf(found.history(found.executionId)))
                .orElse(List.of());
    }

    @Override
    public final List<Event> readWithExecution(String instance, long executionId) {
        return look(instance, found -> List.copyOf(found.history(executionId))).orElse(List.of());
    }

    @Override
    public final void appendWithExecution(String instance, long executionId, List<Event> events) {
        gate.run(() -> {
            Instance found = instances.require(instance);
            if (found.held != null) {
                throw ProviderErrors.leaseLost(instance, "a node is running it");
            }
            if (found.executionId != executionId) {
                throw ProviderErrors.notLatestExecution(instance, executionId, found.executionId);
            }
            ProviderErrors.checkOrder(instance, found.lastEventId(), events);
            found.append(events);
        });
    }

    @Override
    public final OptionalLong latestExecutionId(String instance) {
        return look(instance, found -> OptionalLong.of(found.executionId)).orElse(OptionalLong.empty());
    }

    @Override
    public final Optional<InstanceSnapshot> findInstance(String instance) {
        return look(instance, Instance::snapshot);
    }

    @Override
    public final Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException {
        return gate.await(
                        wait,
                        () -> Optional.ofNullable(instances.find(instance)),
                        found -> found.isEmpty() || found.get().status.isTerminal())
                .map(Instance::snapshot);
    }

    @Override
    public final StoreImage inspect() {
        return gate.look(() -> Inspection.of(instances, activities));
    }

    // ---- nodes

    @Override
    public final boolean isStandby() {
        return false;
    }

    @Override
    public final void releaseNode(NodeId node) {
        endLeases(node, false);
    }

    @Override
    public final void close() {
        gate.close();
    }

    private void endLeases(NodeId node, boolean died) {
        gate.run(() -> {
            instances.releaseAll(node, died);
            activities.releaseAll(node, died);
            nodes.left(node, died);
        });
    }

    // ---- for capabilities

    final <T> T look(Function<Instances, T> question) {
        return gate.look(() -> question.apply(instances));
    }

    final List<NodeInfo> nodes() {
        return look(nodes::all);
    }

    final Optional<EagerStart.Receipt> begin(EagerStart eager) {
        return gate.change(() -> nodes.isAlive(eager.node()) ? Optional.of(turns.begin(eager)) : Optional.empty());
    }

    final <T> T operate(Function<Operations, T> change) {
        return gate.change(() -> change.apply(operations));
    }

    private <T> Optional<T> look(String instance, Function<Instance, T> question) {
        return gate.look(() -> Optional.ofNullable(instances.find(instance)).map(question));
    }
}
