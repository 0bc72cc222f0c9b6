package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.PendingWait;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One instance from every side. */
final class InstancePage {
    /** A longer history is not drawn: what is under way may stand anywhere in it. */
    private static final int DRAWN = 10_000;

    private static final int EXECUTIONS = 50;
    private static final int DEAD_LETTERS = 200;

    /** A side of an instance. */
    private enum Tab {
        SUMMARY("summary", "Summary"),
        HISTORY("history", "History"),
        TREE("tree", "Tree"),
        EXECUTIONS("executions", "Executions"),
        QUEUES("queues", "Queues");

        private final String key;
        private final String title;

        Tab(String key, String title) {
            this.key = key;
            this.title = title;
        }

        static Tab of(Parameters query) {
            String wanted = query.text("tab").orElse("");
            for (Tab tab : values()) {
                if (tab.key.equals(wanted)) {
                    return tab;
                }
            }
            return SUMMARY;
        }
    }

    private final Reading reading;
    private final InstantSource clock;
    private final HistoryPart history;
    private final InstanceActions actions;

    InstancePage(Reading reading, InstantSource clock) {
        this.reading = reading;
        this.clock = clock;
        this.history = new HistoryPart(reading);
        this.actions = new InstanceActions(reading, clock);
    }

    Html content(Visit visit) {
        String id = visit.query().required("id");
        if (!reading.hasManagement()) {
            InstanceSnapshot its = reading.snapshot(id);
            return group(
                    basic(its),
                    when(!visit.readOnly(), actions.panel(visit, its.instance(), its.status())),
                    Missing.management(reading));
        }
        InstanceSummary its = reading.instance(id);
        Parameters shown = visit.query().without("done");
        return group(
                el("div", followed(shown).html())
                        .id("live")
                        .attr("hx-ext", "sse")
                        .attr("sse-connect", shown.behind("/live/instance"))
                        .attr("sse-swap", "update"),
                when(
                        !visit.readOnly(),
                        el("div", actions.panel(visit, id, its.status()))
                                .id("actions")
                                .attr("hx-get", Parameters.NONE.and("id", id).behind("/instance/actions"))
                                .attr("hx-trigger", "actions-changed from:body")));
    }

    /** The part that follows the store. */
    FollowedInstance followed(Parameters query) {
        query.required("id");
        return new FollowedInstance(reading, this, query, clock);
    }

    /** Reads what a side shows and the look at the instance does not tell; returns what draws it. */
    FollowedInstance.Drawing side(InstanceSummary its, Parameters query) {
        Tab tab = Tab.of(query);
        FollowedInstance.Drawing side = switch (tab) {
            case SUMMARY -> summary(its);
            case HISTORY -> unchanging(history.content(its, query));
            case TREE -> look -> tree(its.instance());
            case EXECUTIONS -> unchanging(executions(its));
            case QUEUES -> look -> group(queues(look.queues()), deadLetters(its.instance()));
        };
        return look -> group(head(look), tabs(its.instance(), tab), side.draw(look));
    }

    private static FollowedInstance.Drawing unchanging(Html html) {
        return look -> html;
    }

    /** The panel of actions is asked for anew when what this says of them changes. */
    private static Html head(FollowedInstance.Look look) {
        InstanceSummary its = look.instance();
        return group(
                el("div.head", el("h1.id", its.instance()), Ui.status(its.status()))
                        .attr("data-actions", its.status().label() + (look.putOff() ? ", put off" : "")),
                el(
                        "p.sub",
                        Ui.link(
                                Parameters.NONE
                                        .and("orchestration", its.orchestration())
                                        .behind("/instances"),
                                its.orchestration()),
                        el("span.version", " " + its.version()),
                        text(" · started "),
                        Ui.time(its.createdAt()),
                        its.finishedAt() == null
                                ? Html.none()
                                : group(
                                        text(" · ended "),
                                        Ui.time(its.finishedAt()),
                                        text(" after "
                                                + Words.duration(Duration.between(its.createdAt(), its.finishedAt())))),
                        el("span.live-mark").attr("aria-hidden", "true")));
    }

    private static Html tabs(String id, Tab current) {
        List<Html> links = new ArrayList<>();
        for (Tab tab : Tab.values()) {
            links.add(Ui.link(Parameters.NONE.and("id", id).and("tab", tab.key).behind("/instance"), tab.title)
                    .attr("aria-current", tab == current ? "page" : null));
        }
        return el("nav.tabs", links.toArray(Html[]::new)).attr("aria-label", "Sides of this instance");
    }

