package dev.rekindle.memory;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One instance with all that is its own. Guarded by the gate's lock. */
final class Instance {
    /** Later ones have higher numbers. */
    final long number;

    final String id;
    final String runId;
    final Map<String, String> attributes;
    final Instant createdAt;

    /** When the first turn of each execution ran that has had one and was not pruned. */
    final TreeMap<Long, Instant> startedAt = new TreeMap<>();

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

    /** The oldest that has not been pruned. */
    long oldestExecutionId = 1;

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

    /** When its very first turn ran; null while none has. */
    @Nullable
    Instant firstTurnAt;

    @Nullable
    Instant finishedAt;

    Instance(long number, WorkItem.StartOrchestration start, Instant createdAt) {
        this.number = number;
        this.id = start.instance();
        this.runId = start.runId();
        this.attributes = start.attributes();
        this.createdAt = createdAt;
        this.definition = new OrchestrationItem.Definition(start.orchestration(), start.version(), start.parent());
    }

    Instance(long number, InstanceSummary its) {
        this.number = number;
        this.id = its.instance();
        this.runId = its.runId();
        this.attributes = its.attributes();
        this.createdAt = its.createdAt();
        this.definition = new OrchestrationItem.Definition(its.orchestration(), its.version(), its.parent());
        this.status = its.status();
        this.executionId = its.executionId();
        this.customStatus = its.customStatus();
        this.problem = its.problem();
        this.finishedAt = its.finishedAt();
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

        /** When it becomes, or became, visible; null when it was from the beginning. A timer's is when it was due. */
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

        /** When the next attempt may begin; null when it was not put off. */
        @Nullable
        Instant visibleAt;

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
     * until that is visible only a termination can be acted on, as while it is suspended.
     */
    boolean canGoOn() {
        boolean waits = status == Status.SUSPENDED || (lastEventId() == 0 && !opensWithFirstMessage());
        return waits
                ? messages.values().stream().anyMatch(letter -> letter.work() instanceof WorkItem.TerminateInstance)
                : !messages.isEmpty();
    }

    private boolean opensWithFirstMessage() {
        return !messages.isEmpty() && messages.firstEntry().getValue().opens();
    }

    /** Its messages that are not of timers, those that are not yet visible included. */
    Stream<Letter> letters() {
        return Stream.concat(messages.values().stream(), delayed.values().stream())
                .filter(letter -> !(letter.work() instanceof WorkItem.TimerFired));
    }

    /** Its timers, by scheduling event, those included that are due and that it has not taken. */
    SortedMap<Long, Instant> allTimers() {
        SortedMap<Long, Instant> all = new TreeMap<>(timers);
        for (Letter letter : messages.values()) {
            if (letter.work() instanceof WorkItem.TimerFired fired && letter.visibleAt != null) {
                all.put(fired.scheduledId(), letter.visibleAt);
            }
        }
        return all;
    }

    List<Event> history(long execution) {
        return histories.getOrDefault(execution, List.of());
    }

    long lastEventId() {
        List<Event> history = history(executionId);
        return history.isEmpty() ? 0 : history.getLast().id();
    }

    void append(List<Event> events) {
        append(executionId, events);
    }

    void append(long execution, List<Event> events) {
        if (!events.isEmpty()) {
            histories.computeIfAbsent(execution, key -> new ArrayList<>()).addAll(events);
        }
    }

    /** A turn has run. */
    void ran(Instant now) {
        startedAt.putIfAbsent(executionId, now);
        firstTurnAt = firstTurnAt == null ? now : firstTurnAt;
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
