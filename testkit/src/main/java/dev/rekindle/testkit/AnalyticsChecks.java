package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums that nodes hand over: kept, added up and forgotten. */
@Needs(Trait.ANALYTICS)
abstract class AnalyticsChecks extends Checks {
    private static final Instant AT = TestClock.START;
    private static final Instant NEXT = AT.plus(Duration.ofMinutes(1));
    private static final Instant LATER = AT.plus(Duration.ofMinutes(2));
    private static final Subject CHARGE = new Subject(Subject.Kind.ACTIVITY, "Orders", "Charge");
    private static final Subject ORDERS = new Subject(Subject.Kind.ORCHESTRATION, "Orders", "");

    AnalyticsChecks(Bench bench) {
        super(bench);
    }

    private AnalyticsCapability analytics() {
        return Bench.capability(provider, AnalyticsCapability.class);
    }

    private static Measurement measured(Instant at, Subject subject, Status outcome, int bucket, long count) {
        return new Measurement(
                Resolution.MINUTE, at, subject, outcome, bucket, new Totals(count, count * 10, count * 2, count * 3));
    }

    private static Measurement completed(Instant at, long count) {
        return measured(at, CHARGE, Status.COMPLETED, 7, count);
    }

    @Test
    void emptyStore_hasNoFigures() {
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, LATER)).isEmpty();
        assertThat(analytics().measurementSeries(Subject.Kind.ACTIVITY, Resolution.MINUTE, AT, LATER))
                .isEmpty();
        assertThat(analytics().forgetMeasurements(Resolution.MINUTE, LATER)).isZero();
        analytics().addMeasurements(List.of());
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, LATER)).isEmpty();
    }

    @Test
    void addMeasurements_ofTheSame_addsUp() {
        analytics().addMeasurements(List.of(completed(AT, 5), completed(AT, 1)));
        analytics().addMeasurements(List.of(completed(AT, 7)));
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, NEXT)).containsExactly(completed(AT, 13));
    }

    @Test
    void sumMeasurements_addsUpOverTimeOnly() {
        Subject strange = new Subject(Subject.Kind.EVENT, "Ünï'; DROP TABLE figure --", "%_\"");
        analytics()
                .addMeasurements(List.of(
                        completed(AT, 1),
                        completed(NEXT, 2),
                        measured(NEXT, CHARGE, Status.FAILED, 7, 3),
                        measured(NEXT, CHARGE, Status.COMPLETED, 8, 4),
                        measured(AT, ORDERS, Status.TERMINATED, 0, 5),
                        measured(AT, strange, Status.CANCELLED, 40, 6)));
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, LATER))
                .containsExactlyInAnyOrder(
                        completed(AT, 3),
                        measured(AT, CHARGE, Status.FAILED, 7, 3),
                        measured(AT, CHARGE, Status.COMPLETED, 8, 4),
                        measured(AT, ORDERS, Status.TERMINATED, 0, 5),
                        measured(AT, strange, Status.CANCELLED, 40, 6));
    }

    @Test
    void sumMeasurements_windowBegins_includedAndEndsNot() {
        analytics().addMeasurements(List.of(completed(AT, 1), completed(NEXT, 2), completed(LATER, 4)));
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, NEXT, LATER)).containsExactly(completed(NEXT, 2));
    }

    @Test
    void resolutions_areKeptApart() {
        Measurement hour = new Measurement(Resolution.HOUR, AT, CHARGE, Status.COMPLETED, 7, new Totals(9, 8, 7, 6));
        analytics().addMeasurements(List.of(completed(AT, 1), hour));
        assertThat(analytics().sumMeasurements(Resolution.HOUR, AT, NEXT)).containsExactly(hour);
        assertThat(analytics().forgetMeasurements(Resolution.MINUTE, LATER)).isOne();
        assertThat(analytics().sumMeasurements(Resolution.HOUR, AT, NEXT)).containsExactly(hour);
    }

    @Test
    void measurementSeries_isOfOneKindInTheOrderOfTime() {
        analytics()
                .addMeasurements(List.of(
                        completed(NEXT, 1),
                        measured(NEXT, CHARGE, Status.COMPLETED, 9, 1),
                        measured(AT, CHARGE, Status.FAILED, 9, 3),
                        measured(AT, ORDERS, Status.COMPLETED, 9, 5)));
        Subject all = new Subject(Subject.Kind.ACTIVITY, "", "");
        assertThat(analytics().measurementSeries(Subject.Kind.ACTIVITY, Resolution.MINUTE, AT, LATER))
                .containsExactly(measured(AT, all, Status.FAILED, 0, 3), measured(NEXT, all, Status.COMPLETED, 0, 2));
    }

    @Test
    void forgetMeasurements_leavesWhatIsYounger() {
        analytics().addMeasurements(List.of(completed(AT, 1), completed(NEXT, 2)));
        assertThat(analytics().forgetMeasurements(Resolution.MINUTE, NEXT)).isOne();
        assertThat(analytics().forgetMeasurements(Resolution.MINUTE, NEXT)).isZero();
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, LATER)).containsExactly(completed(AT, 2));
    }

    @Test
    void addMeasurements_byManyAtOnce_losesNothing() {
        Crowd.winners(
                20,
                i -> () -> analytics()
                        .addMeasurements(
                                i % 2 == 0
                                        ? List.of(
                                                completed(AT, 1),
                                                completed(NEXT, 1),
                                                measured(AT, ORDERS, Status.FAILED, 1, 1))
                                        : List.of(
                                                measured(AT, ORDERS, Status.FAILED, 1, 1),
                                                completed(NEXT, 1),
                                                completed(AT, 1))));
        assertThat(analytics().sumMeasurements(Resolution.MINUTE, AT, LATER))
                .containsExactlyInAnyOrder(completed(AT, 40), measured(AT, ORDERS, Status.FAILED, 1, 20));
    }
}
