package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekindle.Activity;
import dev.rekindle.CapabilityNotAvailableException;
import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.analytics.Analytics;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.RatePoint;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.analytics.Totals;
import dev.rekindle.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalyticsTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Orchestration<String, String> ORDER = Orchestration.named("Order", String.class, String.class);
    private static final Subject CHARGE = new Subject(Subject.Kind.ACTIVITY, "Order", "Charge");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final InMemoryProvider provider = new InMemoryProvider();
    private final Analytics analytics = new Analytics(provider, () -> NOON.plusSeconds(30));

    private static Measurement measured(Instant at, Status outcome, int bucket, long count) {
        return new Measurement(
                Resolution.MINUTE, at, CHARGE, outcome, bucket, new Totals(count, count * 10, count, 2 * count));
    }

    @Test
    void report_sumsAWindow() {
        provider.addMeasurements(List.of(
                measured(NOON, Status.COMPLETED, 10, 60),
                measured(NOON.minusSeconds(60), Status.COMPLETED, 10, 30),
                measured(NOON.minusSeconds(60), Status.FAILED, 30, 10),
                measured(NOON.minusSeconds(7200), Status.FAILED, 30, 10)));
        SubjectReport report = analytics.report(Duration.ofMinutes(10)).getFirst();
        assertThat(report.subject()).isEqualTo(CHARGE);
        assertThat(report.byOutcome()).isEqualTo(Map.of(Status.COMPLETED, 90L, Status.FAILED, 10L));
        assertThat(report.failureRate()).isCloseTo(0.1, within(1e-9));
        assertThat(report.totals()).isEqualTo(new Totals(100, 1000, 100, 200));
        assertThat(report.totals().activeMillis()).isEqualTo(700);
        assertThat(report.p50Millis()).isLessThan(10);
        assertThat(report.p95Millis()).isGreaterThan(100);
    }

    @Test
    void rates_areInTheOrderOfTime() {
        provider.addMeasurements(List.of(
                measured(NOON, Status.COMPLETED, 3, 5),
                measured(NOON.minusSeconds(120), Status.COMPLETED, 4, 1),
                measured(NOON.minusSeconds(120), Status.FAILED, 9, 2)));
        assertThat(analytics.rates(Subject.Kind.ACTIVITY, Duration.ofMinutes(10)))
                .containsExactly(
                        new RatePoint(
                                NOON.minusSeconds(120),
                                Map.of(Status.COMPLETED, 1L, Status.FAILED, 2L),
                                new Totals(3, 30, 3, 6)),
                        new RatePoint(NOON, Map.of(Status.COMPLETED, 5L), new Totals(5, 50, 5, 10)));
        assertThat(analytics.rates(Subject.Kind.TIMER, Duration.ofMinutes(10))).isEmpty();
    }

    @Test
    void addMeasurements_ofTheSameCell_addsUp() {
        provider.addMeasurements(List.of(measured(NOON, Status.COMPLETED, 3, 5)));
        provider.addMeasurements(List.of(measured(NOON, Status.COMPLETED, 3, 7)));
        assertThat(provider.sumMeasurements(Resolution.MINUTE, NOON, NOON.plusSeconds(60)))
                .containsExactly(measured(NOON, Status.COMPLETED, 3, 12));
        assertThat(provider.sumMeasurements(Resolution.HOUR, NOON, NOON.plusSeconds(3600)))
                .isEmpty();
    }

    @Test
    void forgetMeasurements_leavesWhatIsYounger() {
        provider.addMeasurements(List.of(
                measured(NOON, Status.COMPLETED, 3, 5), measured(NOON.minusSeconds(60), Status.COMPLETED, 3, 5)));
        assertThat(provider.forgetMeasurements(Resolution.MINUTE, NOON)).isOne();
        assertThat(provider.forgetMeasurements(Resolution.MINUTE, NOON)).isZero();
        assertThat(provider.sumMeasurements(Resolution.MINUTE, NOON.minusSeconds(60), NOON))
                .isEmpty();
        assertThat(provider.sumMeasurements(Resolution.MINUTE, NOON, NOON.plusSeconds(60)))
                .containsExactly(measured(NOON, Status.COMPLETED, 3, 5));
    }

    @Test
    void report_ofNoWindow_isRefused() {
        assertThatThrownBy(() -> analytics.report(Duration.ZERO))
                .isInstanceOf(RekindleException.class)
                .hasMessageStartingWith("INVALID_ARGUMENT no window");
    }

    @Test
    void node_measuresWhatEnds_andHandsItOverWhenItCloses() throws InterruptedException {
        TestClock clock = new TestClock();
        try (Rekindle rekindle = Rekindle.on(provider)
                .activity(UPPER, (ctx, text) -> {
                    clock.move(Duration.ofMillis(500));
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("empty");
                    }
                    return text;
                })
                .orchestration(ORDER, (ctx, text) -> ctx.call(UPPER, text))
                .clock(clock)
                .start()) {
            for (String input : List.of("a", "b", "")) {
                rekindle.client().start(ORDER, "order-" + input, input);
                assertThat(rekindle.client()
                                .awaitEnd("order-" + input, Duration.ofMinutes(1))
                                .status()
                                .isTerminal())
                        .isTrue();
            }
        }
        List<SubjectReport> report = new Analytics(provider, clock).report(Duration.ofMinutes(5));
        assertThat(report)
                .extracting(SubjectReport::subject)
                .containsExactlyInAnyOrder(
                        new Subject(Subject.Kind.ORCHESTRATION, "Order", ""),
                        new Subject(Subject.Kind.ACTIVITY, "Order", "Upper"));
        assertThat(report).allSatisfy(its -> {
            assertThat(its.byOutcome()).isEqualTo(Map.of(Status.COMPLETED, 2L, Status.FAILED, 1L));
            assertThat(its.totals()).isEqualTo(new Totals(3, 1500, 0, 0));
        });
        assertThat(provider.sumMeasurements(
                        Resolution.HOUR, TestClock.START.minusSeconds(3600), TestClock.START.plusSeconds(3600)))
                .hasSameSizeAs(provider.sumMeasurements(
                        Resolution.MINUTE, TestClock.START.minusSeconds(3600), TestClock.START.plusSeconds(3600)));
    }

    @Test
    void client_ofAProviderWithoutAnalytics_saysSo() {
        try (BasicInMemoryProvider basic = new BasicInMemoryProvider()) {
            assertThatThrownBy(() -> Client.discover(basic).analytics())
                    .isInstanceOf(CapabilityNotAvailableException.class)
                    .hasMessageStartingWith("Analytics features not available");
        }
    }
}
