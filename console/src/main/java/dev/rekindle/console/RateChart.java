package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Status;
import dev.rekindle.analytics.RatePoint;
import dev.rekindle.console.Html.Element;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How many instances ended over time, as columns: well below, others on top of that. Immutable. */
final class RateChart {
    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 100;
    private static final double GAP = 0.2;

    /** What ended in the time of one column. */
    private static final class Column {
        private long all;
        private long failed;
        private long otherwise;

        void add(RatePoint point) {
            all += point.totals().count();
            point.byOutcome().forEach((status, count) -> {
                failed += status == Status.FAILED ? count : 0;
                otherwise += status == Status.CANCELLED || status == Status.TERMINATED ? count : 0;
            });
        }
    }

    private final Column[] columns;
    private final Duration step;
    private final Instant from;
    private final Column sum = new Column();

    RateChart(List<RatePoint> points, FiguresPart.Window window, Instant now) {
        this.step = window.column();
        this.columns = new Column[Math.toIntExact(window.length().dividedBy(step))];
        this.from = floor(now).minus(step.multipliedBy(columns.length - 1L));
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column();
        }
        for (RatePoint point : points) {
            long at = Duration.between(from, floor(point.at())).dividedBy(step);
            if (at >= 0 && at < columns.length) {
                columns[(int) at].add(point);
                sum.add(point);
            }
        }
    }

    private Instant floor(Instant time) {
        long length = step.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length) * length);
    }

    /** Nothing when nothing ended. */
    Html html() {
        return when(
                sum.all > 0,
                el(
                        "figure.rates",
                        el("figcaption", said()),
                        picture(),
                        el("div.ticks", el("span", Words.minute(from)), el("span", "now"))));
    }

    private String said() {
        double minutes = step.multipliedBy(columns.length).toSeconds() / 60.0;
        double each = sum.all / minutes;
        String rate = each >= 1
                ? String.format(Locale.ROOT, "%.1f a minute", each)
                : String.format(Locale.ROOT, "%.1f an hour", each * 60);
        return "%s ended, %s; %s failed".formatted(Words.things(sum.all, "instance"), rate, Words.count(sum.failed));
    }

    private Html picture() {
        long peak = 1;
        for (Column column : columns) {
            peak = Math.max(peak, column.all);
        }
        Element svg = el("svg.columns-of-time")
                .attr("viewBox", "0 0 %d %d".formatted(WIDTH, HEIGHT))
                .attr("preserveAspectRatio", "none")
                .attr("role", "img")
                .attr("aria-label", "%s; at most %s in %s".formatted(said(), Words.count(peak), Words.duration(step)));
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].all > 0) {
                svg = svg.with(column(i, (double) HEIGHT / peak));
            }
        }
        return svg;
    }

    private Html column(int at, double scale) {
        Column its = columns[at];
        long well = its.all - its.failed - its.otherwise;
        return el(
                "g",
                el(
                        "title",
                        "%s: %s ended, %s failed"
                                .formatted(
                                        Words.minute(from.plus(step.multipliedBy(at))),
                                        Words.count(its.all),
                                        Words.count(its.failed))),
                group(
                        part("done", at, 0, well, scale),
                        part("withdrawn", at, well, its.otherwise, scale),
                        part("failed", at, well + its.otherwise, its.failed, scale)));
    }

    private Html part(String state, int at, long below, long count, double scale) {
        double width = (double) WIDTH / columns.length;
        return when(
                count > 0,
                el("rect.run.is-" + state)
                        .attr("x", number((at + GAP / 2) * width))
                        .attr("width", number((1 - GAP) * width))
                        .attr("y", number(HEIGHT - (below + count) * scale))
                        .attr("height", number(count * scale)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
