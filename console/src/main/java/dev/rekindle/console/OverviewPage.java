package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Status;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** How everything is, and what needs somebody. */
final class OverviewPage {
    private static final int SHOWN = 8;
    private static final int EXAMPLES = 3;

    private final Reading reading;
    private final FiguresPart figures;

    OverviewPage(Reading reading, InstantSource clock) {
        this.reading = reading;
        this.figures = new FiguresPart(reading, clock);
    }

    Html content(Visit visit) {
        if (!reading.hasManagement()) {
            return group(el("h1", "Overview"), Missing.management(reading), Missing.whatWorks());
        }
        return group(
                el("div.head", el("h1", "Overview"), when(!visit.readOnly(), Ui.button("/start", "Start an instance"))),
                el("div", live(visit.query()))
                        .attr("hx-ext", "sse")
                        .attr("sse-connect", visit.query().without("done").behind("/live/overview"))
                        .attr("sse-swap", "update"));
    }

    /** What follows the store. */
    Html live(Parameters query) {
        SystemMetrics metrics = reading.metrics();
        QueueDepths depths = reading.queueDepths();
        return group(
                counts(metrics),
                problems(reading.checkup()),
                figures.content(query),
                Ui.card(
                        "Queues",
                        Ui.facts(
                                Ui.fact("Messages for instances", Words.count(depths.orchestrator())),
                                Ui.fact("Activities", Words.count(depths.worker())),
                                Ui.fact("Timers", Words.count(depths.timers())),
                                Ui.fact("Dead letters", Words.count(depths.deadLetters())))));
    }

    private static Html counts(SystemMetrics metrics) {
        List<Html> tiles = new ArrayList<>();
        for (Status status : Status.values()) {
            if (status != Status.CONTINUED_AS_NEW) {
                long count = metrics.instances(status);
                tiles.add(el(
                                "a.tile.is-" + status.label().toLowerCase(Locale.ROOT) + (count == 0 ? ".none" : ""),
                                el("span.tile-count", Words.count(count)),
                                el("span.tile-name", status.label()))
                        .href(Parameters.NONE.and("status", status.label()).behind("/instances")));
            }
        }
        return el("section.tiles", tiles.toArray(Html[]::new)).attr("aria-label", "Instances by status");
    }

    // ---- problems

    private static Html problems(Checkup seen) {
        List<Html> found = new ArrayList<>();
        if (seen.lacksNodes()) {
            found.add(el(
                    "li",
                    el("span.tag.bad", "no node"),
                    Ui.link("/nodes", "Nobody runs this store"),
                    text(", and %s not ended"
                            .formatted(
                                    seen.activeInstances() == 1
                                            ? "1 instance has"
                                            : Words.things(seen.activeInstances(), "instance") + " have"))));
        }
        seen.nodes().stream()
                .filter(node -> !node.alive())
                .map(OverviewPage::gone)
                .forEach(found::add);
        found.addAll(standing(seen.stuck(), Parameters.NONE.and("status", Status.STUCK.label())));
        found.addAll(standing(
                seen.held(),
                Parameters.NONE
                        .and("troubled", true)
                        .and("status", Status.PENDING.label())
                        .and("status", Status.RUNNING.label())));
        seen.late().stream().limit(SHOWN).map(OverviewPage::late).forEach(found::add);
        for (ActivityQueue queue : seen.activities()) {
            List<String> instances = seen.failing().stream()
                    .filter(its -> its.activity().equals(queue.activity()))
                    .map(ActivityInfo::instance)
                    .distinct()
                    .toList();
            if (queue.retrying() > 0 || !instances.isEmpty()) {
                found.add(retrying(queue, instances));
            }
        }
        if (seen.deadLetters() > 0) {
            found.add(el(
                    "li",
                    el("span.tag.warn", "dead letters"),
                    Ui.link("/dead-letters", Words.things(seen.deadLetters(), "message")),
                    text(" that nobody could take")));
        }
        return Ui.card(
                "Problems",
                found.isEmpty()
                        ? Ui.empty(
                                "Nothing needs you",
                                "No stuck instances, no missing code, nothing late, no nodes that are gone, no dead"
                                        + " letters.")
                        : el("ul.problems", found.toArray(Html[]::new)));
    }

    private static List<Html> standing(Checkup.Group group, Parameters all) {
        List<Html> items = new ArrayList<>();
        group.examples().stream()
                .filter(its -> its.problem() != null)
                .map(OverviewPage::held)
                .forEach(items::add);
        if (group.count() > group.examples().size()) {
            String count = Words.count(group.count() - group.examples().size());
            items.add(el(
                    "li", Ui.link(all.behind("/instances"), (group.atLeast() ? "at least " : "") + count + " more")));
        }
        return items;
    }

    private static Html late(OverdueInstance its) {
        return el(
                "li",
                el("span.tag.warn", "late"),
                Ui.instanceLink(its.instance().instance()),
                group(text("should have gone on "), Ui.time(its.dueAt())));
    }

    private static Html held(InstanceSummary its) {
        String problem = Objects.requireNonNull(its.problem());
        return el(
                "li",
                Ui.status(its.status()),
                Ui.instanceLink(its.instance()),
                el("span.why", problem.lines().findFirst().orElse("")));
    }

    private static Html gone(NodeInfo node) {
        return el(
                "li",
                el("span.tag.bad", "node gone"),
                Ui.link("/nodes", node.name()),
                group(text("last seen "), Ui.time(node.seenAt())));
    }

    /** One that no node has code for has not failed, and is offered again like those that have. */
    private static Html retrying(ActivityQueue queue, List<String> instances) {
        String what = queue.retrying() == 0
                ? "waits for a node that has its code"
                : "%s failed before and will be tried again"
                        .formatted(
                                queue.retrying() == 1 ? "1 activity" : Words.count(queue.retrying()) + " activities");
        return el(
                "li",
                el("span.tag.warn", queue.retrying() == 0 ? "no code" : "retrying"),
                Ui.link(ListPages.waitingUrl(queue.activity(), true), queue.activity()),
                text(what),
                group(instances.stream().limit(EXAMPLES).map(Ui::instanceLink).toList()));
    }

    static List<String> statuses() {
        return Arrays.stream(Status.values())
                .filter(status -> status != Status.CONTINUED_AS_NEW)
                .map(Status::label)
                .toList();
    }
}
