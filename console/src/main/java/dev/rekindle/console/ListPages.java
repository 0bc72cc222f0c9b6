package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages that are a list each: definitions, queues, nodes, dead letters. */
final class ListPages {
    private static final int PAGE = 50;
    private static final String ACTIVITY = "activity";
    private static final String RETRYING = "retrying";

    private final Reading reading;

    ListPages(Reading reading) {
        this.reading = reading;
    }

    private Html managed(String title, Supplier<Html> content) {
        return group(el("h1", title), reading.hasManagement() ? content.get() : Missing.management(reading));
    }

    // ---- definitions

    Html definitions() {
        return managed("Definitions", () -> {
            Map<String, List<DefinitionUse>> uses = new LinkedHashMap<>();
            for (DefinitionUse use : reading.definitions()) {
                uses.computeIfAbsent(use.orchestration() + "\n" + use.version(), unused -> new ArrayList<>())
                        .add(use);
            }
            List<String> columns = Ui.columns("Orchestration", "Version", "Instances", "Can it go?");
            return uses.isEmpty()
                    ? Ui.empty(
                            "Nothing has run here yet",
                            "Orchestrations and their versions appear here with their first instance.")
                    : el(
                                    "div.scroll",
                                    Ui.table(
                                            "Definitions",
                                            columns,
                                            uses.values().stream()
                                                    .map(all -> definition(columns, all))
                                                    .toList()))
                            .attr("data-rows", "");
        });
    }

    private static Html definition(List<String> columns, List<DefinitionUse> uses) {
        DefinitionUse any = uses.getFirst();
        Parameters filter = Parameters.NONE.and("orchestration", any.orchestration());
        Parameters exact = any.version().isEmpty() ? filter : filter.and("version", any.version());
        boolean inUse = uses.stream().anyMatch(use -> !use.status().isTerminal() && use.instances() > 0);
        return Ui.row(
                columns,
                Ui.link(filter.behind("/instances"), any.orchestration()),
                any.version().isEmpty()
                        ? el("span.faint", "none yet")
                        : Ui.link(exact.behind("/instances"), any.version()),
                el(
                        "span.counts",
                        group(uses.stream()
                                .map(use -> el(
                                                "a.count",
                                                Ui.status(use.status()),
                                                text(" " + Words.count(use.instances(), use.atLeast())))
                                        .href(exact.and("status", use.status().label())
                                                .behind("/instances")))
                                .toList())),
                inUse ? text("in use") : el("span.faint", "nothing runs on it"));
    }

    // ---- queues

    /** All by name; or, when a name or those that are retried are asked for, one by one. */
    Html queues(Visit visit) {
        Parameters query = visit.query();
        String activity = query.nonEmpty(ACTIVITY);
        boolean retrying = query.flag(RETRYING);
        return activity == null && !retrying ? queues() : managed("Queues", () -> waiting(query, activity, retrying));
    }

    /** A way to the activities of this name, or to those of them that failed before. */
    static String waitingUrl(String activity, boolean retrying) {
        Parameters named = Parameters.NONE.and(ACTIVITY, activity);
        return (retrying ? named.and(RETRYING, true) : named).behind("/queues");
    }

    private Html waiting(Parameters query, @Nullable String activity, boolean retrying) {
        Page<ActivityInfo> page = reading.activities(
                new ActivityQuery(activity, retrying), new PageRequest(PAGE, query.nonEmpty("cursor")));
        List<String> columns = Ui.columns("Instance", "Activity", "Scheduled", "Attempt", "Where", "Last failure");
        return group(
                el(
                        "p.sub",
                        text("Activities" + (activity == null ? "" : " '" + activity + "'")
                                + (retrying ? " that are tried again" : "") + " · "),
                        Ui.link("/queues", "all queues")),
                page.items().isEmpty()
                        ? Ui.empty(
                                page.next() == null ? "None waits" : "None on this page",
                                "Those that have completed by now are in the histories of their instances.")
                        : el(
                                        "div.scroll",
                                        Ui.table(
                                                "Activities that wait",
                                                columns,
                                                page.items().stream()
                                                        .map(its -> waiting(columns, its))
                                                        .toList()))
                                .attr("data-rows", ""),
                Ui.more("/queues", query, page.next()));
    }

