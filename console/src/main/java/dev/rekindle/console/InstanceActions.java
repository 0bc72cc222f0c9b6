package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Status;
import dev.rekindle.console.Html.Element;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.ForkRequest;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.PendingWait;
import dev.rekindle.provider.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be done with one instance, and its doing. */
final class InstanceActions {
    private final Reading reading;
    private final InstantSource clock;

    InstanceActions(Reading reading, InstantSource clock) {
        this.reading = reading;
        this.clock = clock;
    }

    /** Whether the instance or one of its activities waits to be tried again. */
    static boolean isPutOff(InstanceQueues queues, Instant now) {
        return Stream.concat(
                        Stream.ofNullable(queues.notBefore()),
                        queues.activities().stream()
                                .map(InstanceQueues.QueuedActivity::visibleAt)
                                .filter(Objects::nonNull))
                .anyMatch(at -> at.isAfter(now));
    }

    // ---- what can be done

    Html panel(Visit visit, String id, Status status) {
        boolean active = !status.isTerminal();
        boolean managed = reading.hasManagement();
        List<Html> actions = new ArrayList<>();
        if (active) {
            Html form = form(
                    visit,
                    id,
                    "send-event",
                    el("div.channel", channel(id)),
                    Ui.field("Payload (JSON)", Ui.area("payload", "{}")),
                    Ui.submit("Send event"));
            actions.add(action("Send event", form)
                    .attr("hx-get", Parameters.NONE.and("id", id).behind("/instance/channel"))
                    .attr("hx-trigger", "toggle")
                    .attr("hx-target", "find .channel"));
        }
        if (managed && active && status != Status.SUSPENDED) {
            actions.add(action("Suspend", form(visit, id, "suspend", reason(), Ui.submit("Suspend"))));
        }
        if (managed && (status == Status.SUSPENDED || status == Status.STUCK)) {
            actions.add(
                    action("Resume", form(visit, id, "resume", el("p", "It goes on at once."), Ui.submit("Resume"))));
        }
        boolean going = status == Status.PENDING || status == Status.RUNNING;
        if (managed && going && isPutOff(reading.queues(id), clock.instant())) {
            actions.add(action(
                    "Retry now",
                    form(
                            visit,
                            id,
                            "retry",
                            el(
                                    "p",
                                    "The instance, and activities that wait for their next attempt, are tried at"
                                            + " once."),
                            Ui.submit("Retry now"))));
        }
        if (managed && (status == Status.FAILED || status == Status.TERMINATED)) {
            actions.add(action(
                    "Retry",
                    form(
                            visit,
                            id,
                            "retry",
                            el(
                                    "p",
                                    "It goes on from in front of what ended it, or from in front of an event of"
                                            + " yours."),
                            Ui.field("From event (optional)", Ui.number("event", null)),
                            Ui.submit("Retry"))));
        }
        if (active) {
            actions.add(dangerous(
                    "Cancel",
                    form(
                            visit,
                            id,
                            "cancel",
                            el("p", "Its code is told at its next wait, and may compensate."),
                            reason(),
                            Ui.danger("Cancel the instance"))));
            actions.add(dangerous(
                    "Terminate",
                    form(
                            visit,
                            id,
                            "terminate",
                            el("p", "It ends at once. Its code is not asked and can't compensate."),
                            reason(),
                            Ui.danger("Terminate the instance"))));
        }
        if (managed) {
            actions.add(Ui.button(Parameters.NONE.and("id", id).behind("/instance/fork"), "Fork…"));
            actions.add(action(
                    "Prune",
                    form(
                            visit,
                            id,
                            "prune",
                            el("p", "Removes the histories of its oldest executions."),
                            Ui.field(
                                    "Executions to keep", Ui.number("keep", "1").attr("min", 1)),
                            Ui.submit("Prune"))));
            actions.add(dangerous("Delete", delete(visit, id, active)));
            if (!reading.hidesPayloads()) {
                actions.add(Ui.button(Parameters.NONE.and("id", id).behind("/instance/export"), "Export"));
            }
        }
        return actions.isEmpty()
                ? Html.none()
                : el("section.card.actions", el("h2", "Actions"), el("div.action-list", group(actions)))
                        .attr("data-status", status.label());
    }

    private static Element action(String label, Html form) {
        return el("details.action", el("summary.button", label), form).attr("name", "action");
    }

    /** One that takes something away from the instance. */
    private static Element dangerous(String label, Html form) {
        return action(label, form).attr("class", "action dangerous");
    }

    private static Html form(Visit visit, String id, String action, Html... content) {
        return Ui.form(visit, "/instance/" + action, Ui.hidden("id", id), group(content))
                .attr("class", "action-form");
    }

