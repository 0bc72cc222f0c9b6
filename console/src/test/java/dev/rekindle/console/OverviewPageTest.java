package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.Checkup;
import dev.rekindle.memory.InMemoryProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the overview says of a store that nobody runs, at times that the test sets. */
class OverviewPageTest {
    private static final Orchestration<String, String> SHIP =
            Orchestration.named("ShipOrder", String.class, String.class);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final InMemoryProvider provider = new InMemoryProvider(now::get);
    private final Client client = Client.builder()
            .provider(provider)
            .management(provider)
            .capability(AnalyticsCapability.class, provider)
            .clock(now::get)
            .build();
    private final OverviewPage page = new OverviewPage(new Reading(client, new Redaction(Redactor.NONE)), now::get);

    @AfterEach
    void close() {
        provider.close();
    }

    private String live(Parameters query) {
        return page.live(query).markup();
    }

    private String problems() {
        return live(Parameters.NONE);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
        provider.clockMoved();
    }

    @Test
    void emptyStore_needsNobody() {
        assertThat(problems()).contains("Nothing needs you");
    }

    @Test
    void startThatNobodyTakes_isLateAfterAWhile() {
        client.start(SHIP, "order-1", "lamp");
        client.start(SHIP, "order-2", "chair", options -> options.delay(Duration.ofHours(1)));
        assertThat(problems()).contains("Nobody runs this store").doesNotContain("should have gone on");
        pass(Checkup.LATE.plusSeconds(1));
        assertThat(problems()).contains("should have gone on", "order-1").doesNotContain("order-2");
        pass(Duration.ofHours(2));
        assertThat(problems()).contains("order-1", "order-2");
        client.management().suspend("order-1", "stocktaking");
        assertThat(problems()).contains("order-2").doesNotContain("order-1");
    }

    @Test
    void figures_ofTheWindowThatIsChosen_showRatesAndWhereTimeWent() {
        Instant ended = Resolution.HOUR.floor(now.get().minus(Duration.ofHours(5)));
        Subject order = new Subject(Subject.Kind.ORCHESTRATION, "ProcessOrder", "");
        Subject charge = new Subject(Subject.Kind.ACTIVITY, "ProcessOrder", "Charge");
        for (Resolution resolution : Resolution.values()) {
            provider.addMeasurements(List.of(
                    new Measurement(resolution, ended, order, Status.COMPLETED, 40, new Totals(240, 480_000, 0, 0)),
                    new Measurement(
                            resolution,
                            ended,
                            charge,
                            Status.COMPLETED,
                            40,
                            new Totals(240, 480_000, 48_000, 12_000))));
        }
        assertThat(live(Parameters.NONE)).contains("The last hour", "Nothing ended");
        assertThat(live(Parameters.NONE.and("last", "24h")))
                .contains("The last 24 hours", "240 instances ended, 10.0 an hour; 0 failed", "ProcessOrder")
                .contains("data-label=\"Queued\"><div>10.0 %", "data-label=\"Retrying\"><div>2.5 %");
        assertThat(live(Parameters.NONE.and("last", "nonsense"))).contains("The last hour");
    }
}
