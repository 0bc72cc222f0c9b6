package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.WorkAbandonment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What inspection shows: every row, and who holds what, in one snapshot. The oracle rests on it. */
@Needs(Trait.INSPECTION)
abstract class InspectionChecks extends Checks {
    InspectionChecks(Bench bench) {
        super(bench);
    }

    private StoredInstance only() {
        List<StoredInstance> all = Bench.image(provider).instances();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void emptyStore_isEmpty() {
        StoreImage image = Bench.image(provider);
        assertThat(image.instances()).isEmpty();
        assertThat(image.orphans()).isEmpty();
        assertThat(image.deadLetters()).isEmpty();
        assertThat(image.statusCounts()).isEmpty();
    }

    @Test
    void busyStore_showsEveryRow() {
        node.begin("done").complete("1").commit();
        node.begin("a").continueAsNew("2").commit();
        TestTurn turn = TestTurn.of(node, node.fetchOne());
        turn.scheduleHere().timer(Duration.ofHours(1)).keep().commit();
        node.raise("a", "1");
        node.send(TestNode.raised("a", "later"), Duration.ofMinutes(1));
        StoreImage image = Bench.image(provider);
        assertThat(image.instances())
                .extracting(its -> its.snapshot().instance())
                .containsExactly("done", "a");
        StoredInstance busy = image.instances().getLast();
        assertThat(busy.snapshot()).isEqualTo(find("a"));
        assertThat(busy.histories()).containsOnlyKeys(1L, 2L);
        assertThat(busy.histories().get(1L)).isEqualTo(provider.readWithExecution("a", 1));
        assertThat(busy.histories().get(2L)).isEqualTo(provider.read("a")).hasSize(3);
        assertThat(busy.messages())
                .extracting(StoredMessage::work)
                .containsExactly(TestNode.raised("a", "1"), TestNode.raised("a", "later"));
        assertThat(busy.messages().getLast().visibleAt()).isEqualTo(TestClock.START.plusSeconds(60));
        assertThat(busy.timers()).containsExactly(new StoredTimer(2, 3, TestClock.START.plusSeconds(3_600)));
        assertThat(busy.activities())
                .extracting(StoredActivity::work)
                .containsExactly(TestNode.activity(turn.item(), 2, 2));
        assertThat(busy.activities().getFirst().leasedTo()).isNotNull();
        assertThat(busy.leasedTo()).isNotNull();
        assertThat(image.statusCounts()).isEqualTo(Map.of(Status.COMPLETED, 1L, Status.RUNNING, 1L));
    }

    @Test
    void leases_areShownWhileTheyLast() {
        node.begin("a").schedule().commit();
        assertThat(only().leasedTo()).isNull();
        assertThat(only().activities().getFirst().leasedTo()).isNull();
        TestNode other = bench.node(provider, "other");
        LeasedWork leased = other.dequeueOne();
        node.raise("a", "1");
        var item = node.fetchOne();
        assertThat(only().leasedTo()).isNotNull();
        assertThat(only().activities().getFirst().leasedTo()).isNotNull();
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        TestTurn.of(node, item).commit();
        assertThat(only().leasedTo()).isNull();
        assertThat(only().activities().getFirst().leasedTo()).isNull();
    }

    @Test
    void attempts_areShown() {
        node.begin("a").schedule().commit();
        provider.abandonWorker(
                node.dequeueOne().lease(),
                WorkAbandonment.retry(Duration.ofHours(1), new Failure("Boom", "no", null, true), null));
        assertThat(only().activities().getFirst().attempt()).isEqualTo(2);
    }

    @Test
    void delayedStart_isShownWithItsMessage() {
        node.send(TestNode.starting("a", null), Duration.ofMinutes(1));
        assertThat(only().snapshot().status()).isEqualTo(Status.PENDING);
        assertThat(only().messages())
                .containsExactly(new StoredMessage(TestNode.starting("a", null), TestClock.START.plusSeconds(60)));
    }

    @Test
    void snapshot_whileOthersStart_neverHasHalfAStart() {
        Crowd.of(3, worker -> () -> {
            for (int i = 0; i < 40; i++) {
                if (worker > 0) {
                    node.start(worker + "." + i);
                    continue;
                }
                StoreImage image = Bench.image(provider);
                assertThat(image.instances())
                        .allSatisfy(its -> assertThat(its.messages()).hasSize(1));
                assertThat(image.statusCounts().values().stream()
                                .mapToLong(count -> count)
                                .sum())
                        .isEqualTo(image.instances().size());
            }
            return worker;
        });
        assertThat(Bench.image(provider).instances()).hasSize(80);
    }

    @Test
    void snapshot_whileTurnsCommit_neverHasHalfATurn() {
        TestTurn first = node.begin("a").scheduleHere().keep();
        Crowd.of(2, worker -> () -> {
            if (worker == 0) {
                TestTurn turn = first;
                for (int i = 0; i < 40; i++) {
                    var leased = turn.commit().leased();
                    turn = turn.followUp()
                            .consume(leased.getFirst())
                            .scheduleHere()
                            .keep();
                }
                return worker;
            }
            for (int i = 0; i < 20; i++) {
                StoredInstance its = only();
                int open = OpenCommands.of(its.histories().getOrDefault(1L, List.of()))
                        .all()
                        .size();
                assertThat(its.activities()).hasSize(open);
            }
            return worker;
        });
    }
}