    // ---- summary

    private FollowedInstance.Drawing summary(InstanceSummary summary) {
        Diagnosis why = reading.why(summary.instance());
        InstanceSummary its = why.instance();
        InstanceSnapshot snapshot = reading.snapshot(its.instance());
        Page<Event> events = reading.historyUpTo(its.instance(), its.executionId(), DRAWN);
        Html state = group(why(why), state(its, snapshot, events.items()));
        return look -> group(state, timeline(its, events));
    }

    /** Bars of what is under way grow with the time, though nothing is read. */
    private Html timeline(InstanceSummary its, Page<Event> events) {
        Parameters history = Parameters.NONE.and("id", its.instance()).and("tab", "history");
        return Ui.card(
                "Timeline",
                events.next() == null
                        ? new Chart(Timeline.of(events.items(), clock.instant())).html(history.behind("/instance"))
                        : group(
                                Ui.empty(
                                        "Too long to be drawn",
                                        "This execution has more than %s events.".formatted(Words.count(DRAWN))),
                                el("p", HistoryPart.newest(history))));
    }

    private static Html state(InstanceSummary its, InstanceSnapshot snapshot, List<Event> events) {
        Event.OrchestrationStarted start = events.stream()
                .filter(Event.OrchestrationStarted.class::isInstance)
                .map(Event.OrchestrationStarted.class::cast)
                .findFirst()
                .orElse(null);
        return Ui.card(
                "State",
                Ui.payload("Custom status", its.customStatus()),
                start == null ? Html.none() : Ui.payload("Input", start.input()),
                Ui.payload("Output", snapshot.output()),
                Ui.failure("Failure", snapshot.failure()),
                Ui.facts(
                        Ui.fact("Attributes", attributes(its.attributes())),
                        Ui.fact(
                                "Child of",
                                its.parent() == null
                                        ? Html.none()
                                        : Ui.instanceLink(its.parent().instance())),
                        Ui.fact("Forked from", forkedFrom(start)),
                        Ui.fact("Execution", Long.toString(its.executionId())),
                        Ui.fact("Run", el("code.faint", its.runId()))));
    }

    private static Html attributes(Map<String, String> attributes) {
        return attributes.isEmpty() ? Html.none() : InstancesPage.attributes(attributes);
    }

    private static Html forkedFrom(Event.@Nullable OrchestrationStarted start) {
        return start == null || start.forkedFrom() == null
                ? Html.none()
                : group(
                        Ui.instanceLink(start.forkedFrom().instance()),
                        text(", through event " + start.forkedFrom().eventId()));
    }

    private static Html why(Diagnosis why) {
        InstanceSummary its = why.instance();
        boolean ended = its.status().isTerminal();
        String headline =
                why.waits().isEmpty() ? why.headline() : why.waits().getFirst().text();
        return el(
                "section.card.why-card.is-" + its.status().label().toLowerCase(Locale.ROOT),
                el("h2", ended ? "How it ended" : "Why it waits"),
                el("p.headline", sentence(headline)),
                when(
                        why.waits().size() > 1 || why.waits().stream().anyMatch(InstancePage::saysMore),
                        el(
                                "ul.waits",
                                group(why.waits().stream()
                                        .map(wait -> wait(wait, headline))
                                        .toList()))),
                when(
                        its.problem() != null && its.problem().indexOf('\n') >= 0,
                        el("pre.problem", its.problem()).attr("tabindex", "0")));
    }

    private static boolean saysMore(PendingWait wait) {
        return wait.since() != null || wait.until() != null || wait.lastFailure() != null;
    }

