package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The list of instances, with filters, and what can be done to all that they leave, or to those that are chosen. */
final class InstancesPage {
    private static final int PAGE = 50;
    private static final long BULK_AT_MOST = 10_000;
    private static final int SAID_CHARS = 120;
    private static final List<String> COLUMNS =
            Ui.columns("Instance", "Orchestration", "Status", "Started", "Ended", "Says");

    private final Reading reading;
    private final InstantSource clock;

    InstancesPage(Reading reading, InstantSource clock) {
        this.reading = reading;
        this.clock = clock;
    }

    Html content(Visit visit) {
        if (!reading.hasManagement()) {
            return group(el("h1", "Instances"), Missing.management(reading), Missing.whatWorks());
        }
        Parameters filters = withoutEmpty(visit.query());
        InstanceQuery query = filters.query();
        Page<InstanceSummary> page = reading.instances(query, new PageRequest(PAGE, filters.nonEmpty("cursor")));
        boolean any = !page.items().isEmpty();
        return group(
                el(
                        "div.head",
                        el("h1", "Instances"),
                        when(!visit.readOnly(), Ui.button("/start", "Start an instance"))),
                filters(filters),
                any ? list(visit, page.items()) : nothing(page.next() != null, Parameters.of(query)),
                el(
                        "div.foot",
                        Ui.more("/instances", filters, page.next()),
                        when(
                                any && !visit.readOnly(),
                                Ui.button(Parameters.of(query).behind("/instances/bulk"), "Change all that match…"))));
    }

    /** Browsers send every field of a form; what is empty is not asked for. */
    static Parameters withoutEmpty(Parameters query) {
        Parameters kept = Parameters.NONE;
        for (Map.Entry<String, List<String>> entry : query.asMap().entrySet()) {
            for (String value : entry.getValue()) {
                kept = value.isBlank() ? kept : kept.and(entry.getKey(), value);
            }
        }
        return kept;
    }

    private static Html nothing(boolean more, Parameters filters) {
        if (more) {
            return Ui.empty("None on this page", "What fits is rare: go on to the next page.");
        }
        return filters.asMap().isEmpty()
                ? Ui.empty("No instances yet", "They appear here as soon as one is started.")
                : Ui.empty("No instance fits", "Take a filter away, or look at other statuses.");
    }

    private static Html filters(Parameters filters) {
        List<String> chosen = filters.all("status");
        Html statuses = el(
                "fieldset.pills",
                el("legend.unseen", "Status"),
                group(OverviewPage.statuses().stream()
                        .map(status -> el(
                                "label.pill",
                                el("input")
                                        .attr("type", "checkbox")
                                        .attr("name", "status")
                                        .attr("value", status)
                                        .flag("checked", chosen.stream().anyMatch(status::equalsIgnoreCase)),
                                el("span", status)))
                        .toList()));
        boolean open =
                List.of("version", "attribute", "parent", "createdFrom", "createdBefore", "finishedBefore").stream()
                        .anyMatch(name -> filters.nonEmpty(name) != null);
        return el(
                        "form.filters",
                        statuses,
                        el(
                                "div.fields",
                                Ui.field("Id begins with", Ui.input("prefix", filters.nonEmpty("prefix"))),
                                Ui.field(
                                        "Orchestration", Ui.input("orchestration", filters.nonEmpty("orchestration")))),
                        el(
                                        "details.further",
                                        el("summary", "More filters"),
                                        el(
                                                "div.fields",
                                                Ui.field("Version", Ui.input("version", filters.nonEmpty("version"))),
                                                Ui.field(
                                                        "Attribute",
                                                        Ui.input("attribute", filters.nonEmpty("attribute"))
                                                                .attr("placeholder", "name=value")),
                                                Ui.field("Child of", Ui.input("parent", filters.nonEmpty("parent"))),
                                                time("Started from (UTC)", "createdFrom", filters),
                                                time("Started before (UTC)", "createdBefore", filters),
                                                time("Ended before (UTC)", "finishedBefore", filters),
                                                Ui.check(
                                                        "roots", "No children of others", filters.flag("roots"), false),
                                                Ui.check(
                                                        "troubled",
                                                        "Only with a problem",
                                                        filters.flag("troubled"),
                                                        false)))
                                .flag("open", open || filters.flag("roots") || filters.flag("troubled")),
                        el(
                                "div.buttons",
                                Ui.submit("Show"),
                                Ui.link("/instances", "Clear").attr("class", "button quiet")))
                .attr("method", "get")
                .attr("action", "/instances");
    }

