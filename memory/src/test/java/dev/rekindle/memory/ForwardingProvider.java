package dev.rekindle.memory;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Hands every call on to another provider. */
abstract class ForwardingProvider implements Provider {
    final Provider inner;

    ForwardingProvider(Provider inner) {
        this.inner = inner;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        return inner.fetchOrchestrationItem(request);
    }

    @Override
    public TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        return inner.ackOrchestrationItem(commit);
    }

    @Override
    public void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
        inner.abandonOrchestrationItem(lease, why);
    }

    @Override
    public List<Event> read(String instance) {
        return inner.read(instance);
    }

    @Override
    public List<Event> readWithExecution(String instance, long executionId) {
        return inner.readWithExecution(instance, executionId);
    }

    @Override
    public void appendWithExecution(String instance, long executionId, List<Event> events) {
        inner.appendWithExecution(instance, executionId, events);
    }

    @Override
    public OptionalLong latestExecutionId(String instance) {
        return inner.latestExecutionId(instance);
    }

    @Override
    public void enqueueWorkerWork(WorkItem.ActivityExecute work) {
        inner.enqueueWorkerWork(work);
    }

    @Override
    public List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        return inner.dequeueWorkerPeekLock(request);
    }

    @Override
    public void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        inner.ackWorker(lease, completion);
    }

    @Override
    public void abandonWorker(WorkLease lease, WorkAbandonment why) {
        inner.abandonWorker(lease, why);
    }

    @Override
    public boolean renewWorker(WorkLease lease, @Nullable String heartbeat) {
        return inner.renewWorker(lease, heartbeat);
    }

    @Override
    public void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        inner.enqueueOrchestratorWork(work, delay);
    }

    @Override
    public Optional<InstanceSnapshot> findInstance(String instance) {
        return inner.findInstance(instance);
    }

    @Override
    public Optional<InstanceSnapshot> awaitInstance(String instance, Duration wait) throws InterruptedException {
        return inner.awaitInstance(instance, wait);
    }

    @Override
    public boolean isStandby() {
        return inner.isStandby();
    }

    @Override
    public void releaseNode(NodeId node) {
        inner.releaseNode(node);
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) {
        return inner.capability(type);
    }

    @Override
    public void close() {
        inner.close();
    }
}
