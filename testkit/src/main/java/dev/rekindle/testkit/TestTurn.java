package dev.rekindle.testkit;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A turn that a test puts together and commits. Each method that adds something returns this turn. */
public final class TestTurn {
    /** When the events of these turns happened. */
    public static final Instant AT = TestClock.START;

    private static final String VERSION = "1";

    private final TestNode node;
    private final OrchestrationItem item;
    private final List<Event> events = new ArrayList<>();
    private final List<Long> messages = new ArrayList<>();
    private final List<WorkLease> consumedWork = new ArrayList<>();
    private final List<TurnCommit.NewActivity> activities = new ArrayList<>();
    private final List<Long> cancelledActivities = new ArrayList<>();
    private final List<TurnCommit.Timer> timers = new ArrayList<>();
    private final List<Long> cancelledTimers = new ArrayList<>();
    private final List<WorkItem.OrchestratorWork> sent = new ArrayList<>();
    private final List<TurnCommit.DeadLetter> deadLetters = new ArrayList<>();
    private InstanceLease lease;
    private TurnCommit.@Nullable CustomStatus customStatus;
    private TurnCommit.Transition transition = new TurnCommit.Transition.Stay();
    private String version = VERSION;
    private long execution;
    private long last;
    private boolean keep;
    private boolean untold;

    private TestTurn(TestNode node, OrchestrationItem item, long execution, long last) {
        this.node = node;
        this.item = item;
        this.lease = item.lease();
        this.execution = execution;
        this.last = last;
    }

    /** A turn that consumes every message that was fetched, each with the event that a runtime records of it. */
    public static TestTurn of(TestNode node, OrchestrationItem item) {
        TestTurn turn = on(node, item);
        item.messages().forEach(turn::take);
        return turn;
    }

    /** A turn that so far consumes nothing. */
    public static TestTurn on(TestNode node, OrchestrationItem item) {
        return new TestTurn(node, item, item.executionId(), item.lastEventId());
    }

    /** Consumes a message, with the events that a runtime records of it. */
    public TestTurn take(OrchestrationItem.Message message) {
        messages.add(message.id());
        switch (message.work()) {
            case WorkItem.StartOrchestration start -> started(start.orchestration(), start.input());
            case WorkItem.ContinueAsNew next -> {
                next.carried().forEach(this::raised);
                version = next.version();
                started(next.orchestration(), next.input());
            }
            case WorkItem.RaiseEvent event -> raised(event);
            case WorkItem.CancelInstance cancel -> event(new Event.CancelRequested(next(), AT, cancel.reason()));
            case WorkItem.ActivityCompleted done ->
                event(new Event.ActivityCompleted(next(), AT, done.scheduledId(), done.output()));
            case WorkItem.ActivityFailed failed ->
                event(new Event.ActivityFailed(next(), AT, failed.scheduledId(), failed.failure()));
            case WorkItem.ChildCompleted done ->
                event(new Event.ChildCompleted(next(), AT, done.scheduledId(), done.output()));
            case WorkItem.ChildFailed failed ->
                event(new Event.ChildFailed(next(), AT, failed.scheduledId(), failed.failure()));
            case WorkItem.TimerFired fired -> event(new Event.TimerFired(next(), AT, fired.scheduledId()));
            case WorkItem.TerminateInstance terminate -> note("\"told to end\"");
            case WorkItem.ReopenInstance reopen ->
                event(new Event.OrchestrationReopened(next(), AT, reopen.voidFrom()));
        }
        return this;
    }

    /** Consumes a message and leaves no event of it. */
    public TestTurn drop(OrchestrationItem.Message message) {
        untold = true;
        messages.add(message.id());
        return this;
    }

    private void started(String orchestration, String input) {
        event(new Event.OrchestrationStarted(
                next(), AT, orchestration, version, input, item.start().parent()));
    }

    private void raised(WorkItem.RaiseEvent event) {
        event(new Event.EventRaised(next(), AT, event.channel(), event.payload()));
    }

    /** What was fetched. */
    public OrchestrationItem item() {
        return item;
    }

    /** The lease that it is committed under. */
    public InstanceLease lease() {
        return lease;
    }

    /** Commits under another lease than the one that was fetched. */
    public TestTurn under(InstanceLease other) {
        lease = other;
        return this;
    }

    /** The id that the next event will have. */
    public long next() {
        return last + events.size() + 1;
    }

    /** Adds an event; its id is {@link #next()} in a sound turn. */
    public TestTurn event(Event event) {
        events.add(event);
        return this;
    }

    /** Adds an event that says nothing special. */
    public TestTurn note(String value) {
        return event(new Event.CustomStatusSet(next(), AT, value));
    }

    /** Adds this many events that say nothing special. */
    public TestTurn notes(int count) {
        for (int i = 0; i < count; i++) {
            note("" + i);
        }
        return this;
    }

    /** Schedules an activity for anyone. */
    public TestTurn schedule() {
        return schedule(TestNode.activity(item, execution, next()), false);
    }

    /** Schedules an activity that the receipt leases to this node. */
    public TestTurn scheduleHere() {
        return schedule(TestNode.activity(item, execution, next()), true);
    }

    /** Schedules this activity, whose id must be {@link #next()}. */
    public TestTurn schedule(WorkItem.ActivityExecute work, boolean leaseToCaller) {
        activities.add(new TurnCommit.NewActivity(work, leaseToCaller));
        return event(new Event.ActivityScheduled(next(), AT, work.activity(), work.input()));
    }