    private static Html time(String label, String name, Parameters filters) {
        String value = filters.nonEmpty(name);
        String local = value == null ? null : value.replaceFirst("Z$", "");
        return Ui.field(
                label, Ui.input(name, local).attr("type", "datetime-local").attr("step", 1));
    }

    /** The instances; who may change something can choose some of them. */
    private Html list(Visit visit, List<InstanceSummary> instances) {
        Html rows = el(
                        "div.scroll",
                        Ui.table(
                                "Instances",
                                COLUMNS,
                                instances.stream()
                                        .map(its -> row(its, !visit.readOnly()))
                                        .toList()))
                .attr("data-rows", "");
        return visit.readOnly()
                ? rows
                : Ui.form(
                                visit,
                                ChosenPage.PATH,
                                Ui.hidden(ChosenPage.BACK, visit.query().encoded()),
                                rows,
                                el(
                                        "div.choosing",
                                        el(
                                                        "label.check",
                                                        el("input")
                                                                .attr("type", "checkbox")
                                                                .id("choose-all"),
                                                        el("span", "All on this page"))
                                                .flag("hidden", true),
                                        el("button", "Change the chosen…")
                                                .attr("type", "submit")
                                                .attr("class", "quiet")
                                                .id("change-chosen"),
                                        el("output", "").id("chosen-count")))
                        .id("choose");
    }

    private Html row(InstanceSummary its, boolean choosable) {
        String finished = its.finishedAt() == null
                ? ""
                : " after " + Words.duration(Duration.between(its.createdAt(), its.finishedAt()));
        return Ui.row(
                COLUMNS,
                el(
                        "div.choice",
                        when(choosable, ChosenPage.box(its.instance())),
                        el("div", Ui.instanceLink(its.instance()), attributes(its.attributes()))),
                group(text(its.orchestration()), el("span.version", " " + its.version())),
                Ui.status(its.status()),
                Ui.time(its.createdAt()),
                group(Ui.time(its.finishedAt()), el("span.faint", finished)),
                el("span.says", says(its)));
    }

