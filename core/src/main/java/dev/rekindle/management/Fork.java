package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ForkOrigin;
import dev.rekindle.provider.History;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A start that goes on from where another instance was. Pure.
 *
 * @param source the other instance
 * @param executionId which execution of it
 * @param whole all events of that execution
 * @param request what is asked for
 */
record Fork(InstanceSummary source, long executionId, List<Event> whole, ForkRequest request) {

    /**
     * The message that starts it.
     *
     * @param runId the identity of the new instance's run
     * @throws RekindleException {@code INVALID_ARGUMENT} when there is no such event
     */
    WorkItem.StartOrchestration start(String runId) {
        Event.OrchestrationStarted start = History.valid(whole).stream()
                .filter(Event.OrchestrationStarted.class::isInstance)
                .map(Event.OrchestrationStarted.class::cast)
                .findFirst()
                .orElseThrow(() -> noSuchEvent(1, 0));
        long last = whole.getLast().id();
        if (request.throughEvent() < 0 || request.throughEvent() > last) {
            throw noSuchEvent(request.throughEvent(), last);
        }
        String input = Objects.requireNonNullElse(request.input(), start.input());
        return new WorkItem.StartOrchestration(
                Limits.checkInstanceId(request.instance()),
                runId,
                start.orchestration(),
                Objects.requireNonNullElse(request.version(), start.version()),
                Limits.checkPayload("input of '" + request.instance() + "'", input),
                null,
                source.attributes(),
                takenOver());
    }

    private WorkItem.@Nullable Fork takenOver() {
        List<Event> past = JsonText.renumbered(History.valid(whole).stream()
                .filter(event -> event.id() <= request.throughEvent())
                .filter(event -> !(event instanceof Event.Outcome || event instanceof Event.OrchestrationReopened))
                .toList());
        return past.stream().anyMatch(Event.OrchestrationStarted.class::isInstance)
                ? new WorkItem.Fork(
                        new ForkOrigin(source.instance(), source.runId(), executionId, request.throughEvent()), past)
                : null;
    }

    private RekindleException noSuchEvent(long event, long last) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "no such event: instance '%s'; expected 0 to %d, found %d. Look at its history."
                        .formatted(source.instance(), last, event));
    }
}
