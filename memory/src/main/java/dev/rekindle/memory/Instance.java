package dev.rekindle.memory;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One instance with all that is its own. Guarded by the lock of its provider. */
final class Instance {
    /** The right of a node to run this instance. */
    record Held(long token, NodeId node) {}

    final String id;
    final String runId;
    final Instant createdAt;
    final TreeMap<Long, List<Event>> histories = new TreeMap<>();
    final List<OrchestrationItem.Message> messages = new ArrayList<>();
    /** Messages that are not yet visible, by their ids. */
    final Map<Long, Delayed> delayed = new LinkedHashMap<>();

    /** Timers of the current execution by scheduling event, until they are due. */
    final Map<Long, Instant> timers = new LinkedHashMap<>();

    final Map<Long, Activity> activities = new LinkedHashMap<>();
    OrchestrationItem.Definition definition;
    Status status = Status.PENDING;
    long executionId = 1;

    @Nullable
    Held held;

    @Nullable
    Instant notBefore;

    @Nullable
    String output;

    @Nullable
    Failure failure;

    @Nullable
    String customStatus;

    @Nullable
    String problem;

    @Nullable
    Instant finishedAt;

    Instance(WorkItem.StartOrchestration start, Instant createdAt) {
        this.id = start.instance();
        this.runId = start.runId();
        this.createdAt = createdAt;
        this.definition = new OrchestrationItem.Definition(start.orchestration(), start.version(), start.parent());
    }

    /** A message and when it becomes visible. */
    record Delayed(OrchestrationItem.Message message, Instant visibleAt) {}

    /** An activity in the queue. */
    static final class Activity {
        final WorkItem.ActivityExecute work;
        int attempt = 1;

        @Nullable
        Held held;

        @Nullable
        Failure lastFailure;

        @Nullable
        String heartbeat;

        Activity(WorkItem.ActivityExecute work) {
            this.work = work;
        }
    }

    /** All its messages, in the order in which they are, or will be, visible. */
    Stream<StoredMessage> queue() {
        return Stream.concat(
                messages.stream().map(message -> new StoredMessage(message.work(), null)),
                delayed.values().stream()
                        .sorted(Comparator.comparing(Delayed::visibleAt))
                        .map(later -> new StoredMessage(later.message().work(), later.visibleAt())));
    }

    List<Event> history(long execution) {
        return histories.getOrDefault(execution, List.of());
    }

    long lastEventId() {
        List<Event> history = history(executionId);
        return history.isEmpty() ? 0 : history.getLast().id();
    }

    void append(List<Event> events) {
        if (!events.isEmpty()) {
            histories.computeIfAbsent(executionId, key -> new ArrayList<>()).addAll(events);
        }
    }

    void version(String version) {
        definition = new OrchestrationItem.Definition(definition.orchestration(), version, definition.parent());
    }

    InstanceSnapshot snapshot() {
        return new InstanceSnapshot(
                id,
                runId,
                definition.orchestration(),
                definition.version(),
                status,
                executionId,
                output,
                failure,
                customStatus,
                problem,
                createdAt,
                finishedAt);
    }
}
