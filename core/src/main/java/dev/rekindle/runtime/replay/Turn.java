package dev.rekindle.runtime.replay;

import dev.rekindle.Failure;
import dev.rekindle.analytics.Subject;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnCommit.Transition;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One turn of an execution: messages in, the code runs until it waits, one commit out.
 *
 * <p>Messages are delivered one by one, each with all that the code does about it, so that the history shows the exact
 * order and a replay needs nothing else. A message that nobody waits for any more is dropped, or becomes a dead letter
 * where somebody meant it to be read.
 */
public final class Turn {
    private final Execution execution;
    private final Instant now;
    private final List<WorkItem.OrchestratorWork> tooLate = new ArrayList<>();

    private Turn(Execution execution, Instant now) {
        this.execution = execution;
        this.now = now.isBefore(execution.now()) ? execution.now() : now;
    }

    /**
     * Takes a turn. Unless it is stuck, all the messages are used up by it.
     *
     * @param now the time that the turn's events get, unless it lies before the history's
     */
    public static TurnOutcome take(Execution execution, List<WorkItem.OrchestratorWork> messages, Instant now) {
        return new Turn(execution, now).run(messages);
    }

    /**
     * Ends an instance without asking its code, which need not even exist here.
     *
     * @param history the current execution so far
     * @param messages what it uses up: events among them become dead letters, like those that the history holds and no
     *     wait took
     */
    public static TurnOutcome.Committable terminate(
            Identity identity,
            String version,
            List<Event> history,
            List<WorkItem.OrchestratorWork> messages,
            String reason,
            Instant now) {
        long lastId = history.isEmpty() ? 0 : history.getLast().id();
        EffectsDraft effects = new EffectsDraft();
        for (Event.ChildScheduled child : openChildren(History.valid(history))) {
            effects.send(new WorkItem.CancelInstance(child.instance(), child.runId(), "its parent was terminated"));
        }
        List<Event> events = new ArrayList<>();
        if (!history.isEmpty() && history.getLast() instanceof Event.Outcome voided) {
            events.add(new Event.OrchestrationReopened(lastId + 1, now, voided.id()));
        } else {
            bury(effects, letters(identity, Mailboxes.of(History.valid(history)).leftovers()));
        }
        messages.forEach(message -> bury(effects, eventsIn(message)));
        Event.OrchestrationTerminated outcome =
                new Event.OrchestrationTerminated(lastId + events.size() + 1, now, reason);
        events.add(outcome);
        answerParent(effects, identity.parent(), outcome);
        return new TurnOutcome.Committable(
                new TurnCommit.Position(identity.executionId(), lastId, version),
                events,
                effects,
                finished(outcome),
                history.stream()
                        .filter(Event.ActivityScheduled.class::isInstance)
                        .map(Event::id)
                        .toList(),
                List.of(new Observation(
                        Subject.Kind.ORCHESTRATION, "", outcome.status(), beginning(history, now), now, null)));
    }

    private static Instant beginning(List<Event> history, Instant otherwise) {
        return history.stream()
                .filter(Event.OrchestrationStarted.class::isInstance)
                .map(Event::at)
                .findFirst()
                .orElse(otherwise);
    }

    private TurnOutcome run(List<WorkItem.OrchestratorWork> messages) {
        TurnCommit.Position position = new TurnCommit.Position(
                execution.identity().executionId(),
                execution.lastEventId(),
                execution.code().definition().version());
        for (WorkItem.OrchestratorWork message : startFirst(messages)) {
            if (execution.outcome().isPresent()) {
                tooLate.add(message);
                continue;
            }
            deliver(message);
            Optional<String> trouble = execution.trouble();
            if (trouble.isPresent()) {
                return new TurnOutcome.Stuck(trouble.get());
            }
        }
        Transition transition = execution.outcome().map(this::finish).orElseGet(Transition.Stay::new);
        return new TurnOutcome.Committable(
                position,
                execution.takeEvents(),
                execution.takeEffects(),
                transition,
                execution.takeUnwantedActivities(),
                execution.takeObservations());
    }

