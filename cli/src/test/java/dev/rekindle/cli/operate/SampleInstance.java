package dev.rekindle.cli.operate;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An instance for tests, put together from its history: what it is follows from its events where it can. */
final class SampleInstance {
    private final String id;
    private final String orchestration;
    private final Instant createdAt;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<ExecutionHistory> past = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<QueuedMessage> messages = new ArrayList<>();
    private final List<QueuedActivity> activities = new ArrayList<>();
    private final List<QueuedTimer> timers = new ArrayList<>();
    private Status status = Status.PENDING;
    private @Nullable ParentLink parent;
    private @Nullable String problem;

    SampleInstance(String id, String orchestration, Instant createdAt) {
        this.id = id;
        this.orchestration = orchestration;
        this.createdAt = createdAt;
    }

    /** Makes an event from its id. */
    interface Happening {
        Event at(long id);
    }

    SampleInstance attribute(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    SampleInstance childOf(String instance, long scheduledId) {
        parent = new ParentLink(instance, runOf(instance), 1, scheduledId);
        return this;
    }

    /** The first event of an execution. */
    SampleInstance began(Instant at, String input) {
        status = Status.RUNNING;
        return then(event -> new Event.OrchestrationStarted(event, at, orchestration, "1.0", input, parent));
    }

    SampleInstance then(Happening happening) {
        Event event = happening.at(events.size() + 1);
        if (event instanceof Event.OrchestrationContinuedAsNew) {
            events.add(event);
            past.add(new ExecutionHistory(past.size() + 1, events.getFirst().at(), List.copyOf(events)));
            events.clear();
            return this;
        }
        events.add(event);
        if (event instanceof Event.Outcome outcome) {
            status = outcome.status();
        }
        return this;
    }

    /** An event is waited for until then. */
    SampleInstance awaits(Instant at, String channel, Instant until) {
        then(id -> new Event.EventAwaited(id, at, channel));
        return sleeps(at, until);
    }

    SampleInstance sleeps(Instant at, Instant until) {
        then(id -> new Event.TimerCreated(id, at, until));
        timers.add(new QueuedTimer(execution(), events.size(), until));
        return this;
    }

    /** An activity is in the queue, after this failure if there was one. */
    SampleInstance queues(Instant at, String activity, String input, int attempt, @Nullable Failure failure) {
        then(id -> new Event.ActivityScheduled(id, at, activity, input));
        activities.add(new QueuedActivity(
                new WorkItem.ActivityExecute(
                        id, runOf(id), execution(), events.size(), activity, input, ActivityOptions.DEFAULT, at),
                attempt,
                0,
                failure == null ? null : Samples.NOW.plusSeconds(20),
                failure,
                null,
                null));
        return this;
    }

    /** No turn has run. The message has its time, so that it isn't late for a store that has a clock of its own. */
    SampleInstance waitsToStart(String input) {
        messages.add(new QueuedMessage(
                new WorkItem.StartOrchestration(id, runOf(id), orchestration, "", input, parent, attributes, null),
                createdAt));
        return this;
    }

    SampleInstance is(Status other, String why) {
        status = other;
        problem = why;
        return this;
    }

    InstanceExport export() {
        List<ExecutionHistory> executions = new ArrayList<>(past);
        executions.add(new ExecutionHistory(
                execution(), events.isEmpty() ? null : events.getFirst().at(), events));
        InstanceSummary summary = new InstanceSummary(
                id,
                runOf(id),
                orchestration,
                events.isEmpty() ? "" : "1.0",
                status,
                execution(),
                parent,
                customStatus(),
                problem,
                attributes,
                createdAt,
                events.isEmpty() ? null : events.getFirst().at(),
                status.isTerminal() ? events.getLast().at() : null);
        return new InstanceExport(
                InstanceExport.FORMAT,
                summary,
                executions,
                new InstanceQueues(null, null, messages, activities, timers));
    }

    private long execution() {
        return past.size() + 1L;
    }

    private @Nullable String customStatus() {
        return events.stream()
                .filter(Event.CustomStatusSet.class::isInstance)
                .map(event -> ((Event.CustomStatusSet) event).value())
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    static String runOf(String instance) {
        return "run-of-" + instance;
    }

    static Instant ago(Duration time) {
        return Samples.NOW.minus(time);
    }
}
