package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Limits;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Messages that are visible later, and timers. */
abstract class DelayChecks extends Checks {
    DelayChecks(Bench bench) {
        super(bench);
    }

    private static List<Long> fired(OrchestrationItem item) {
        return TestNode.works(item).stream()
                .map(work -> ((WorkItem.TimerFired) work).scheduledId())
                .toList();
    }

    // ---- messages

    @Test
    void delayedMessage_becomesVisibleAtItsTime() {
        node.settle("a");
        node.send(TestNode.raised("a", "1"), Duration.ofMinutes(5));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMinutes(5).minusMillis(1));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMillis(1));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void delayedMessage_doesNotHoldUpLaterOnes() {
        node.settle("a");
        node.send(TestNode.raised("a", "later"), Duration.ofMinutes(5));
        node.raise("a", "now");
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("now");
        TestTurn.of(node, item).commit();
        move(Duration.ofMinutes(5));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("later");
    }

    @Test
    void delayedMessages_comeWhenEachIsDue() {
        node.settle("a");
        node.send(TestNode.raised("a", "30"), Duration.ofSeconds(30));
        node.send(TestNode.raised("a", "10"), Duration.ofSeconds(10));
        node.send(TestNode.raised("a", "20"), Duration.ofSeconds(20));
        for (String expected : List.of("10", "20", "30")) {
            move(Duration.ofSeconds(10));
            OrchestrationItem item = node.fetchOne();
            assertThat(TestNode.payloads(item)).containsExactly(expected);
            TestTurn.of(node, item).commit();
        }
    }

    @Test
    void delayedMessage_whileLeased_waitsForTheRelease() {
        TestTurn turn = node.begin("a");
        node.send(TestNode.raised("a", "1"), Duration.ofSeconds(5));
        move(Duration.ofSeconds(10));
        assertThat(node.fetch()).isEmpty();
        turn.note("\"x\"").commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void delayedStart_isThereAtOnceAndComesLater() {
        node.send(TestNode.starting("a", null), Duration.ofMinutes(5));
        assertThat(provider.findInstance("a")).isPresent();
        assertThat(provider.latestExecutionId("a")).hasValue(1);
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMinutes(5));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("a", null));
    }

    @Test
    void delayedStart_otherMessagesWaitForIt() {
        node.send(TestNode.starting("a", null), Duration.ofMinutes(5));
        node.raise("a", "early");
        node.send(new WorkItem.CancelInstance("a", null, "why"));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMinutes(5));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).hasSize(3).first().isInstanceOf(WorkItem.StartOrchestration.class);
        assertThat(TestNode.payloads(item)).containsExactly("early");
    }

    @Test
    void delayedStart_othersAreNotHeldUp() {
        node.send(TestNode.starting("a", null), Duration.ofMinutes(5));
        node.start("b");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("b");
    }

    @Test
    void delays_ofYears_areKept() {
        node.settle("a");
        node.send(TestNode.raised("a", "1"), Duration.ofDays(3_650));
        move(Duration.ofDays(3_649));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofDays(1));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void delays_forEver_areOverAtTheLatestTime() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        node.settle("a");
        node.send(TestNode.raised("a", "1"), forEver);
        node.send(TestNode.starting("b", null), forEver);
        node.start("c");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.waiting(forEver, "for ever"));
        node.begin("d").schedule().commit();
        provider.abandonWorker(node.dequeueOne().lease(), new WorkAbandonment(forEver, null, false, null));
        move(Duration.ofDays(1_000_000));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
        move(Duration.between(bench.clock.instant(), Limits.LATEST_TIME));
        assertThat(node.fetch()).hasSize(3);
        assertThat(node.dequeue()).hasSize(1);
    }

    // ---- timers

    @Test
    void timer_due_sendsItsMessageOnce() {
        node.begin("a").timer(Duration.ofHours(2)).commit();
        assertQueues(0, 0, 1, 0);
        move(Duration.ofHours(2).minusMillis(1));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMillis(1));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 2));
        TestTurn.of(node, item).commit();
        move(Duration.ofHours(2));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void timer_inThePast_firesAtOnce() {
        node.begin("a").timer(TestClock.START.minusSeconds(1)).commit();
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timer_longPast_firesAtOnce() {
        node.begin("a").timer(Instant.EPOCH).commit();
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timer_finerThanAMillisecond_neverFiresEarly() {
        node.begin("a").timer(TestClock.START.plusNanos(1)).commit();
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMillis(1));
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void timer_farAway_waits() {
        node.begin("a").timer(Duration.ofDays(36_500)).commit();
        move(Duration.ofDays(36_499));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofDays(1));
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timer_inAnotherMillennium_waits() {
        node.begin("a")
                .timer(Instant.parse("5000-01-01T00:00:00Z"))
                .timer(Instant.MAX)
                .commit();
        move(Duration.ofDays(1_000_000));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofDays(100_000));
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timer_cancelled_neverFires() {
        node.begin("a")
                .timer(Duration.ofSeconds(1))
                .timer(Duration.ofSeconds(2))
                .keep()
                .commitAndGoOn()
                .cancelTimer(2)
                .cancelTimer(99)
                .commit();
        move(Duration.ofHours(1));
        assertThat(fired(node.fetchOne())).containsExactly(3L);
    }

    @Test
    void timer_cancelledAfterItFired_isTakenBack() {
        TestTurn turn = node.begin("a").timer(Duration.ofSeconds(1)).keep().commitAndGoOn();
        move(Duration.ofSeconds(2));
        assertThat(node.fetch()).isEmpty();
        turn.cancelTimer(2).commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void timer_whileLeased_firesAfterTheRelease() {
        TestTurn turn = node.begin("a").timer(Duration.ofSeconds(1)).keep().commitAndGoOn();
        move(Duration.ofSeconds(2));
        assertThat(node.fetch()).isEmpty();
        turn.note("\"x\"").commit();
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timer_fetchedAndAbandoned_comesAgain() {
        node.begin("a").timer(Duration.ofSeconds(1)).commit();
        move(Duration.ofSeconds(1));
        node.abandon(node.fetchOne());
        assertThat(fired(node.fetchOne())).containsExactly(2L);
    }

    @Test
    void timers_ofOneInstance_fireInTheOrderOfTheirTimes() {
        node.begin("a")
                .timer(Duration.ofSeconds(3))
                .timer(Duration.ofSeconds(1))
                .timer(Duration.ofSeconds(2))
                .commit();
        move(Duration.ofSeconds(5));
        assertThat(fired(node.fetchOne())).containsExactly(3L, 4L, 2L);
    }

    @Test
    void timers_manyDueAtOnce_allFireOnce() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 500).forEach(i -> turn.timer(Duration.ofMillis(1_000 + i % 7)));
        turn.commit();
        move(Duration.ofSeconds(5));
        assertThat(fired(node.fetchOne()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(2, 501).boxed().toList());
    }

    @Test
    void timers_ofManyInstances_wakeEachAtItsTime() {
        for (int i = 0; i < 50; i++) {
            node.begin("i" + i).timer(Duration.ofSeconds(i + 1)).commit();
        }
        for (int i = 0; i < 50; i++) {
            move(Duration.ofSeconds(1));
            OrchestrationItem item = node.fetchOne();
            assertThat(item.lease().instance()).isEqualTo("i" + i);
            TestTurn.of(node, item).commit();
        }
    }

    @Test
    void timer_andMessages_comeTogether() {
        node.begin("a").timer(Duration.ofSeconds(1)).commit();
        move(Duration.ofSeconds(1));
        node.raise("a", "1");
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactlyInAnyOrder(new WorkItem.TimerFired("a", "run-a", 1, 2), TestNode.raised("a", "1"));
    }
}