    /** Messages that came while an execution was ending stand before the one that begins the next, and are newer. */
    private static List<WorkItem.OrchestratorWork> startFirst(List<WorkItem.OrchestratorWork> messages) {
        List<WorkItem.OrchestratorWork> ordered = new ArrayList<>(messages);
        ordered.sort(Comparator.comparing(message -> !begins(message)));
        return ordered;
    }

    private static boolean begins(WorkItem.OrchestratorWork message) {
        return message instanceof WorkItem.StartOrchestration || message instanceof WorkItem.ContinueAsNew;
    }

    private void deliver(WorkItem.OrchestratorWork message) {
        switch (message) {
            case WorkItem.StartOrchestration start
            when start.fork() != null && !execution.hasStarted() -> execution.takeOver(start, start.fork());
            case WorkItem.ReopenInstance reopen -> reopen(reopen);
            default -> tell(message);
        }
    }

    private void tell(WorkItem.OrchestratorWork message) {
        for (Event.Notification notification : notifications(message)) {
            execution.deliver(notification);
        }
    }

    /**
     * What was open then is open again, except what the messages that come again have answered. Whoever sent this has seen
     * to the children.
     */
    private void reopen(WorkItem.ReopenInstance reopen) {
        long reopened = execution.nextId();
        execution.deliver(new Event.OrchestrationReopened(reopened, now, reopen.voidFrom()));
        reopen.redelivered().forEach(this::tell);
        execution.rearm(reopened, false);
    }

    /** What a message tells the code: nothing when it is stale. Made lazily, as ids follow what the code does. */
    private Iterable<Event.Notification> notifications(WorkItem.OrchestratorWork message) {
        long id = execution.nextId();
        return switch (message) {
            case WorkItem.StartOrchestration start ->
                started(id, start.orchestration(), start.input(), start.parent(), List.of());
            case WorkItem.ContinueAsNew next ->
                started(id, next.orchestration(), next.input(), next.parent(), next.carried());
            case WorkItem.RaiseEvent raise -> List.of(new Event.EventRaised(id, now, raise.channel(), raise.payload()));
            case WorkItem.CancelInstance cancel -> List.of(new Event.CancelRequested(id, now, cancel.reason()));
            case WorkItem.CompletionWork completion -> completed(id, completion);
            case WorkItem.TerminateInstance terminate ->
                throw new IllegalArgumentException("terminations don't go through the code");
            case WorkItem.ReopenInstance reopen ->
                throw new IllegalArgumentException("what comes again can't reopen anything");
        };
    }

    private Iterable<Event.Notification> started(
            long id,
            String orchestration,
            String input,
            @Nullable ParentLink parent,
            List<WorkItem.RaiseEvent> carried) {
        if (execution.hasStarted()) {
            return List.of();
        }
        List<Event.Notification> notifications = new ArrayList<>();
        long next = id;
        for (WorkItem.RaiseEvent letter : carried) {
            notifications.add(new Event.EventRaised(next++, now, letter.channel(), letter.payload()));
        }
        notifications.add(new Event.OrchestrationStarted(
                next, now, orchestration, execution.code().definition().version(), input, parent));
        return notifications;
    }

    private List<Event.Notification> completed(long id, WorkItem.CompletionWork completion) {
        Identity identity = execution.identity();
        boolean wanted = completion.executionId() == identity.executionId()
                && completion.runId().equals(identity.runId())
                && execution.waitsFor(completion.scheduledId());
        if (!wanted) {
            return List.of();
        }
        long scheduledId = completion.scheduledId();
        return List.of(
                switch (completion) {
                    case WorkItem.ActivityCompleted work ->
                        new Event.ActivityCompleted(id, now, scheduledId, work.output(), work.attempt());
                    case WorkItem.ActivityFailed work ->
                        new Event.ActivityFailed(id, now, scheduledId, work.failure(), work.attempt());
                    case WorkItem.ChildCompleted work -> new Event.ChildCompleted(id, now, scheduledId, work.output());
                    case WorkItem.ChildFailed work -> new Event.ChildFailed(id, now, scheduledId, work.failure());
                    case WorkItem.TimerFired work -> new Event.TimerFired(id, now, scheduledId);
                });
    }