    private static Html reason() {
        return Ui.field("Reason", Ui.input("reason", null).attr("placeholder", Changes.NO_REASON));
    }

    /** With the channels that somebody waits for by now, to choose from: asked for anew whenever the form is opened. */
    Html channel(String id) {
        List<String> awaited = !reading.hasManagement()
                ? List.of()
                : reading.why(id).waits().stream()
                        .filter(wait -> wait.kind() == PendingWait.Kind.EVENT)
                        .map(PendingWait::subject)
                        .distinct()
                        .toList();
        return group(
                Ui.field(
                        "Channel",
                        Ui.input("channel", awaited.isEmpty() ? null : awaited.getFirst())
                                .attr("list", "channels")
                                .flag("required", true)),
                el(
                                "datalist",
                                group(awaited.stream()
                                        .map(channel -> el("option").attr("value", channel))
                                        .toList()))
                        .id("channels"));
    }

    private static Html delete(Visit visit, String id, boolean active) {
        return form(
                visit,
                id,
                "delete",
                el("p", "Its history and everything else of it goes away for good."),
                el(
                        "div.checks",
                        Ui.check("cascade", "Its children too", false, false),
                        when(active, Ui.check("force", "Although it has not ended", false, true)),
                        Ui.check("sure", "Yes, delete it", false, true)),
                Ui.danger("Delete the instance"));
    }

    /** The form of a fork, with the input to edit. */
    Html forkForm(Visit visit) {
        Parameters query = visit.query();
        String id = query.required("id");
        OptionalLong execution = query.number("execution");
        String event = query.nonEmpty("event");
        Event.OrchestrationStarted start =
                reading.history(id, execution.orElse(0), PageRequest.first(50)).items().stream()
                        .filter(Event.OrchestrationStarted.class::isInstance)
                        .map(Event.OrchestrationStarted.class::cast)
                        .findFirst()
                        .orElse(null);
        String input = start == null || reading.hidesPayloads() ? "" : Wire.pretty(start.input());
        return group(
                el("h1", text("Fork "), Ui.instanceLink(id)),
                el(
                        "p.sub",
                        "A fork is a new instance that takes over what the source was told up to an event, and goes on"
                                + " by itself from there. The source stays as it is."),
                el(
                        "section.card",
                        Ui.form(
                                visit,
                                "/instance/fork",
                                Ui.hidden("id", id),
                                execution.isPresent()
                                        ? Ui.hidden("execution", Long.toString(execution.getAsLong()))
                                        : Html.none(),
                                Ui.field(
                                        "Id of the new instance",
                                        Ui.input("instance", id + "-fork").flag("required", true)),
                                Ui.field(
                                        "Take over through event (0: only the input)",
                                        Ui.number("event", event == null ? "0" : event)),
                                Ui.field("Version (empty: that of the source)", Ui.input("version", null)),
                                Ui.field(
                                        input.isEmpty() ? "Input (JSON; empty: that of the source)" : "Input (JSON)",
                                        Ui.area("input", input)),
                                el(
                                        "div.buttons",
                                        Ui.submit("Fork"),
                                        Ui.link(Ui.instanceUrl(id), "Back").attr("class", "button quiet")))));
    }

    // ---- doing it

    /** Does what a form asks for; returns where to go then. */
    String perform(String action, Parameters form, Changes.By changes) {
        String id = form.required("id");
        @Nullable String reason = form.nonEmpty("reason");
        switch (action) {
            case "send-event" ->
                changes.message(id, new Wire.Message(form.required("channel"), form.required("payload")));
            case "cancel" -> changes.cancel(id, reason);
            case "terminate" -> changes.terminate(id, reason);
            case "suspend" -> changes.suspend(id, reason);
            case "resume" -> changes.resume(id);
            case "retry" -> {
                OptionalLong event = form.number("event");
                changes.retry(id, event.isPresent() ? event.getAsLong() : null);
            }
            case "prune" ->
                changes.prune(id, Math.toIntExact(Math.clamp(form.number("keep").orElse(1), 0, 1_000_000)));
            case "delete" -> {
                changes.delete(List.of(id), new DeleteOptions(form.flag("force"), form.flag("cascade")));
                return "/instances?done=delete";
            }
            case "fork" -> {
                changes.fork(new ForkRequest(
                        id,
                        form.number("execution").orElse(0),
                        form.number("event").orElse(0),
                        form.required("instance").strip(),
                        form.nonEmpty("input"),
                        form.nonEmpty("version")));
                return done(form.required("instance").strip(), action);
            }
            default -> throw new Refusal(404, "NOT_FOUND", "There is no such action.");
        }
        return done(id, action);
    }

    static String done(String id, String action) {
        return Parameters.NONE.and("id", id).and("done", action).behind("/instance");
    }
}
