package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node does with a provider, in the words of the tests. */
final class Node {
    /** Long enough to be sure that something comes, and never waited for when it does. */
    static final Duration LONG = Duration.ofSeconds(20);

    final SqliteProvider provider;
    final NodeId id;

    Node(SqliteProvider provider, String id) {
        this.provider = provider;
        this.id = new NodeId(id);
    }

    Node(SqliteProvider provider) {
        this(provider, "node");
    }

    void start(String instance) {
        start(instance, null);
    }

    void start(String instance, @Nullable ParentLink parent) {
        provider.enqueueOrchestratorWork(starting(instance, parent), Duration.ZERO);
    }

    static WorkItem.StartOrchestration starting(String instance, @Nullable ParentLink parent) {
        return new WorkItem.StartOrchestration(instance, "run-" + instance, "Orders", "", "{}", parent);
    }

    void raise(String instance, String payload) {
        provider.enqueueOrchestratorWork(raised(instance, payload), Duration.ZERO);
    }

    static WorkItem.RaiseEvent raised(String instance, String payload) {
        return new WorkItem.RaiseEvent(instance, null, "channel", payload);
    }

    List<OrchestrationItem> fetch(int max, Duration wait) {
        try {
            return provider.fetchOrchestrationItem(new FetchRequest(id, max, wait));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The instances that are ready now. */
    List<OrchestrationItem> fetch() {
        return fetch(100, Duration.ZERO);
    }

    /** The one instance that is ready, or will be. */
    OrchestrationItem fetchOne() {
        List<OrchestrationItem> items = fetch(1, LONG);
        assertThat(items).hasSize(1);
        return items.getFirst();
    }

    List<LeasedWork> dequeue() {
        return dequeue(100, Duration.ZERO);
    }

    List<LeasedWork> dequeue(int max, Duration wait) {
        try {
            return provider.dequeueWorkerPeekLock(new FetchRequest(id, max, wait));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    LeasedWork dequeueOne() {
        List<LeasedWork> work = dequeue(1, LONG);
        assertThat(work).hasSize(1);
        return work.getFirst();
    }

    /** Starts an instance and takes its first turn, which schedules nothing; keeps the lease. */
    Turn begin(String instance) {
        start(instance);
        Turn first = Turn.first(this, fetchOne());
        return first.keep().commitAndGoOn();
    }

    void complete(LeasedWork leased, String output) {
        provider.ackWorker(leased.lease(), completion(leased.work(), output));
    }

    static WorkItem.ActivityCompleted completion(WorkItem.ActivityExecute work, String output) {
        return new WorkItem.ActivityCompleted(
                work.instance(), work.runId(), work.executionId(), work.scheduledId(), output);
    }

    static WorkItem.ActivityExecute activity(OrchestrationItem item, long executionId, long scheduledId) {
        return new WorkItem.ActivityExecute(
                item.lease().instance(),
                item.lease().runId(),
                executionId,
                scheduledId,
                "Ship",
                "{}",
                ActivityOptions.DEFAULT,
                Turn.AT);
    }

    static List<String> payloads(OrchestrationItem item) {
        return item.messages().stream()
                .map(OrchestrationItem.Message::work)
                .filter(WorkItem.RaiseEvent.class::isInstance)
                .map(work -> ((WorkItem.RaiseEvent) work).payload())
                .toList();
    }
}
