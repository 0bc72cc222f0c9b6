package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;

import dev.rekindle.analytics.RatePoint;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.console.wire.Parameters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What ended lately: how often over time, how long it took, and what of that was waiting. */
final class FiguresPart {
    /** The parameter that chooses how far back is looked. */
    static final String LAST = "last";

    private static final int SHOWN = 12;

    /**
     * How far back is looked.
     *
     * @param name as the command line says it
     * @param title what it is called above the figures
     * @param column how much of it is one column of the picture
     */
    record Window(String name, String title, Duration length, Duration column) {}

    private static final Window HOUR = new Window("1h", "The last hour", Duration.ofHours(1), Duration.ofMinutes(1));
    private static final List<Window> WINDOWS = List.of(
            new Window("15m", "The last 15 minutes", Duration.ofMinutes(15), Duration.ofMinutes(1)),
            HOUR,
            new Window("6h", "The last 6 hours", Duration.ofHours(6), Duration.ofMinutes(5)),
            new Window("24h", "The last 24 hours", Duration.ofHours(24), Duration.ofHours(1)),
            new Window("7d", "The last 7 days", Duration.ofDays(7), Duration.ofHours(3)));

    private final Reading reading;
    private final InstantSource clock;

    FiguresPart(Reading reading, InstantSource clock) {
        this.reading = reading;
        this.clock = clock;
    }

    Html content(Parameters query) {
        Window window = window(query);
        if (!reading.hasAnalytics()) {
            return Ui.card(
                    "What ended lately",
                    Ui.unavailable(
                            "Analytics features not available",
                            "This console's client has no AnalyticsCapability, which sums up rates, failures and"
                                + " latencies. A provider that has it brings it; the counts on this page do not need"
                                + " it."));
        }
        List<RatePoint> rates = reading.rates(Subject.Kind.ORCHESTRATION, window.length());
        return Ui.card(
                window.title(),
                choice(window),
                new RateChart(rates, window, clock.instant()).html(),
                table(window, reading.report(window.length())));
    }

    private static Window window(Parameters query) {
        String name = query.nonEmpty(LAST);
        return WINDOWS.stream()
                .filter(window -> window.name().equals(name))
                .findFirst()
                .orElse(HOUR);
    }

    private static Html choice(Window chosen) {
        return el(
                        "nav.windows",
                        group(WINDOWS.stream()
                                .map(window -> Ui.link(
                                                Parameters.NONE
                                                        .and(LAST, window.name())
                                                        .behind("/"),
                                                window.name())
                                        .attr("aria-label", window.title())
                                        .attr("aria-current", window.equals(chosen) ? "true" : null))
                                .toList()))
                .attr("aria-label", "How far back");
    }

    private static Html table(Window window, List<SubjectReport> reports) {
        List<String> columns = Ui.columns(
                "What", "Ended", "Failed", "Half within", "95 % within", "99 % within", "Queued", "Retrying");
        List<Html.Element> rows = reports.stream()
                .filter(report -> report.subject().kind() == Subject.Kind.ORCHESTRATION
                        || report.subject().kind() == Subject.Kind.ACTIVITY)
                .limit(SHOWN)
                .map(report -> Ui.row(
                        columns,
                        subject(report.subject()),
                        text(Words.count(report.totals().count())),
                        share(report.failureRate()),
                        millis(report.p50Millis()),
                        millis(report.p95Millis()),
                        millis(report.p99Millis()),
                        share(report.totals().queuedMillis(), report),
                        share(report.totals().retryingMillis(), report)))
                .toList();
        return rows.isEmpty()
                ? Ui.empty(
                        "Nothing ended",
                        "Rates, failures and latencies appear here as soon as nodes have handed over their sums.")
                : group(
                        el("div.scroll.figures", Ui.table(window.title(), columns, rows)),
                        el(
                                "p.faint",
                                "Queued and retrying: their share of the time that it took, from being asked for to"
                                        + " its end."));
    }

    private static Html subject(Subject subject) {
        return subject.kind() == Subject.Kind.ORCHESTRATION
                ? el("strong", subject.orchestration())
                : group(text(subject.name()), el("span.faint", " in " + subject.orchestration()));
    }

    private static Html millis(double millis) {
        return text(Words.duration(Duration.ofMillis(Math.round(millis))));
    }

    private static Html share(long part, SubjectReport of) {
        long whole = of.totals().millis();
        return share(whole == 0 ? 0 : (double) part / whole);
    }

    private static Html share(double share) {
        return share == 0 ? el("span.faint", "–") : text(Words.percent(share));
    }
}
