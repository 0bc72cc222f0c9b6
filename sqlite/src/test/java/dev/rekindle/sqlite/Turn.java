package dev.rekindle.sqlite;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A turn that a test puts together and commits. */
final class Turn {
    static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    final OrchestrationItem item;
    private final Node node;
    private long execution;
    private long last;
    private final List<Event> events = new ArrayList<>();
    private List<Long> messages = List.of();
    private List<WorkLease> consumedWork = List.of();
    private final List<TurnCommit.NewActivity> activities = new ArrayList<>();
    private final List<Long> cancelledActivities = new ArrayList<>();
    private final List<TurnCommit.Timer> timers = new ArrayList<>();
    private final List<Long> cancelledTimers = new ArrayList<>();
    private final List<WorkItem.OrchestratorWork> sent = new ArrayList<>();
    private TurnCommit.@Nullable CustomStatus customStatus;
    private TurnCommit.Transition transition = new TurnCommit.Transition.Stay();
    private boolean keep;

    private Turn(Node node, OrchestrationItem item, long execution, long last) {
        this.node = node;
        this.item = item;
        this.execution = execution;
        this.last = last;
    }

    /** A turn that consumes what was fetched. */
    static Turn of(Node node, OrchestrationItem item) {
        Turn turn = new Turn(node, item, item.executionId(), item.lastEventId());
        turn.messages =
                item.messages().stream().map(OrchestrationItem.Message::id).toList();
        return turn;
    }

    /** A turn that consumes what was fetched and begins the history. */
    static Turn first(Node node, OrchestrationItem item) {
        Turn turn = of(node, item);
        return turn.event(new Event.OrchestrationStarted(
                turn.next(), AT, "Orders", "1", "{}", item.start().parent()));
    }

    InstanceLease lease() {
        return item.lease();
    }

    /** The id that the next event will have. */
    long next() {
        return last + events.size() + 1;
    }

    Turn event(Event event) {
        events.add(event);
        return this;
    }

    /** An event that says nothing special. */
    Turn note(String value) {
        return event(new Event.CustomStatusSet(next(), AT, value));
    }

    Turn schedule(boolean lease) {
        WorkItem.ActivityExecute work = Node.activity(item, execution, next());
        activities.add(new TurnCommit.NewActivity(work, lease));
        return event(new Event.ActivityScheduled(next(), AT, work.activity(), work.input()));
    }

    Turn cancelActivity(long scheduledId) {
        cancelledActivities.add(scheduledId);
        return event(new Event.ActivityCancelled(next(), AT, scheduledId));
    }

    Turn timer(Instant due) {
        timers.add(new TurnCommit.Timer(next(), due));
        return event(new Event.TimerCreated(next(), AT, due));
    }

    Turn cancelTimer(long scheduledId) {
        cancelledTimers.add(scheduledId);
        return event(new Event.TimerCancelled(next(), AT, scheduledId));
    }

    Turn send(WorkItem.OrchestratorWork message) {
        sent.add(message);
        return this;
    }

    Turn customStatus(@Nullable String value) {
        customStatus = new TurnCommit.CustomStatus(value);
        return event(new Event.CustomStatusSet(next(), AT, value));
    }

    Turn consume(WorkLease... leases) {
        consumedWork = List.of(leases);
        for (WorkLease lease : leases) {
            event(new Event.ActivityCompleted(next(), AT, lease.scheduledId(), "1"));
        }
        return this;
    }

    Turn at(long executionId, long lastEventId) {
        execution = executionId;
        last = lastEventId;
        return this;
    }

    Turn keep() {
        keep = true;
        return this;
    }

    Turn complete(String output) {
        transition = new TurnCommit.Transition.Finish(Status.COMPLETED, output, null);
        return event(new Event.OrchestrationCompleted(next(), AT, output));
    }

    Turn fail(Failure failure) {
        transition = new TurnCommit.Transition.Finish(Status.FAILED, null, failure);
        return event(new Event.OrchestrationFailed(next(), AT, failure));
    }

    Turn continueAsNew(String input) {
        transition = new TurnCommit.Transition.ContinueAsNew(new WorkItem.ContinueAsNew(
                item.lease().instance(), item.lease().runId(), "Orders", "1", input, null, List.of()));
        return event(new Event.OrchestrationContinuedAsNew(next(), AT, "1", input));
    }

    TurnCommit build() {
        return new TurnCommit(
                item.lease(),
                new TurnCommit.Position(execution, last, "1"),
                new TurnCommit.Consumed(messages, consumedWork),
                events,
                new TurnCommit.Effects(
                        activities, cancelledActivities, timers, cancelledTimers, sent, List.of(), customStatus),
                transition,
                keep);
    }

    TurnReceipt commit() {
        return node.provider.ackOrchestrationItem(build());
    }

    /** Commits, and begins the next turn under the same lease. */
    Turn commitAndGoOn() {
        commit();
        return followUp();
    }

    /** The next turn under the same lease. */
    Turn followUp() {
        return new Turn(node, item, execution, last + events.size());
    }

    Instant after(Duration time) {
        return AT.plus(time);
    }
}
