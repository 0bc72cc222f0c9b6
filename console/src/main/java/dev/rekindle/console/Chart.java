package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.console.Html.Element;
import dev.rekindle.provider.AttemptInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A timeline as a drawing: a row of a table for each bar, so that names stay text at every width, and in it a picture that
 * is as wide as there is room.
 */
final class Chart {
    /** More rows than this are no picture any more; as many again may be of steps from before that are under way. */
    static final int ROWS = 200;

    private static final double WIDTH = 1_000;
    private static final int TICKS = 4;

    private final Timeline timeline;

    Chart(Timeline timeline) {
        this.timeline = timeline;
    }

    Html html(String historyUrl) {
        if (timeline.bars().isEmpty()) {
            return Ui.empty(
                    "Nothing to draw yet",
                    "Activities, timers, waits and children appear here as the code asks for them.");
        }
        List<Timeline.Bar> bars = timeline.bars();
        List<Timeline.Bar> before = bars.subList(0, Math.max(0, bars.size() - ROWS));
        List<Timeline.Bar> shown = Stream.concat(
                        before.stream()
                                .filter(bar -> bar.state() == Timeline.State.OPEN)
                                .limit(ROWS),
                        bars.stream().skip(before.size()))
                .toList();
        return group(
                when(
                        shown.size() < bars.size(),
                        el(
                                "p.faint",
                                "The last %d of %s steps, and earlier ones that are under way; the history has all of them."
                                        .formatted(ROWS, Words.count(bars.size())))),
                el(
                        "table.chart",
                        el("caption.unseen", "What the code asked for, and how long it took"),
                        el(
                                "thead",
                                el(
                                        "tr",
                                        el("th", "Step").attr("scope", "col"),
                                        el("th.axis", ticks()).attr("scope", "col"),
                                        el("th.took", "Took").attr("scope", "col"))),
                        el(
                                "tbody",
                                group(shown.stream()
                                        .map(bar -> row(bar, historyUrl))
                                        .toList()))),
                legend());
    }

    private Html ticks() {
        List<Html> ticks = new ArrayList<>();
        for (int i = 0; i <= TICKS; i++) {
            ticks.add(
                    el("span", Words.duration(timeline.length().multipliedBy(i).dividedBy(TICKS))));
        }
        return el("span.ticks", ticks.toArray(Html[]::new));
    }

    private Html row(Timeline.Bar bar, String historyUrl) {
        String kind = bar.kind().name().toLowerCase(Locale.ROOT);
        AttemptInfo attempt = bar.attempt();
        Html name = bar.kind() == Timeline.Kind.CHILD
                ? Ui.instanceLink(bar.subject())
                : text(bar.subject().isEmpty() ? "timer" : bar.subject());
        Html attempts =
                attempt == null || attempt.number() < 2 ? Html.none() : el("span.tag", "attempt " + attempt.number());
        return el(
                "tr",
                el(
                                "th.step",
                                el("a.kind", kind).href(historyUrl + "#e" + bar.eventId()),
                                el("span.step-name", name),
                                attempts)
                        .attr("scope", "row"),
                el("td.axis", picture(bar)),
                el("td.took", took(bar)));
    }

    private static String took(Timeline.Bar bar) {
        return bar.end() == null ? "…" : Words.duration(Duration.between(bar.start(), bar.end()));
    }

    private Html picture(Timeline.Bar bar) {
        Instant end = bar.end() == null ? timeline.to() : bar.end();
        AttemptInfo attempt = bar.attempt();
        Instant ran = attempt == null ? bar.start() : clamped(attempt.startedAt(), bar.start(), end);
        String state = bar.state().name().toLowerCase(Locale.ROOT);
        Element svg = el("svg.picture")
                .attr("viewBox", "0 0 1000 14")
                .attr("preserveAspectRatio", "none")
                .attr("role", "img")
                .attr(
                        "aria-label",
                        "%s, from %s to %s"
                                .formatted(
                                        state,
                                        Words.duration(Duration.between(timeline.from(), bar.start())),
                                        bar.end() == null
                                                ? "now"
                                                : Words.duration(Duration.between(timeline.from(), end))));
        for (int i = 1; i < TICKS; i++) {
            svg = svg.with(el("line.grid")
                    .attr("x1", i * 250L)
                    .attr("x2", i * 250L)
                    .attr("y1", 0)
                    .attr("y2", 14));
        }
        Html waited = when(ran.isAfter(bar.start()), rectangle("queued", bar.start(), ran, 5, 4));
        return svg.with(waited, rectangle("run.is-" + state, ran, end, 1, 12));
    }

    private static Instant clamped(Instant time, Instant from, Instant to) {
        return time.isBefore(from) ? from : time.isAfter(to) ? to : time;
    }

    private Element rectangle(String kind, Instant from, Instant to, int y, int height) {
        double start = position(from);
        double width = Math.max(4, position(to) - start);
        return el("rect." + kind)
                .attr("x", String.format(Locale.ROOT, "%.1f", Math.min(start, WIDTH - width)))
                .attr("width", String.format(Locale.ROOT, "%.1f", width))
                .attr("y", y)
                .attr("height", height)
                .attr("rx", 2);
    }

    private double position(Instant time) {
        double whole = Math.max(1, timeline.length().toNanos());
        return Math.clamp(Duration.between(timeline.from(), time).toNanos() / whole * WIDTH, 0, WIDTH);
    }

    private static Html legend() {
        return el(
                "p.legend",
                el("span.key.is-done", "done"),
                el("span.key.is-open", "under way"),
                el("span.key.is-failed", "failed"),
                el("span.key.is-withdrawn", "withdrawn"),
                el("span.key.is-queued", "queued or retried before the last attempt"));
    }
}
