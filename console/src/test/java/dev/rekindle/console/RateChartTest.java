package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import dev.rekindle.analytics.RatePoint;
import dev.rekindle.analytics.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateChartTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:03:20Z");
    private static final FiguresPart.Window TEN_MINUTES =
            new FiguresPart.Window("10m", "The last 10 minutes", Duration.ofMinutes(10), Duration.ofMinutes(5));

    private static RatePoint ended(String time, Map<Status, Long> byOutcome) {
        long all = byOutcome.values().stream().mapToLong(Long::longValue).sum();
        return new RatePoint(Instant.parse("2030-01-01T" + time + ":00Z"), byOutcome, new Totals(all, 1, 0, 0));
    }

    private static String drawn(RatePoint... points) {
        return new RateChart(List.of(points), TEN_MINUTES, NOW).html().markup();
    }

    @Test
    void html_pointsOfOneColumn_areAddedUp() {
        String html = drawn(
                ended("11:56", Map.of(Status.COMPLETED, 1L)),
                ended("12:00", Map.of(Status.COMPLETED, 2L, Status.FAILED, 1L)),
                ended("12:03", Map.of(Status.COMPLETED, 3L, Status.CANCELLED, 2L)));
        assertThat(html)
                .contains("9 instances ended, 54.0 an hour; 1 failed; at most 8 in 5 min 0 s")
                .contains("01-01 11:55 UTC: 1 ended, 0 failed")
                .contains("01-01 12:00 UTC: 8 ended, 1 failed")
                .contains("class=\"run is-done\" x=\"550.0\" width=\"400.0\" y=\"37.5\" height=\"62.5\"")
                .contains("class=\"run is-withdrawn\" x=\"550.0\" width=\"400.0\" y=\"12.5\" height=\"25.0\"")
                .contains("class=\"run is-failed\" x=\"550.0\" width=\"400.0\" y=\"0.0\" height=\"12.5\"");
    }

    @Test
    void html_pointsOutsideOfTheWindow_areLeftOut() {
        assertThat(drawn(
                        ended("11:54", Map.of(Status.COMPLETED, 5L)),
                        ended("12:05", Map.of(Status.COMPLETED, 5L)),
                        ended("12:00", Map.of(Status.COMPLETED, 1L))))
                .contains("1 instance ended");
    }

    @Test
    void html_nothingEnded_isNothing() {
        assertThat(drawn()).isEmpty();
    }
}