    private Transition finish(Event.Outcome outcome) {
        return switch (outcome) {
            case Event.OrchestrationContinuedAsNew next -> continueAsNew(next);
            case Event.OrchestrationCompleted end -> end(end);
            case Event.OrchestrationFailed end -> end(end);
            case Event.OrchestrationCancelled end -> end(end);
            case Event.OrchestrationTerminated end ->
                throw new IllegalStateException("terminations don't go through the code");
        };
    }

    private Transition continueAsNew(Event.OrchestrationContinuedAsNew end) {
        Identity identity = execution.identity();
        List<WorkItem.RaiseEvent> carried = new ArrayList<>(leftovers());
        execution
                .untoldCancellation()
                .map(reason -> new WorkItem.CancelInstance(identity.instance(), identity.runId(), reason))
                .ifPresent(execution.effects()::send);
        for (WorkItem.OrchestratorWork message : tooLate) {
            switch (message) {
                case WorkItem.RaiseEvent raise -> carried.add(raise);
                case WorkItem.CancelInstance cancel -> execution.effects().send(cancel);
                case WorkItem.StartOrchestration ignored -> {}
                case WorkItem.ContinueAsNew ignored -> {}
                case WorkItem.CompletionWork ignored -> {}
                case WorkItem.TerminateInstance ignored -> {}
                case WorkItem.ReopenInstance ignored -> {}
            }
        }
        return new Transition.ContinueAsNew(new WorkItem.ContinueAsNew(
                identity.instance(),
                identity.runId(),
                execution.code().definition().name(),
                end.version(),
                end.input(),
                identity.parent(),
                carried));
    }

    private Transition end(Event.Outcome outcome) {
        bury(execution.effects(), leftovers());
        tooLate.forEach(message -> bury(execution.effects(), eventsIn(message)));
        answerParent(execution.effects(), execution.identity().parent(), outcome);
        return finished(outcome);
    }

    private static Transition finished(Event.Outcome outcome) {
        return new Transition.Finish(outcome.status(), outcome.output(), outcome.failure());
    }

    private List<WorkItem.RaiseEvent> leftovers() {
        return letters(execution.identity(), execution.leftovers());
    }

    private static List<WorkItem.RaiseEvent> letters(Identity identity, List<Mailboxes.Letter> letters) {
        return letters.stream()
                .map(letter -> new WorkItem.RaiseEvent(
                        identity.instance(), identity.runId(), letter.channel(), letter.payload()))
                .toList();
    }

    /** What somebody meant to be read. */
    private static List<WorkItem.RaiseEvent> eventsIn(WorkItem.OrchestratorWork message) {
        return switch (message) {
            case WorkItem.RaiseEvent raise -> List.of(raise);
            case WorkItem.ContinueAsNew next -> next.carried();
            case WorkItem.StartOrchestration ignored -> List.of();
            case WorkItem.CancelInstance ignored -> List.of();
            case WorkItem.CompletionWork ignored -> List.of();
            case WorkItem.TerminateInstance ignored -> List.of();
            case WorkItem.ReopenInstance ignored -> List.of();
        };
    }

    private static void bury(EffectsDraft effects, List<WorkItem.RaiseEvent> letters) {
        letters.forEach(letter -> effects.bury(letter, TurnCommit.DeadLetter.UNTAKEN));
    }

    private static void answerParent(EffectsDraft effects, @Nullable ParentLink parent, Event.Outcome outcome) {
        if (parent == null) {
            return;
        }
        String output = outcome.output();
        Failure failure = outcome.failure();
        if (failure == null && output != null) {
            effects.send(new WorkItem.ChildCompleted(
                    parent.instance(), parent.runId(), parent.executionId(), parent.scheduledId(), output));
        } else if (failure != null) {
            effects.send(new WorkItem.ChildFailed(
                    parent.instance(), parent.runId(), parent.executionId(), parent.scheduledId(), failure));
        }
    }

    private static List<Event.ChildScheduled> openChildren(List<Event> history) {
        List<Event.ChildScheduled> open = new ArrayList<>();
        for (Event event : history) {
            switch (event) {
                case Event.ChildScheduled child -> open.add(child);
                case Event.ChildCompleted done -> open.removeIf(child -> child.id() == done.scheduledId());
                case Event.ChildFailed done -> open.removeIf(child -> child.id() == done.scheduledId());
                default -> {}
            }
        }
        return open;
    }
}
