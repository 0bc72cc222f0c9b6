package dev.rekindle.cli.operate;

import dev.rekindle.Failure;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the events of a history one after the other, and remembers what the later ones refer to. Not thread-safe. */
final class Story {
    /** What the commands seen so far were about, by their ids. */
    private final Map<Long, String> subjects = new HashMap<>();

    /**
     * One event.
     *
     * @param text what it says beside its payloads
     * @param payloads the payloads, by what they are
     * @param failure why, when it tells of a failure
     */
    record Chapter(
            Event event,
            String text,
            Map<String, String> payloads,
            @Nullable Failure failure) {
        /** The name of its kind. */
        String kind() {
            return event.getClass().getSimpleName();
        }

        Style style() {
            return switch (event) {
                case Event.Outcome outcome -> Style.of(outcome.status());
                case Event.ActivityFailed failed -> Style.RED;
                case Event.ChildFailed failed -> Style.RED;
                case Event.CancelRequested requested -> Style.YELLOW;
                case Event.OrchestrationReopened reopened -> Style.YELLOW;
                case Event.Notification notification -> Style.GREEN;
                case Event.Command command -> Style.PLAIN;
            };
        }
    }

    Chapter tell(Event event) {
        return switch (event) {
            case Event.OrchestrationStarted e ->
                chapter(e, name(e.orchestration(), e.version()) + origin(e), Map.of("input", e.input()));
            case Event.ActivityCompleted e ->
                chapter(e, answer(e) + attempt(e.attempt(), e), Map.of("output", e.output()));
            case Event.ActivityFailed e -> failed(e, answer(e) + attempt(e.attempt(), e), e.failure());
            case Event.TimerFired e -> chapter(e, answer(e), Map.of());
            case Event.EventRaised e -> chapter(e, quoted(e.channel()), Map.of("payload", e.payload()));
            case Event.ChildCompleted e -> chapter(e, answer(e), Map.of("output", e.output()));
            case Event.ChildFailed e -> failed(e, answer(e), e.failure());
            case Event.CancelRequested e -> chapter(e, e.reason(), Map.of());
            case Event.OrchestrationReopened e ->
                chapter(e, "what happened from #%d on counts for nothing".formatted(e.voidFrom()), Map.of());
            case Event.ActivityScheduled e -> command(e, e.activity(), Map.of("input", e.input()));
            case Event.ActivityCancelled e -> chapter(e, reference(e.scheduledId()), Map.of());
            case Event.TimerCreated e ->
                command(
                        e,
                        Times.span(Duration.between(e.at(), e.fireAt())) + " until "
                                + e.fireAt().truncatedTo(ChronoUnit.MILLIS),
                        Map.of());
            case Event.TimerCancelled e -> chapter(e, reference(e.scheduledId()), Map.of());
            case Event.EventAwaited e -> command(e, quoted(e.channel()), Map.of());
            case Event.EventWaitEnded e -> chapter(e, reference(e.scheduledId()), Map.of());
            case Event.ChildScheduled e ->
                command(
                        e,
                        "%s: %s".formatted(e.instance(), name(e.orchestration(), e.version())),
                        Map.of("input", e.input()));
            case Event.ChildCancelRequested e -> chapter(e, reference(e.scheduledId()), Map.of());
            case Event.OrchestrationSpawned e ->
                chapter(
                        e,
                        "%s: %s".formatted(e.instance(), name(e.orchestration(), e.version())),
                        Map.of("input", e.input()));
            case Event.EventSent e ->
                chapter(e, "%s to %s".formatted(quoted(e.channel()), e.instance()), Map.of("payload", e.payload()));
            case Event.CustomStatusSet e ->
                e.value() == null ? chapter(e, "taken back", Map.of()) : chapter(e, "", Map.of("value", e.value()));
            case Event.OrchestrationCompleted e -> chapter(e, "", Map.of("output", e.output()));
            case Event.OrchestrationFailed e -> failed(e, "", e.failure());
            case Event.OrchestrationCancelled e -> failed(e, e.reason(), null);
            case Event.OrchestrationTerminated e -> failed(e, e.reason(), null);
            case Event.OrchestrationContinuedAsNew e ->
                chapter(e, e.version().isEmpty() ? "" : "version " + e.version(), Map.of("input", e.input()));
        };
    }

    /** Whether it tells that something went wrong, be it only in an attempt that was repeated. */
    static boolean isFailure(Event event) {
        return switch (event) {
            case Event.ActivityFailed failed -> true;
            case Event.ChildFailed failed -> true;
            case Event.ActivityCompleted completed ->
                completed.attempt() != null && completed.attempt().lastFailure() != null;
            case Event.Outcome outcome -> outcome.failure() != null;
            case Event.Notification notification -> false;
            case Event.Command command -> false;
        };
    }

    private Chapter command(Event.Command event, String subject, Map<String, String> payloads) {
        subjects.put(event.id(), subject);
        return chapter(event, subject, payloads);
    }

    private static Chapter chapter(Event event, String text, Map<String, String> payloads) {
        return new Chapter(event, text, new LinkedHashMap<>(payloads), null);
    }

    private static Chapter failed(Event event, String text, @Nullable Failure failure) {
        return new Chapter(event, text, Map.of(), failure);
    }

    private String answer(Event.Completion event) {
        return reference(event.scheduledId());
    }

    private String reference(long scheduledId) {
        String subject = subjects.get(scheduledId);
        return subject == null ? "#" + scheduledId : "#%d %s".formatted(scheduledId, subject);
    }

    private static String attempt(@Nullable AttemptInfo attempt, Event event) {
        if (attempt == null) {
            return "";
        }
        Duration took = Duration.between(attempt.startedAt(), event.at());
        String time = took.isNegative() ? "" : ", took " + Times.span(took);
        Failure before = attempt.lastFailure();
        return before == null ? time : ", attempt %d%s, before it: %s".formatted(attempt.number(), time, before);
    }

    private static String origin(Event.OrchestrationStarted start) {
        String of = start.parent() == null ? "" : ", child of " + start.parent().instance();
        return start.forkedFrom() == null
                ? of
                : of
                        + ", forked from %s at #%d"
                                .formatted(
                                        start.forkedFrom().instance(),
                                        start.forkedFrom().eventId());
    }

    static String name(String orchestration, String version) {
        return version.isEmpty() ? orchestration : orchestration + " " + version;
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    /** All that somebody may look for in it. */
    static List<String> texts(Chapter chapter) {
        Failure failure = chapter.failure();
        return List.of(
                chapter.kind(),
                chapter.text(),
                String.join("\n", chapter.payloads().values()),
                failure == null ? "" : failure.toString());
    }
}
