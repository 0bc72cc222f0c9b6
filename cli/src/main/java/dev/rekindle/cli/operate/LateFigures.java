package dev.rekindle.cli.operate;

import dev.rekindle.Client;
import dev.rekindle.Status;
import dev.rekindle.analytics.Analytics;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.RatePoint;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What ended in the last minutes, as nodes have measured it.
 *
 * @param seconds how long these minutes are: figures are kept by the full minute
 * @param instances of instances
 * @param activities of activities
 */
record LateFigures(long seconds, Ended instances, Ended activities) {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    /**
     * How many ended.
     *
     * @param failed how many of them failed
     */
    record Ended(long count, long failed) {
        static Ended of(List<RatePoint> points) {
            return new Ended(
                    points.stream().mapToLong(point -> point.totals().count()).sum(),
                    points.stream()
                            .mapToLong(point -> point.byOutcome().getOrDefault(Status.FAILED, 0L))
                            .sum());
        }
    }

    /** Empty when the store keeps no figures. */
    static Optional<LateFigures> at(Instant now, Client client) {
        if (client.capability(AnalyticsCapability.class).isEmpty()) {
            return Optional.empty();
        }
        Analytics analytics = client.analytics();
        Instant from = Resolution.MINUTE.floor(now.minus(WINDOW));
        return Optional.of(new LateFigures(
                Duration.between(from, now).toSeconds(),
                Ended.of(analytics.rates(Subject.Kind.ORCHESTRATION, WINDOW)),
                Ended.of(analytics.rates(Subject.Kind.ACTIVITY, WINDOW))));
    }

    Table table() {
        Table table = Table.of("LAST %d MIN".formatted(WINDOW.toMinutes()), "ENDED>", "PER MINUTE>", "FAILED>");
        row(table, "instances", instances);
        row(table, "activities", activities);
        return table;
    }

    private void row(Table table, String what, Ended ended) {
        table.row(
                Words.of(what),
                Words.number(ended.count),
                Words.of(String.format(Locale.ROOT, "%.1f", 60.0 * ended.count / seconds)),
                Words.of(
                        ended.failed == 0
                                ? ""
                                : String.format(Locale.ROOT, "%.1f %%", 100.0 * ended.failed / ended.count)));
    }
}