    private static Html.Element waiting(List<String> columns, ActivityInfo its) {
        String node = its.leasedTo();
        Instant visible = its.visibleAt();
        return Ui.row(
                columns,
                Ui.instanceLink(its.instance()),
                text(its.activity()),
                Ui.time(its.scheduledAt()),
                text(Integer.toString(its.attempt())),
                node != null
                        ? text("on " + node)
                        : visible == null ? text("in the queue") : group(text("put off until "), Ui.time(visible)),
                Ui.failure("failure", its.lastFailure()));
    }

    private Html queues() {
        return managed("Queues", () -> {
            QueueDepths depths = reading.queueDepths();
            List<String> columns = Ui.columns("Activity", "Queued", "Retrying", "Oldest", "Next attempt");
            List<ActivityQueue> queues = reading.activityQueues();
            return group(
                    Ui.card(
                            "Depths",
                            Ui.facts(
                                    Ui.fact("Messages for instances", Words.count(depths.orchestrator())),
                                    Ui.fact("Activities", Words.count(depths.worker())),
                                    Ui.fact("Timers", Words.count(depths.timers())),
                                    Ui.fact("Dead letters", Words.count(depths.deadLetters())))),
                    queues.isEmpty()
                            ? Ui.empty(
                                    "No activities wait",
                                    "Activities that are queued, running or between attempts appear here by name.")
                            : el(
                                    "div.scroll",
                                    Ui.table(
                                            "Activities by name",
                                            columns,
                                            queues.stream()
                                                    .map(queue -> queue(columns, queue))
                                                    .toList())));
        });
    }

    private static Html queue(List<String> columns, ActivityQueue queue) {
        return Ui.row(
                columns,
                Ui.link(waitingUrl(queue.activity(), false), queue.activity()),
                text(Words.count(queue.queued(), queue.atLeast())),
                queue.retrying() == 0
                        ? el("span.faint", "0")
                        : Ui.link(waitingUrl(queue.activity(), true), Words.count(queue.retrying())),
                Ui.time(queue.oldest()),
                Ui.time(queue.nextAttempt()));
    }

    // ---- nodes

    Html nodes() {
        return managed("Nodes", () -> {
            List<String> columns = Ui.columns("Node", "State", "Since", "Last seen", "Instances", "Activities");
            List<NodeInfo> nodes = reading.nodes();
            return nodes.isEmpty()
                    ? Ui.empty(
                            "No node is connected",
                            "Instances wait until an application that has their code opens this store.")
                    : el(
                            "div.scroll",
                            Ui.table(
                                    "Nodes",
                                    columns,
                                    nodes.stream()
                                            .map(node -> node(columns, node))
                                            .toList()));
        });
    }

    private static Html node(List<String> columns, NodeInfo node) {
        return Ui.row(
                columns,
                el("strong.id", node.name()),
                node.alive() ? el("span.tag.good", "alive") : el("span.tag.bad", "gone"),
                Ui.time(node.since()),
                Ui.time(node.seenAt()),
                text(held(node, node.instances())),
                text(held(node, node.activities())));
    }

    private static String held(NodeInfo node, long number) {
        return node.holdingsKnown() ? Words.count(number) : "?";
    }

    // ---- dead letters

    Html deadLetters(Visit visit) {
        return managed("Dead letters", () -> {
            Page<DeadLetterInfo> page =
                    reading.deadLetters(new PageRequest(PAGE, visit.query().nonEmpty("cursor")));
            List<String> columns = Ui.columns("", "When", "For", "Why nobody could take it", "Message");
            if (page.items().isEmpty() && page.next() == null) {
                return Ui.empty("No dead letters", "Messages that nobody could take are kept here, with the reason.");
            }
            Html table = el(
                    "div.scroll",
                    Ui.table(
                            "Dead letters",
                            columns,
                            page.items().stream()
                                    .map(letter -> letter(visit, columns, letter))
                                    .toList()));
            return group(
                    visit.readOnly()
                            ? table
                            : Ui.form(
                                    visit,
                                    "/dead-letters/delete",
                                    table,
                                    el("div.buttons", Ui.danger("Delete the chosen"))),
                    Ui.more("/dead-letters", visit.query().without("done"), page.next()));
        });
    }

    private static Html letter(Visit visit, List<String> columns, DeadLetterInfo letter) {
        return Ui.row(
                columns,
                when(
                        !visit.readOnly(),
                        el("input")
                                .attr("type", "checkbox")
                                .attr("name", "key")
                                .attr("value", Long.toString(letter.key()))
                                .attr("aria-label", "Choose the message for " + letter.instance())),
                Ui.time(letter.at()),
                Ui.instanceLink(letter.instance()),
                text(letter.reason()),
                Ui.payload("message", letter.message()));
    }
}
