package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;

import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a history says, for people. Stateless and thread-safe. */
final class EventWords {
    /** The kinds by which a history can be filtered. */
    static final List<String> KINDS = List.of("activities", "timers", "events", "children", "lifecycle", "status");

    private EventWords() {}

    static String kind(Event event) {
        return switch (event) {
            case Event.ActivityScheduled e -> "activities";
            case Event.ActivityCompleted e -> "activities";
            case Event.ActivityFailed e -> "activities";
            case Event.ActivityCancelled e -> "activities";
            case Event.TimerCreated e -> "timers";
            case Event.TimerFired e -> "timers";
            case Event.TimerCancelled e -> "timers";
            case Event.EventRaised e -> "events";
            case Event.EventAwaited e -> "events";
            case Event.EventWaitEnded e -> "events";
            case Event.EventSent e -> "events";
            case Event.ChildScheduled e -> "children";
            case Event.ChildCompleted e -> "children";
            case Event.ChildFailed e -> "children";
            case Event.ChildCancelRequested e -> "children";
            case Event.OrchestrationSpawned e -> "children";
            case Event.CustomStatusSet e -> "status";
            case Event.OrchestrationStarted e -> "lifecycle";
            case Event.CancelRequested e -> "lifecycle";
            case Event.OrchestrationReopened e -> "lifecycle";
            case Event.Outcome e -> "lifecycle";
        };
    }

    static boolean isFailure(Event event) {
        return event instanceof Event.ActivityFailed
                || event instanceof Event.ChildFailed
                || event instanceof Event.OrchestrationFailed
                || (event instanceof Event.ActivityCompleted done
                        && done.attempt() != null
                        && done.attempt().lastFailure() != null);
    }

    /** Whether the text stands in it somewhere, whatever its case. */
    static boolean contains(Event event, String text) {
        return JsonText.ofEvents(List.of(event))
                .replace("\\\"", "\"")
                .toLowerCase(Locale.ROOT)
                .contains(text.toLowerCase(Locale.ROOT));
    }

    static String name(Event event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    static Html details(Event event) {
        return switch (event) {
            case Event.OrchestrationStarted e ->
                group(
                        text(e.orchestration() + " " + e.version()),
                        e.parent() == null
                                ? Html.none()
                                : group(
                                        text(", child of "),
                                        Ui.instanceLink(e.parent().instance())),
                        e.forkedFrom() == null
                                ? Html.none()
                                : group(
                                        text(", forked from "),
                                        Ui.instanceLink(e.forkedFrom().instance()),
                                        text(" through event " + e.forkedFrom().eventId())),
                        Ui.payload("input", e.input()));
            case Event.ActivityCompleted e ->
                group(answers(e.scheduledId()), attempt(e.attempt()), Ui.payload("output", e.output()));
            case Event.ActivityFailed e ->
                group(answers(e.scheduledId()), attempt(e.attempt()), Ui.failure("failure", e.failure()));
            case Event.TimerFired e -> answers(e.scheduledId());
            case Event.EventRaised e -> group(name("channel", e.channel()), Ui.payload("payload", e.payload()));
            case Event.ChildCompleted e -> group(answers(e.scheduledId()), Ui.payload("output", e.output()));
            case Event.ChildFailed e -> group(answers(e.scheduledId()), Ui.failure("failure", e.failure()));
            case Event.CancelRequested e -> text(e.reason());
            case Event.OrchestrationReopened e -> text("events from " + e.voidFrom() + " on count for nothing");
            case Event.ActivityScheduled e -> group(el("strong", e.activity()), Ui.payload("input", e.input()));
            case Event.ActivityCancelled e -> answers(e.scheduledId());
            case Event.TimerCreated e -> group(text("due "), Ui.time(e.fireAt()));
            case Event.TimerCancelled e -> answers(e.scheduledId());
            case Event.EventAwaited e -> name("channel", e.channel());
            case Event.EventWaitEnded e -> answers(e.scheduledId());
            case Event.ChildScheduled e ->
                group(
                        Ui.instanceLink(e.instance()),
                        text(" of " + e.orchestration() + " " + e.version()),
                        Ui.payload("input", e.input()));
            case Event.ChildCancelRequested e -> answers(e.scheduledId());
            case Event.OrchestrationSpawned e ->
                group(
                        Ui.instanceLink(e.instance()),
                        text(" of " + e.orchestration() + " " + e.version()),
                        Ui.payload("input", e.input()));
            case Event.EventSent e ->
                group(
                        text("to "),
                        Ui.instanceLink(e.instance()),
                        text(", "),
                        name("channel", e.channel()),
                        Ui.payload("payload", e.payload()));
            case Event.CustomStatusSet e -> Ui.payload("status", e.value());
            case Event.OrchestrationCompleted e -> Ui.payload("output", e.output());
            case Event.OrchestrationFailed e -> Ui.failure("failure", e.failure());
            case Event.OrchestrationCancelled e -> text(e.reason());
            case Event.OrchestrationTerminated e -> text(e.reason());
            case Event.OrchestrationContinuedAsNew e ->
                group(text("version " + e.version()), Ui.payload("input", e.input()));
        };
    }

    private static Html answers(long scheduledId) {
        return el("a.faint", "event " + scheduledId).href("#e" + scheduledId);
    }

    private static Html name(String what, String name) {
        return group(el("span.faint", what + " "), el("strong", name));
    }

    private static Html attempt(@Nullable AttemptInfo attempt) {
        if (attempt == null) {
            return Html.none();
        }
        return group(
                attempt.number() > 1 ? el("span.tag", "attempt " + attempt.number()) : Html.none(),
                Ui.failure("the attempt before", attempt.lastFailure()));
    }
}