    /** Takes an activity back. */
    public TestTurn cancelActivity(long scheduledId) {
        cancelledActivities.add(scheduledId);
        return event(new Event.ActivityCancelled(next(), AT, scheduledId));
    }

    /** Sets a timer. */
    public TestTurn timer(Instant due) {
        timers.add(new TurnCommit.Timer(next(), due));
        return event(new Event.TimerCreated(next(), AT, due));
    }

    /** Sets a timer that is due so long after {@link #AT}. */
    public TestTurn timer(Duration after) {
        return timer(AT.plus(after));
    }

    /** Takes a timer back. */
    public TestTurn cancelTimer(long scheduledId) {
        cancelledTimers.add(scheduledId);
        return event(new Event.TimerCancelled(next(), AT, scheduledId));
    }

    /** Sends a message to another instance; it leaves no event. */
    public TestTurn send(WorkItem.OrchestratorWork message) {
        sent.add(message);
        return this;
    }

    /** Records a dead letter of this instance. */
    public TestTurn bury(WorkItem.OrchestratorWork work, String reason) {
        deadLetters.add(new TurnCommit.DeadLetter(work, reason));
        return this;
    }

    /** Sets the custom status; null takes it back. */
    public TestTurn customStatus(@Nullable String value) {
        customStatus = new TurnCommit.CustomStatus(value);
        return event(new Event.CustomStatusSet(next(), AT, value));
    }

    /** Completes leased activities in this turn itself. */
    public TestTurn consume(WorkLease... leases) {
        for (WorkLease done : leases) {
            consumedWork.add(done);
            event(new Event.ActivityCompleted(next(), AT, done.scheduledId(), "1"));
        }
        return this;
    }

    /** Pretends that the history stands elsewhere. */
    public TestTurn at(long executionId, long lastEventId) {
        execution = executionId;
        last = lastEventId;
        return this;
    }

    /** Pretends that code of this version runs. */
    public TestTurn version(String ran) {
        version = ran;
        return this;
    }

    /** Keeps the lease over the commit. */
    public TestTurn keep() {
        keep = true;
        return this;
    }

    /** Ends the instance with an output. */
    public TestTurn complete(String output) {
        transition = new TurnCommit.Transition.Finish(Status.COMPLETED, output, null);
        return event(new Event.OrchestrationCompleted(next(), AT, output));
    }

    /** Ends the instance with a failure. */
    public TestTurn fail(Failure failure) {
        transition = new TurnCommit.Transition.Finish(Status.FAILED, null, failure);
        return event(new Event.OrchestrationFailed(next(), AT, failure));
    }

    /** Ends the instance as cancelled. */
    public TestTurn cancelled(Failure failure) {
        transition = new TurnCommit.Transition.Finish(Status.CANCELLED, null, failure);
        return event(new Event.OrchestrationCancelled(next(), AT, failure.message()));
    }

    /** Ends the instance as terminated. */
    public TestTurn terminated(Failure failure) {
        transition = new TurnCommit.Transition.Finish(Status.TERMINATED, null, failure);
        return event(new Event.OrchestrationTerminated(next(), AT, failure.message()));
    }

    /** Begins the next execution with this input; it carries these messages. */
    public TestTurn continueAsNew(String input, WorkItem.RaiseEvent... carried) {
        return continueAsNew(VERSION, input, carried);
    }

    /** Begins the next execution on code of another version. */
    public TestTurn continueAsNew(String nextVersion, String input, WorkItem.RaiseEvent... carried) {
        transition = new TurnCommit.Transition.ContinueAsNew(new WorkItem.ContinueAsNew(
                item.lease().instance(),
                item.lease().runId(),
                "Orders",
                nextVersion,
                input,
                item.start().parent(),
                List.of(carried)));
        return event(new Event.OrchestrationContinuedAsNew(next(), AT, nextVersion, input));
    }

    /** What would be committed. */
    public TurnCommit build() {
        return new TurnCommit(
                lease,
                new TurnCommit.Position(execution, last, version),
                new TurnCommit.Consumed(messages, consumedWork),
                events,
                new TurnCommit.Effects(
                        activities, cancelledActivities, timers, cancelledTimers, sent, deadLetters, customStatus),
                transition,
                keep);
    }

    /** Commits it. */
    public TurnReceipt commit() {
        return node.commit(this);
    }

    /**
     * Starts the instance together with this, its {@linkplain TestNode#beginning first} turn. The next turn is taken {@link
     * #under} the lease that comes back.
     */
    public Optional<EagerStart.Receipt> startEagerly() {
        WorkItem.StartOrchestration start =
                (WorkItem.StartOrchestration) item.messages().getFirst().work();
        return Bench.capability(node.provider(), EagerStartCapability.class)
                .startEagerly(new EagerStart(
                        node.id(), start, version, events, new EagerStart.Scheduled(activities, timers), keep));
    }

    /** Commits, and begins the next turn under the same lease. */
    public TestTurn commitAndGoOn() {
        commit();
        return followUp();
    }

    /** The next turn under the same lease, when this one has been committed. */
    public TestTurn followUp() {
        return new TestTurn(node, item, execution, last + events.size());
    }

    List<WorkItem.OrchestratorWork> sent() {
        return sent;
    }

    boolean isUntold() {
        return untold;
    }
}
