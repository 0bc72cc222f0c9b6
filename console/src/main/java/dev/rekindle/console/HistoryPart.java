package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.when;

import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The history of an instance, filtered, from either end. A cursor is the id of the event that was looked at last, so that it
 * means the same event whichever way one reads.
 */
final class HistoryPart {
    private static final int SHOWN = 100;
    private static final int LOOKED_AT = 5_000;
    private static final int AT_ONCE = 500;
    private static final String ANY = "any";
    private static final String ORDER = "order";
    private static final String OLDEST = "oldest first";
    private static final String NEWEST = "newest first";

    /** What was found in one go, and where to go on looking. */
    private record Found(
            List<Event> events,
            Set<Long> counting,
            @Nullable String next) {}

    /** Reads some events, in the order in which they are shown. */
    @FunctionalInterface
    private interface Reader {
        Page<Event> read(@Nullable String cursor);
    }

    private final Reading reading;

    HistoryPart(Reading reading) {
        this.reading = reading;
    }

    /** A way to the events that came last, of whatever these ask for. */
    static Html newest(Parameters query) {
        return Ui.link(query.without("cursor").without(ORDER).and(ORDER, NEWEST).behind("/instance"), "Newest first");
    }

    Html content(InstanceSummary its, Parameters query) {
        Parameters filters = InstancesPage.withoutEmpty(query);
        long execution = filters.number("execution").orElse(its.executionId());
        boolean backwards = NEWEST.equals(filters.nonEmpty(ORDER));
        Found found = find(its.instance(), execution, filters, backwards);
        return Ui.card(
                execution == its.executionId() ? "History" : "History of execution " + execution,
                filters(its.instance(), filters),
                found.events().isEmpty()
                        ? Ui.empty("No event fits", "Take a filter away, or go on to the next page if there is one.")
                        : el(
                                        "ol.history",
                                        group(found.events().stream()
                                                .map(event -> row(its.instance(), execution, event, found))
                                                .toList()))
                                .attr("data-rows", ""),
                Ui.more("/instance", filters, found.next(), when(found.next() != null && !backwards, newest(filters))));
    }

    /** Reads on until there is a page full, or enough was looked at. */
    private Found find(String id, long execution, Parameters filters, boolean backwards) {
        Reader reader = backwards ? backwards(id, execution) : cursor -> history(id, execution, AT_ONCE, cursor);
        String cursor = filters.nonEmpty("cursor");
        List<Event> seen = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        int looked = 0;
        do {
            Page<Event> page = reader.read(cursor);
            for (Event event : page.items()) {
                seen.add(event);
                looked++;
                if (fits(event, filters)) {
                    events.add(event);
                    if (events.size() == SHOWN) {
                        boolean last = page.next() == null
                                && event.id() == page.items().getLast().id();
                        return new Found(events, counting(seen), last ? null : Long.toString(event.id()));
                    }
                }
            }
            cursor = page.next();
        } while (cursor != null && looked < LOOKED_AT);
        return new Found(events, counting(seen), cursor);
    }

    private Page<Event> history(String id, long execution, int limit, @Nullable String cursor) {
        return reading.history(id, execution, new PageRequest(limit, cursor));
    }

    /** Ids have no gaps, so what stands before an event is found by counting. */
    private Reader backwards(String id, long execution) {
        return cursor -> {
            long end = reading.execution(id, execution).events() + 1;
            long before = cursor == null ? end : Math.clamp(eventId(cursor), 1, end);
            int size = Math.toIntExact(Math.min(AT_ONCE, before - 1));
            if (size < 1) {
                return Page.empty();
            }
            long after = before - 1 - size;
            List<Event> events =
                    history(id, execution, size, Long.toString(after)).items();
            return new Page<>(events.reversed(), after == 0 ? null : Long.toString(after + 1));
        };
    }

    private static long eventId(String cursor) {
        return Parameters.NONE.and("cursor", cursor).number("cursor").orElse(1);
    }

    /** The events that no reopening has made void. */
    private static Set<Long> counting(List<Event> events) {
        List<Event> inOrder =
                events.stream().sorted(Comparator.comparingLong(Event::id)).toList();
        return History.valid(inOrder).stream().map(Event::id).collect(Collectors.toCollection(HashSet::new));
    }

    private static boolean fits(Event event, Parameters filters) {
        String kind = filters.nonEmpty("kind");
        String text = filters.nonEmpty("q");
        return (kind == null || kind.equals(ANY) || kind.equals(EventWords.kind(event)))
                && (!filters.flag("failed") || EventWords.isFailure(event))
                && (text == null || EventWords.contains(event, text));
    }

    private static Html filters(String id, Parameters filters) {
        List<String> kinds =
                Stream.concat(Stream.of(ANY), EventWords.KINDS.stream()).toList();
        return el(
                        "form.filters",
                        Ui.hidden("id", id),
                        Ui.hidden("tab", "history"),
                        filters.nonEmpty("execution") == null
                                ? Html.none()
                                : Ui.hidden("execution", filters.required("execution")),
                        el(
                                "div.fields",
                                Ui.field("Kind", Ui.select("kind", kinds, filters.nonEmpty("kind"))),
                                Ui.field("Order", Ui.select(ORDER, List.of(OLDEST, NEWEST), filters.nonEmpty(ORDER))),
                                Ui.field(
                                        "Contains",
                                        Ui.input("q", filters.nonEmpty("q")).attr("type", "search")),
                                Ui.check("failed", "Failures only", filters.flag("failed"), false),
                                Ui.submit("Show")))
                .attr("method", "get")
                .attr("action", "/instance");
    }

    private static Html row(String id, long execution, Event event, Found found) {
        boolean isVoid = !found.counting().contains(event.id());
        String looks = EventWords.isFailure(event) ? ".is-failed" : isVoid ? ".is-void" : "";
        String fork = Parameters.NONE
                .and("id", id)
                .and("execution", execution)
                .and("event", event.id())
                .behind("/instance/fork");
        return el(
                        "li.event" + looks,
                        el("a.event-id", "#" + event.id()).href("#e" + event.id()),
                        el(
                                "div.event-body",
                                el(
                                        "p.event-head",
                                        el("strong.event-name", EventWords.name(event)),
                                        when(isVoid, el("span.tag", "void")),
                                        el("span.event-at", Ui.exactTime(event.at())),
                                        Ui.link(fork, "Fork here")
                                                .attr("class", "fork")
                                                .attr("aria-label", "Fork from event " + event.id())),
                                el("div.event-details", EventWords.details(event))))
                .id("e" + event.id());
    }
}