    static Html attributes(Map<String, String> attributes) {
        return attributes.isEmpty()
                ? Html.none()
                : el(
                        "span.attributes",
                        group(attributes.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> el("a.attribute", entry.getKey() + "=" + entry.getValue())
                                        .href(Parameters.NONE
                                                .and("attribute", entry.getKey() + "=" + entry.getValue())
                                                .behind("/instances")))
                                .toList()));
    }

    /** What keeps it, why it ended as it did, or what its code last said. */
    private String says(InstanceSummary its) {
        String problem = its.problem();
        if (problem != null) {
            return problem.lines().findFirst().orElse("");
        }
        boolean badly = its.status().isTerminal() && its.status() != Status.COMPLETED;
        Failure failure = badly
                ? reading.find(its.instance()).map(InstanceSnapshot::failure).orElse(null)
                : null;
        return shortened(failure == null ? Objects.requireNonNullElse(its.customStatus(), "") : Words.failure(failure));
    }

    private static String shortened(String text) {
        return text.length() > SAID_CHARS ? text.substring(0, SAID_CHARS) + "…" : text;
    }

    // ---- all that match

    /** What would be changed, and the question whether it shall be. */
    Html bulk(Visit visit) {
        InstanceQuery query = withoutEmpty(visit.query()).query();
        InstanceQuery upToNow =
                query.createdBefore() == null ? query.withCreated(query.createdFrom(), clock.instant()) : query;
        long count = reading.count(upToNow, BULK_AT_MOST);
        String instances = Words.things(count, "instance");
        return group(
                el("h1", "Change all that match"),
                el(
                        "section.card",
                        el(
                                "p.big",
                                el("strong", instances),
                                text(
                                        count >= BULK_AT_MOST
                                                ? " match; these first, then come again for the rest."
                                                : " match.")),
                        filterWords(query),
                        el(
                                "p.faint",
                                "Those that don't allow it are left as they are, and counted by the reason. Instances"
                                        + " that are started from now on are not touched.")),
                when(
                        count > 0,
                        el(
                                "section.card",
                                Ui.form(
                                        visit,
                                        "/instances/bulk",
                                        Ui.hidden(Parameters.of(upToNow)),
                                        Ui.hidden("count", Long.toString(count)),
                                        whatToDo(instances),
                                        el(
                                                "div.buttons",
                                                Ui.danger("Do it to " + instances),
                                                Ui.link(Parameters.of(query).behind("/instances"), "Back")
                                                        .attr("class", "button quiet"))))));
    }

    /** What can be done to several instances, and how. */
    static Html whatToDo(String instances) {
        return group(
                el(
                        "fieldset.choices",
                        el("legend", "What shall become of them?"),
                        group(Arrays.stream(Wire.BulkAction.values())
                                .map(InstancesPage::choice)
                                .toList())),
                Ui.field("Reason", Ui.input("reason", null)),
                el(
                        "div.checks",
                        Ui.check("cascade", "When deleting: their children too", false, false),
                        Ui.check("force", "When deleting: also those that have not ended", false, false),
                        Ui.check("sure", "Yes, change " + instances, false, true)));
    }

    private static Html choice(Wire.BulkAction action) {
        String meaning = switch (action) {
            case CANCEL -> "Ask them to cancel";
            case TERMINATE -> "Terminate them at once";
            case SUSPEND -> "Suspend them";
            case RESUME -> "Resume them";
            case RETRY -> "Retry them: those that failed, were terminated, or are held";
            case DELETE -> "Delete them, with their histories";
        };
        return el(
                "label.check",
                el("input")
                        .attr("type", "radio")
                        .attr("name", "action")
                        .attr("value", action.name().toLowerCase(Locale.ROOT))
                        .flag("required", true),
                el("span", meaning));
    }

    private static Html filterWords(InstanceQuery query) {
        List<Html> words = new ArrayList<>();
        Parameters.of(query).asMap().forEach((name, values) -> words.add(Ui.fact(name, String.join(", ", values))));
        return words.isEmpty()
                ? el("p", "There is no filter: all instances of the store match.")
                : Ui.facts(words.toArray(Html[]::new));
    }

    /** Does it, to no more than were counted, and says what became of them. */
    Html doBulk(Visit visit, Parameters form, Changes.By changes) {
        long counted = Math.clamp(form.number("count").orElse(0), 0, BULK_AT_MOST);
        InstanceQuery query = withoutEmpty(form).query();
        BulkResult result = changes.bulk(new Wire.Bulk(
                action(form.required("action")),
                query,
                counted,
                form.nonEmpty("reason"),
                new DeleteOptions(form.flag("force"), form.flag("cascade"))));
        return whatBecame("Change all that match", result, "/instances", "All instances");
    }

    /** What became of several instances, and a way on. */
    static Html whatBecame(String title, BulkResult result, String next, String label) {
        List<Html> skipped = new ArrayList<>();
        result.skippedByReason().forEach((reason, count) -> skipped.add(Ui.fact(reason, Words.count(count))));
        return group(
                el("h1", title),
                Ui.notice(
                        "good",
                        el("p", el("strong", "Done to " + Words.things(result.done(), "instance") + ".")),
                        el(
                                "p",
                                result.skipped() == 0
                                        ? "None was left out."
                                        : Words.things(result.skipped(), "instance") + " left as they are:"),
                        when(!skipped.isEmpty(), Ui.facts(skipped.toArray(Html[]::new)))),
                el("p", Ui.button(next, label)));
    }

    static Wire.BulkAction action(String name) {
        return Arrays.stream(Wire.BulkAction.values())
                .filter(action -> action.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(400, "INVALID_ARGUMENT", "There is no such action."));
    }
}
