package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a look at the health of a store finds. */
class CheckupTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final TestClock clock = new TestClock();
    private final InMemoryProvider provider = new InMemoryProvider(clock);
    private final TestNode node = new TestNode(provider, "node");
    private final Management management = Client.builder()
            .provider(provider)
            .management(provider)
            .clock(clock)
            .build()
            .management();

    @AfterEach
    void close() {
        provider.close();
    }

    private void pass(Duration time) {
        clock.move(time);
        provider.clockMoved();
    }

    @Test
    void checkup_emptyStore_isAllRight() {
        Checkup seen = management.checkup(5);
        assertThat(seen.at()).isEqualTo(clock.instant());
        assertThat(seen.lacksNodes()).isFalse();
        assertThat(seen.stuck().count() + seen.suspended().count() + seen.held().count())
                .isZero();
        assertThat(seen.late()).isEmpty();
        assertThat(seen.lateActivity()).isEmpty();
        assertThat(seen.retrying() + seen.deadLetters() + seen.activeInstances())
                .isZero();
    }

    @Test
    void checkup_standingStill_isSortedByTheReason() {
        for (int i = 0; i < 3; i++) {
            node.start("stuck-" + i);
            provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(DAY, "differs"));
        }
        node.start("held");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(DAY, "no node has the code of 'Orders' 2.0"));
        node.start("suspended");
        provider.suspendInstance("suspended", "stocktaking");
        pass(Duration.ofHours(1));

        Checkup seen = management.checkup(2);
        assertThat(seen.stuck().count()).isEqualTo(3);
        assertThat(seen.stuck().examples())
                .extracting(InstanceSummary::instance)
                .containsExactly("stuck-2", "stuck-1");
        assertThat(seen.held().count()).isEqualTo(1);
        assertThat(seen.held().examples()).extracting(InstanceSummary::instance).containsExactly("held");
        assertThat(seen.suspended().examples())
                .extracting(InstanceSummary::instance)
                .containsExactly("suspended");
        assertThat(seen.late()).isEmpty();
        assertThat(seen.activeInstances()).isEqualTo(5);
    }

    @Test
    void checkup_dueForLong_isLate() {
        node.begin("timer").timer(Duration.ofMinutes(10)).commit();
        node.begin("works").schedule().commit();
        pass(Duration.ofMinutes(10).plus(Checkup.LATE));
        node.start("new");
        assertThat(management.checkup(5).late()).isEmpty();
        pass(Duration.ofSeconds(1));
        Instant due = TestClock.START.plus(Duration.ofMinutes(10));
        Checkup seen = management.checkup(5);
        assertThat(seen.late()).containsExactly(new OverdueInstance(provider.getInstanceSummary("timer"), due));
        assertThat(seen.lateActivity()).contains(TestClock.START);
    }
}
