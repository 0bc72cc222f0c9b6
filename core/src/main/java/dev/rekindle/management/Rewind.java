package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import dev.rekindle.provider.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From where an execution that has ended can go on, and what it has to be told again. Pure.
 *
 * <p>It goes on in front of a notification: that one and what followed count for nothing any more. Activities that failed
 * run again; all else that the execution was told since, and was not an answer to what is void, comes again.
 *
 * @param instance the instance
 * @param history the execution's events that count
 * @param lastEventId the last event of the execution
 * @param voidFrom the first event that goes void
 */
record Rewind(InstanceSummary instance, List<Event> history, long lastEventId, long voidFrom) {

    /** In front of what made it fail. */
    static Rewind beforeTheEnd(InstanceSummary instance, List<Event> whole) {
        List<Event> history = History.valid(whole);
        if (history.isEmpty() || !(history.getLast() instanceof Event.Outcome outcome)) {
            throw new RekindleException(
                    ErrorCode.WRONG_STATUS,
                    "nothing to go back to: instance '%s'; expected a history that ends with an outcome, found none. Fork it instead."
                            .formatted(instance.instance()));
        }
        return new Rewind(
                instance,
                history,
                outcome.id(),
                outcome instanceof Event.OrchestrationFailed failed ? culprit(history, failed) : outcome.id());
    }

    /** In front of this event, or of the notification that led to it. */
    static Rewind before(InstanceSummary instance, List<Event> whole, long eventId) {
        List<Event> history = History.valid(whole);
        return history.stream()
                .filter(event -> event instanceof Event.Notification && event.id() <= eventId)
                .reduce((earlier, later) -> later)
                .map(event -> new Rewind(instance, history, whole.getLast().id(), event.id()))
                .orElseThrow(() -> new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "no such event to go back to: instance '%s'; expected one of its history's that counts, found %d. Look at the history."
                                .formatted(instance.instance(), eventId)));
    }

    /** What the code was told last; where it gave up because of what it called, the last failure of such a call. */
    private static long culprit(List<Event> history, Event.OrchestrationFailed end) {
        String type = end.failure().type();
        boolean ofACall = type.equals(ErrorCode.ACTIVITY_FAILED.name()) || type.equals(ErrorCode.CHILD_FAILED.name());
        return history.stream()
                .filter(
                        ofACall
                                ? event -> event instanceof Event.ActivityFailed || event instanceof Event.ChildFailed
                                : Event.Notification.class::isInstance)
                .mapToLong(Event::id)
                .max()
                .orElse(end.id());
    }

    /** The message, with answers that came while nobody waited for them. */
    WorkItem.ReopenInstance message(List<? extends WorkItem.OrchestratorWork> answers) {
        List<WorkItem.OrchestratorWork> again = redelivered();
        again.addAll(answers);
        return new WorkItem.ReopenInstance(
                instance.instance(), instance.runId(), instance.executionId(), voidFrom, again);
    }

    /** The children that are waited for again. */
    List<Event.ChildScheduled> openChildren() {
        return OpenCommands.of(History.validBefore(history, voidFrom)).stream()
                .filter(Event.ChildScheduled.class::isInstance)
                .map(Event.ChildScheduled.class::cast)
                .filter(child -> redelivered().stream()
                        .noneMatch(work -> work instanceof WorkItem.CompletionWork completion
                                && completion.scheduledId() == child.id()))
                .toList();
    }

    private List<WorkItem.OrchestratorWork> redelivered() {
        List<WorkItem.OrchestratorWork> again = new ArrayList<>();
        for (Event event : history) {
            if (event.id() >= voidFrom && event instanceof Event.Notification told) {
                WorkItem.OrchestratorWork message = message(told);
                if (message != null) {
                    again.add(message);
                }
            }
        }
        return again;
    }

    private WorkItem.@Nullable OrchestratorWork message(Event.Notification told) {
        String id = instance.instance();
        String run = instance.runId();
        return switch (told) {
            case Event.OrchestrationStarted start ->
                new WorkItem.StartOrchestration(
                        id, run, start.orchestration(), start.version(), start.input(), start.parent());
            case Event.EventRaised raised -> new WorkItem.RaiseEvent(id, run, raised.channel(), raised.payload());
            case Event.ActivityCompleted done ->
                isVoid(done)
                        ? null
                        : new WorkItem.ActivityCompleted(
                                id, run, instance.executionId(), done.scheduledId(), done.output(), done.attempt());
            case Event.ChildCompleted done ->
                isVoid(done)
                        ? null
                        : new WorkItem.ChildCompleted(
                                id, run, instance.executionId(), done.scheduledId(), done.output());
            case Event.ActivityFailed failed -> null;
            case Event.ChildFailed failed -> null;
            case Event.TimerFired fired -> null;
            case Event.CancelRequested cancel -> null;
            case Event.OrchestrationReopened reopened -> null;
        };
    }

    /** Whether the answer is to something that is void too. */
    private boolean isVoid(Event.Completion answer) {
        return answer.scheduledId() >= voidFrom;
    }

    /** What a parent has to be told of a child that ended in the meantime; null when the child goes on. */
    static WorkItem.@Nullable CompletionWork answer(
            InstanceSummary parent, Event.ChildScheduled child, ExecutionInfo end) {
        return switch (end.status()) {
            case COMPLETED ->
                new WorkItem.ChildCompleted(
                        parent.instance(),
                        parent.runId(),
                        parent.executionId(),
                        child.id(),
                        Objects.requireNonNullElse(end.output(), "null"));
            case CANCELLED ->
                new WorkItem.ChildFailed(
                        parent.instance(),
                        parent.runId(),
                        parent.executionId(),
                        child.id(),
                        Objects.requireNonNullElseGet(
                                end.failure(),
                                () -> Failure.of(ErrorCode.CANCELLED, "the child was cancelled", false)));
            case PENDING, RUNNING, SUSPENDED, STUCK, FAILED, TERMINATED, CONTINUED_AS_NEW -> null;
        };
    }
}
