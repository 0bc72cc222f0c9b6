package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Much of everything: long histories, wide turns. */
abstract class LongHistoryChecks extends Checks {
    LongHistoryChecks(Bench bench) {
        super(bench);
    }

    @Test
    void history_ofTenThousandEvents_isReadInOrder() {
        TestTurn turn = node.begin("a");
        for (int i = 0; i < 10; i++) {
            turn = turn.notes(1_000).keep().commitAndGoOn();
        }
        turn.complete("1").commit();
        assertHistory("a", 10_002);
        assertThat(provider.readWithExecution("a", 1)).isEqualTo(provider.read("a"));
    }

    @Test
    void history_ofManySmallTurns_isReadInOrder() {
        TestTurn turn = node.begin("a");
        for (int i = 0; i < 300; i++) {
            turn = turn.notes(1 + i % 3).keep().commitAndGoOn();
        }
        turn.note("\"x\"").commit();
        assertHistory("a", 602);
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(602);
    }

    @Test
    void turn_ofAThousandActivities_allAreGivenOnceAndComplete() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 1_000).forEach(i -> turn.schedule());
        turn.commit();
        List<LeasedWork> leased = node.dequeue(1_000, TestNode.LONG);
        assertThat(leased)
                .extracting(work -> work.work().scheduledId())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> i + 2L).toList());
        assertThat(Crowd.winners(1_000, i -> () -> node.complete(leased.get(i), "" + i)))
                .isEqualTo(1_000);
        int completions = 0;
        while (completions < 1_000) {
            OrchestrationItem item = node.fetchOne();
            completions += item.messages().size();
            TestTurn.of(node, item).commit();
        }
        assertHistory("a", 2_001);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void turn_ofAThousandActivitiesHere_allAreLeasedInOrder() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 1_000).forEach(i -> turn.scheduleHere());
        var leased = turn.keep().commit().leased();
        assertThat(leased)
                .extracting(lease -> lease.scheduledId())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> i + 2L).toList());
        TestTurn next = turn.followUp();
        leased.forEach(next::consume);
        next.commit();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void turn_ofAThousandTimers_allFire() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 1_000).forEach(i -> turn.timer(Duration.ofSeconds(1 + i % 10)));
        turn.commit();
        int fired = 0;
        for (int second = 0; second < 10; second++) {
            move(Duration.ofSeconds(1));
            OrchestrationItem item = node.fetchOne();
            fired += item.messages().size();
            TestTurn.of(node, item).commit();
        }
        assertThat(fired).isEqualTo(1_000);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void turn_thatStartsAThousand_allAreThere() {
        TestTurn turn = node.begin("a").note("\"x\"");
        IntStream.range(0, 1_000).forEach(i -> turn.send(TestNode.starting("i" + i, null)));
        turn.commit();
        int seen = 0;
        for (List<OrchestrationItem> some = node.fetch(400, Duration.ZERO);
                !some.isEmpty();
                some = node.fetch(400, Duration.ZERO)) {
            seen += some.size();
        }
        assertThat(seen).isEqualTo(1_000);
    }

    @Test
    void turn_thatTakesAThousandMessages_recordsEach() {
        node.settle("a");
        TestTurn sender = node.begin("sender").note("\"x\"");
        IntStream.range(0, 1_000).forEach(i -> sender.send(TestNode.raised("a", "" + i)));
        sender.commit();
        int taken = 0;
        while (taken < 1_000) {
            OrchestrationItem item = node.fetchOne();
            taken += item.messages().size();
            TestTurn.of(node, item).commit();
        }
        assertThat(provider.read("a"))
                .filteredOn(event -> event instanceof Event.EventRaised)
                .hasSize(1_000);
    }

    @Test
    void finish_withMuchLeft_leavesNothing() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 300).forEach(i -> turn.schedule().timer(Duration.ofHours(1 + i)));
        turn.keep().commit();
        IntStream.range(0, 100).forEach(i -> node.raise("a", "" + i));
        node.dequeue(50, Duration.ZERO);
        turn.followUp().complete("1").commit();
        assertQueues(0, 0, 0, 100);
    }
}
