package dev.rekindle.memory;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One instance with all that is its own. Guarded by the gate's lock. */
final class Instance {
    final String id;
    final String runId;
    final Instant createdAt;
    final TreeMap<Long, List<Event>> histories = new TreeMap<>();

    /** Its visible messages by their ids, in the order in which a node gets them. */
    final LinkedHashMap<Long, Letter> messages = new LinkedHashMap<>();

    /** Messages that are not yet visible, by their ids. */
    final Map<Long, Letter> delayed = new LinkedHashMap<>();

    /** Timers of the current execution that are not yet due, by scheduling event. */
    final Map<Long, Instant> timers = new LinkedHashMap<>();

    /** Activities of the current execution, by scheduling event. */
    final Map<Long, Activity> activities = new LinkedHashMap<>();

    OrchestrationItem.Definition definition;
    Status status = Status.PENDING;
    long executionId = 1;

    @Nullable
    Held held;

    /** Nobody gets it before; null when anybody may. */
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

    /** The right of a node to run an instance or an activity. */
    record Held(long token, NodeId node) {
        static boolean by(@Nullable Held held, NodeId node) {
            return held != null && held.node().equals(node);
        }

        static boolean with(@Nullable Held held, long token) {
            return held != null && held.token() == token;
        }
    }

    /** A message in the queue. */
    static final class Letter {
        final OrchestrationItem.Message message;

        /** When it becomes, or became, visible; null when it was from the beginning. */
        final @Nullable Instant visibleAt;

        /** Whether the node that has the instance has this message too, and did not just let it come. */
        boolean handed;

        int nodeDeaths;

        Letter(OrchestrationItem.Message message, @Nullable Instant visibleAt) {
            this.message = message;
            this.visibleAt = visibleAt;
        }

        WorkItem.OrchestratorWork work() {
            return message.work();
        }

        /** Whether an execution begins with it. */
        boolean opens() {
            return work() instanceof WorkItem.StartOrchestration || work() instanceof WorkItem.ContinueAsNew;
        }
    }

    /** An activity in the queue. */
    static final class Activity {
        final WorkItem.ActivityExecute work;
        int attempt = 1;
        int nodeDeaths;

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

    /** Makes a message visible. */
    void put(Letter letter) {
        if (letter.opens()) {
            messages.putFirst(letter.message.id(), letter);
        } else {
            messages.put(letter.message.id(), letter);
        }
    }

    /**
     * Whether its messages are of use to a node: an execution without events begins with the message that opens it, and
     * until that is visible only a termination can be acted on.
     */
    boolean canGoOn() {
        return !messages.isEmpty()
                && (lastEventId() > 0
                        || messages.firstEntry().getValue().opens()
                        || messages.values().stream()
                                .anyMatch(letter -> letter.work() instanceof WorkItem.TerminateInstance));
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