    /** What the headline has said already is not said again, only since when and until when. */
    private static Html wait(PendingWait wait, String headline) {
        String said = wait.text().equals(headline)
                ? ""
                : sentence(wait.text().lines().findFirst().orElse(""));
        String end = switch (wait.kind()) {
            case EVENT -> "given up ";
            case CODE, TURN, ACTIVITY -> "tried again ";
            case RESUME, TIMER, CHILD -> "due ";
        };
        return el(
                "li",
                when(!said.isEmpty(), el("span.wait", said)),
                wait.since() == null ? Html.none() : el("span.wait-time", text("began "), Ui.time(wait.since())),
                wait.until() == null ? Html.none() : el("span.wait-time", text(end), Ui.time(wait.until())),
                when(wait.attempt() > 1, el("span.tag", "attempt " + wait.attempt())),
                Ui.failure("the attempt before", wait.lastFailure()));
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    // ---- other sides

    private Html tree(String id) {
        InstanceTree tree = reading.tree(id);
        return Ui.card(
                "Tree",
                tree.children().isEmpty()
                        ? Ui.empty("No children", "Instances that its code starts and waits for appear here.")
                        : el("ul.tree", branch(tree)));
    }

    private static Html branch(InstanceTree tree) {
        InstanceSummary its = tree.instance();
        return el(
                "li",
                el(
                        "span.branch",
                        Ui.instanceLink(its.instance()),
                        el("span.faint", its.orchestration() + " " + its.version()),
                        Ui.status(its.status())),
                when(
                        !tree.children().isEmpty(),
                        el(
                                "ul",
                                group(tree.children().stream()
                                        .map(InstancePage::branch)
                                        .toList()))),
                when(tree.more(), el("p.faint", "More children are not shown here.")));
    }

    private Html executions(InstanceSummary its) {
        List<Long> numbers = reading.executions(its.instance());
        List<String> columns = Ui.columns("Execution", "Status", "Began", "Ended", "Events", "Gave");
        List<Html> rows = new ArrayList<>();
        for (long number : numbers.reversed().subList(0, Math.min(EXECUTIONS, numbers.size()))) {
            ExecutionInfo info = reading.execution(its.instance(), number);
            rows.add(Ui.row(
                    columns,
                    Ui.link(
                            Parameters.NONE
                                    .and("id", its.instance())
                                    .and("tab", "history")
                                    .and("execution", number)
                                    .behind("/instance"),
                            Long.toString(number)),
                    Ui.status(info.status()),
                    Ui.time(info.startedAt()),
                    Ui.time(info.finishedAt()),
                    text(Words.count(info.events())),
                    group(Ui.payload("output", info.output()), Ui.failure("failure", info.failure()))));
        }
        return Ui.card(
                "Executions",
                el("div.scroll", Ui.table("Executions", columns, rows)),
                when(
                        numbers.size() > EXECUTIONS,
                        el("p.faint", "The latest %d of %s.".formatted(EXECUTIONS, Words.count(numbers.size())))));
    }

    private static Html queues(InstanceQueues queues) {
        boolean none = queues.messages().isEmpty()
                && queues.activities().isEmpty()
                && queues.timers().isEmpty();
        return group(
                Ui.card(
                        "Who runs it",
                        Ui.facts(
                                Ui.fact(
                                        "Node",
                                        queues.leasedTo() == null
                                                ? "nobody at the moment, as far as this store can tell"
                                                : queues.leasedTo()),
                                Ui.fact(
                                        "Tried again",
                                        queues.notBefore() == null ? Html.none() : Ui.time(queues.notBefore())))),
                when(none, Ui.empty("Nothing queued", "No messages, activities or timers wait for this instance.")),
                messages(queues.messages()),
                activities(queues.activities()),
                timers(queues.timers()));
    }

    /** Of the latest in the store: no store keeps them by instance. */
    private Html deadLetters(String id) {
        Page<DeadLetterInfo> latest = reading.deadLetters(PageRequest.first(DEAD_LETTERS));
        List<String> columns = Ui.columns("When", "Why nobody could take it", "Message");
        List<Html.Element> rows = latest.items().stream()
                .filter(letter -> letter.instance().equals(id))
                .map(letter -> Ui.row(
                        columns, Ui.time(letter.at()), text(letter.reason()), Ui.payload("message", letter.message())))
                .toList();
        boolean all = latest.next() == null;
        return rows.isEmpty() && all
                ? Html.none()
                : Ui.card(
                        "Dead letters",
                        rows.isEmpty() ? Html.none() : el("div.scroll", Ui.table("Dead letters", columns, rows)),
                        when(
                                !all,
                                el(
                                        "p.faint",
                                        text("Among the latest %s of the store. ".formatted(Words.count(DEAD_LETTERS))),
                                        Ui.link("/dead-letters", "All dead letters"))));
    }

    private static Html messages(List<InstanceQueues.QueuedMessage> messages) {
        List<String> columns = Ui.columns("Message", "Visible", "Content");
        return messages.isEmpty()
                ? Html.none()
                : Ui.card(
                        "Messages",
                        el(
                                "div.scroll",
                                Ui.table(
                                        "Messages",
                                        columns,
                                        messages.stream()
                                                .map(message -> Ui.row(
                                                        columns,
                                                        text(message.work()
                                                                .getClass()
                                                                .getSimpleName()),
                                                        message.visibleAt() == null
                                                                ? text("at once")
                                                                : Ui.time(message.visibleAt()),
                                                        content(message.work())))
                                                .toList())));
    }

    private static Html content(WorkItem.OrchestratorWork work) {
        return switch (work) {
            case WorkItem.StartOrchestration w -> Ui.payload("input", w.input());
            case WorkItem.ContinueAsNew w -> Ui.payload("input", w.input());
            case WorkItem.ActivityCompleted w -> Ui.payload("output", w.output());
            case WorkItem.ActivityFailed w -> Ui.failure("failure", w.failure());
            case WorkItem.ChildCompleted w -> Ui.payload("output", w.output());
            case WorkItem.ChildFailed w -> Ui.failure("failure", w.failure());
            case WorkItem.RaiseEvent w -> Ui.payload(w.channel(), w.payload());
            case WorkItem.CancelInstance w -> text(w.reason());
            case WorkItem.TerminateInstance w -> text(w.reason());
            case WorkItem.ReopenInstance w -> text("from event " + w.voidFrom());
            case WorkItem.TimerFired w -> text("event " + w.scheduledId());
        };
    }

    private static Html activities(List<InstanceQueues.QueuedActivity> activities) {
        List<String> columns = Ui.columns("Activity", "Scheduled", "Attempt", "Where", "Last failure");
        return activities.isEmpty()
                ? Html.none()
                : Ui.card(
                        "Activities",
                        el(
                                "div.scroll",
                                Ui.table(
                                        "Activities",
                                        columns,
                                        activities.stream()
                                                .map(queued -> Ui.row(
                                                        columns,
                                                        group(
                                                                el(
                                                                        "strong",
                                                                        queued.work()
                                                                                .activity()),
                                                                Ui.payload(
                                                                        "input",
                                                                        queued.work()
                                                                                .input())),
                                                        Ui.time(queued.work().scheduledAt()),
                                                        group(
                                                                text("%d of %d"
                                                                        .formatted(
                                                                                queued.attempt(),
                                                                                queued.work()
                                                                                        .options()
                                                                                        .maxAttempts())),
                                                                when(
                                                                        queued.nodeDeaths() > 0,
                                                                        el(
                                                                                "span.tag.warn",
                                                                                Words.things(
                                                                                        queued.nodeDeaths(),
                                                                                        "node death")))),
                                                        where(queued),
                                                        group(
                                                                Ui.failure("failure", queued.lastFailure()),
                                                                Ui.payload("heartbeat", queued.heartbeat()))))
                                                .toList())));
    }

    private static Html where(InstanceQueues.QueuedActivity queued) {
        if (queued.leasedTo() != null) {
            return text("on " + queued.leasedTo());
        }
        Instant visible = queued.visibleAt();
        return visible == null ? text("in the queue") : group(text("put off until "), Ui.time(visible));
    }

    private static Html timers(List<InstanceQueues.QueuedTimer> timers) {
        List<String> columns = Ui.columns("Timer of event", "Execution", "Due");
        return timers.isEmpty()
                ? Html.none()
                : Ui.card(
                        "Timers",
                        el(
                                "div.scroll",
                                Ui.table(
                                        "Timers",
                                        columns,
                                        timers.stream()
                                                .map(timer -> Ui.row(
                                                        columns,
                                                        text(Long.toString(timer.scheduledId())),
                                                        text(Long.toString(timer.executionId())),
                                                        Ui.time(timer.dueAt())))
                                                .toList())));
    }

    // ---- without management

    private static Html basic(InstanceSnapshot its) {
        return group(
                el("div.head", el("h1.id", its.instance()), Ui.status(its.status())),
                el(
                        "p.sub",
                        text(its.orchestration()),
                        el("span.version", " " + its.version()),
                        text(" · started "),
                        Ui.time(its.createdAt()),
                        its.finishedAt() == null
                                ? Html.none()
                                : group(text(" · ended "), Ui.time(Objects.requireNonNull(its.finishedAt())))),
                Ui.card(
                        "State",
                        its.problem() == null
                                ? Html.none()
                                : el("pre.problem", its.problem()).attr("tabindex", "0"),
                        Ui.payload("Custom status", its.customStatus()),
                        Ui.payload("Output", its.output()),
                        Ui.failure("Failure", its.failure()),
                        Ui.facts(
                                Ui.fact("Execution", Long.toString(its.executionId())),
                                Ui.fact("Run", el("code.faint", its.runId())))));
    }

    /** The panel of actions alone, for when the status has changed. */
    Html actions(Visit visit) {
        String id = visit.query().required("id");
        return actions.panel(visit, id, reading.snapshot(id).status());
    }
}
