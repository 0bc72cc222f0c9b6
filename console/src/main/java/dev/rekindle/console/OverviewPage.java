package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Status;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** How everything is, and what needs somebody. */
final class OverviewPage {
    private static final int SHOWN = 8;
    private static final int FIGURES = 12;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Reading reading;

    OverviewPage(Reading reading) {
        this.reading = reading;
    }

    Html content(Visit visit) {
        if (!reading.hasManagement()) {
            return group(el("h1", "Overview"), Missing.management(reading), Missing.whatWorks());
        }
        return group(
                el("div.head", el("h1", "Overview"), when(!visit.readOnly(), Ui.button("/start", "Start an instance"))),
                el("div", live())
                        .attr("hx-ext", "sse")
                        .attr("sse-connect", "/live/overview")
                        .attr("sse-swap", "update"));
    }

    /** What follows the store. */
    Html live() {
        SystemMetrics metrics = reading.metrics();
        QueueDepths depths = reading.queueDepths();
        return group(
                counts(metrics),
                problems(reading.checkup()),
                Ui.card("The last hour", figures()),
                Ui.card(
                        "Queues",
                        Ui.facts(
                                Ui.fact("Messages for instances", Words.count(depths.orchestrator())),
                                Ui.fact("Activities", Words.count(depths.worker())),
                                Ui.fact("Timers", Words.count(depths.timers())),
                                Ui.fact("Dead letters", Words.count(depths.deadLetters())))));
    }

    private Html figures() {
        return reading.figures(WINDOW)
                .map(OverviewPage::figures)
                .orElseGet(() -> Ui.unavailable(
                        "Analytics features not available",
                        "This console's client has no AnalyticsCapability, which sums up rates, failures and"
                                + " latencies. A provider that has it brings it; the counts on this page do not need"
                                + " it."));
    }

    private static Html figures(List<SubjectReport> reports) {
        List<String> columns = Ui.columns("What", "Ended", "Failed", "Half within", "95 % within", "99 % within");
        List<Html.Element> rows = reports.stream()
                .filter(report -> report.subject().kind() == Subject.Kind.ORCHESTRATION
                        || report.subject().kind() == Subject.Kind.ACTIVITY)
                .limit(FIGURES)
                .map(report -> Ui.row(
                        columns,
                        subject(report.subject()),
                        text(Words.count(report.totals().count())),
                        text(String.format(Locale.ROOT, "%.1f %%", report.failureRate() * 100)),
                        millis(report.p50Millis()),
                        millis(report.p95Millis()),
                        millis(report.p99Millis())))
                .toList();
        return rows.isEmpty()
                ? Ui.empty(
                        "Nothing ended",
                        "Rates, failures and latencies appear here as soon as nodes have handed over their sums.")
                : el("div.scroll", Ui.table("The last hour", columns, rows));
    }

    private static Html subject(Subject subject) {
        return subject.kind() == Subject.Kind.ORCHESTRATION
                ? el("strong", subject.orchestration())
                : group(text(subject.name()), el("span.faint", " in " + subject.orchestration()));
    }

    private static Html millis(double millis) {
        return text(Words.duration(Duration.ofMillis(Math.round(millis))));
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
        seen.activities().stream()
                .filter(queue -> queue.retrying() > 0)
                .limit(SHOWN)
                .map(OverviewPage::retrying)
                .forEach(found::add);
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

    private static Html retrying(ActivityQueue queue) {
        return el(
                "li",
                el("span.tag.warn", "retrying"),
                Ui.link("/queues", queue.activity()),
                text("%s failed before and will be tried again"
                        .formatted(Words.things(queue.retrying(), "activity").replace("activitys", "activities"))));
    }

    static List<String> statuses() {
        return Arrays.stream(Status.values())
                .filter(status -> status != Status.CONTINUED_AS_NEW)
                .map(Status::label)
                .toList();
    }
}
