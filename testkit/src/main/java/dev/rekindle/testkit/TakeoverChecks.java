package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes on one store, each in a process of its own: they share the work, and take over what a dead one held. */
@Needs({Trait.SEVERAL_PROVIDERS, Trait.SEVERAL_RUNNERS})
abstract class TakeoverChecks extends Checks {
    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode other;

    TakeoverChecks(Bench bench) {
        super(bench);
    }

    @BeforeEach
    void openOther() {
        other = bench.join("other");
    }

    // ---- together

    @Test
    void nodes_together_eachInstanceIsGivenOnce() {
        IntStream.range(0, 60).forEach(i -> node.start("i" + i));
        List<TestNode> nodes = List.of(node, other, bench.join("third"));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Crowd.of(3, i -> () -> {
            for (List<OrchestrationItem> some = nodes.get(i).fetch(5, Duration.ZERO);
                    !some.isEmpty();
                    some = nodes.get(i).fetch(5, Duration.ZERO)) {
                some.forEach(item -> assertThat(seen.add(item.lease().instance()))
                        .as("given once")
                        .isTrue());
            }
            return i;
        });
        assertThat(seen).hasSize(60);
    }

    @Test
    void nodes_together_eachActivityIsGivenOnce() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 60).forEach(i -> turn.schedule());
        turn.commit();
        List<TestNode> nodes = List.of(node, other, bench.join("third"));
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        Crowd.of(3, i -> () -> {
            for (List<LeasedWork> some = nodes.get(i).dequeue(5, Duration.ZERO);
                    !some.isEmpty();
                    some = nodes.get(i).dequeue(5, Duration.ZERO)) {
                some.forEach(leased -> assertThat(seen.add(leased.work().scheduledId()))
                        .as("given once")
                        .isTrue());
            }
            return i;
        });
        assertThat(seen).hasSize(60);
    }

    @Test
    void nodes_neitherIsAStandby() {
        assertThat(node.fetch()).isEmpty();
        assertThat(other.fetch()).isEmpty();
        assertThat(node.provider().isStandby()).isFalse();
        assertThat(other.provider().isStandby()).isFalse();
    }

    @Test
    void lease_ofOne_isNotTheOthers() {
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        assertThat(other.fetch()).isEmpty();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> other.provider()
                        .appendWithExecution("a", 1, List.of(new Event.CustomStatusSet(2, TestTurn.AT, null))));
        turn.note("\"x\"").commit();
        assertThat(TestNode.payloads(other.fetchOne())).containsExactly("1");
    }

    @Test
    void activity_scheduledByOneRunByTheOther_completes() {
        node.begin("a").schedule().commit();
        other.complete(other.dequeueOne(), "\"far away\"");
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactly(new WorkItem.ActivityCompleted("a", "run-a", 1, 2, "\"far away\""));
    }

    @Test
    void activity_runningElsewhere_canBeCancelled() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = other.dequeueOne();
        turn.cancelActivity(2).commit();
        assertThat(other.provider().renewWorker(leased.lease(), null)).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> other.complete(leased, "1"));
    }

    @Test
    void activity_runningElsewhere_endsWithItsInstance() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = other.dequeueOne();
        turn.complete("1").commit();
        assertThat(other.provider().renewWorker(leased.lease(), "1")).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> other.complete(leased, "1"));
    }

    @Test
    void waiting_onOne_wakesForWhatTheOtherDoes() {
        node.settle("a");
        List<Integer> sizes = Crowd.of(2, i -> () -> {
            if (i == 0) {
                return other.fetch(1, TestNode.LONG).size();
            }
            node.raise("a", "1");
            return 0;
        });
        assertThat(sizes.getFirst()).isEqualTo(1);
    }

    @Test
    void releaseNode_ofOne_givesItsOwnToTheOther() {
        node.settle("b");
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        node.raise("b", "1");
        OrchestrationItem theirs = other.fetchOne();
        node.raise("a", "1");
        node.release();
        assertThat(other.fetchOne().lease().instance()).isEqualTo("a");
        LeasedWork again = other.dequeueOne();
        assertThat(again.nodeDeaths()).isZero();
        assertCode(ErrorCode.LEASE_LOST, () -> turn.note("\"x\"").commit());
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        TestTurn.of(other, theirs).commit();
    }

    // ---- a node that dies

    @Test
    @Needs(Trait.CRASHES)
    void dead_notBeforeItsTime() {
        node.begin("a").schedule().keep().commitAndGoOn();
        node.dequeueOne();
        node.raise("a", "1");
        bench.crash(node);
        if (!bench.store().takeover().isZero()) {
            move(bench.store().takeover().dividedBy(3));
            assertThat(other.fetch()).isEmpty();
            assertThat(other.dequeue()).isEmpty();
        }
        bench.moveToTakeover();
        OrchestrationItem item = other.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("1");
        assertThat(other.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    @Needs(Trait.CRASHES)
    void dead_onlyWhatItHeldIsTaken() {
        TestTurn kept = other.begin("kept").schedule().keep().commitAndGoOn();
        LeasedWork working = other.dequeueOne();
        node.begin("a");
        node.raise("a", "1");
        bench.crash(node);
        bench.moveToTakeover();
        assertThat(other.fetchOne().lease().instance()).isEqualTo("a");
        assertThat(other.dequeue()).isEmpty();
        other.complete(working, "1");
        kept.note("\"still mine\"").commit();
        assertThat(other.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs(Trait.CRASHES)
    void dead_aWaitingNodeTakesOver() {
        node.begin("a");
        node.raise("a", "1");
        List<Integer> sizes = Crowd.of(2, i -> () -> {
            if (i == 0) {
                return other.fetch(1, TestNode.LONG).size();
            }
            bench.crash(node);
            bench.moveToTakeover();
            return 0;
        });
        assertThat(sizes.getFirst()).isEqualTo(1);
    }

    @Test
    @Needs(Trait.CRASHES)
    void dead_severalSurvivors_eachThingIsTakenOnce() {
        List<String> ids = IntStream.range(0, 30).mapToObj(i -> "i" + i).toList();
        ids.forEach(id -> node.begin(id).schedule().commit());
        ids.forEach(id -> node.raise(id, "1"));
        assertThat(node.fetch()).hasSize(30);
        assertThat(node.dequeue()).hasSize(30);
        TestNode third = bench.join("third");
        bench.crash(node);
        bench.moveToTakeover();
        List<TestNode> survivors = List.of(other, third);
        List<List<String>> taken = Crowd.of(2, i -> () -> {
            List<String> mine = new ArrayList<>();
            for (List<OrchestrationItem> some = survivors.get(i).fetch(3, Duration.ZERO);
                    !some.isEmpty();
                    some = survivors.get(i).fetch(3, Duration.ZERO)) {
                some.forEach(item -> mine.add(item.lease().instance()));
            }
            for (List<LeasedWork> some = survivors.get(i).dequeue(3, Duration.ZERO);
                    !some.isEmpty();
                    some = survivors.get(i).dequeue(3, Duration.ZERO)) {
                some.forEach(leased -> mine.add("work of " + leased.work().instance()));
            }
            return mine;
        });
        List<String> all = new ArrayList<>(ids);
        ids.forEach(id -> all.add("work of " + id));
        assertThat(taken.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void alive_howeverMuchTimePasses_keepsItsLeases() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        node.raise("a", "1");
        for (int i = 0; i < 5; i++) {
            move(bench.store().takeover().plusSeconds(1));
            assertThat(other.fetch()).isEmpty();
            assertThat(other.dequeue()).isEmpty();
        }
        node.complete(leased, "1");
        turn.note("\"still mine\"").commit();
    }

    // ---- a node that only seemed dead

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_itsTurnIsRefusedAfterTheTakeover() {
        node.settle("target");
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        bench.silence(node);
        bench.moveToTakeover();
        OrchestrationItem item = other.fetchOne();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.schedule()
                        .timer(Duration.ofHours(1))
                        .send(TestNode.raised("target", "stale"))
                        .customStatus("\"stale\"")
                        .commit());
        TestTurn.of(other, item).commit();
        goOnWith(other);
        assertHistory("a", 2);
        assertThat(find("a").customStatus()).isNull();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_itsTurnIsRefusedAlsoWhenTheOtherIsDone() {
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        bench.silence(node);
        bench.moveToTakeover();
        TestTurn.of(other, other.fetchOne()).commit();
        assertCode(ErrorCode.LEASE_LOST, () -> turn.complete("\"stale\"").commit());
        goOnWith(other);
        assertThat(find("a").status().isTerminal()).isFalse();
    }

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_itsActivityIsRefusedAfterTheTakeover() {
        node.begin("a").schedule().commit();
        LeasedWork stale = node.dequeueOne();
        bench.silence(node);
        bench.moveToTakeover();
        LeasedWork taken = other.dequeueOne();
        assertThat(taken.nodeDeaths()).isEqualTo(1);
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(stale, "\"stale\""));
        assertThat(node.provider().renewWorker(stale.lease(), "\"stale\"")).isFalse();
        node.provider()
                .abandonWorker(
                        stale.lease(),
                        WorkAbandonment.retry(
                                Duration.ofHours(1), new Failure("Boom", "stale", null, true), "\"stale\""));
        assertThat(other.provider().renewWorker(taken.lease(), null)).isTrue();
        other.complete(taken, "\"done\"");
        OrchestrationItem item = other.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(TestNode.completion(taken.work(), "\"done\""));
    }

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_itsConsumedActivityIsRefusedAfterTheTakeover() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        WorkLease stale = turn.commit().leased().getFirst();
        bench.silence(node);
        bench.moveToTakeover();
        LeasedWork taken = other.dequeueOne();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().consume(stale).scheduleHere().keep().commit());
        other.complete(taken, "1");
        TestTurn.of(other, other.fetchOne()).commit();
        goOnWith(other);
        assertHistory("a", 3);
    }

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_itsAbandonmentIsIgnoredAfterTheTakeover() {
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        bench.silence(node);
        bench.moveToTakeover();
        OrchestrationItem item = other.fetchOne();
        node.provider().abandonOrchestrationItem(turn.lease(), Abandonment.stuck(Duration.ofHours(1), "stale"));
        node.provider().releaseNode(node.id());
        goOnWith(other);
        assertThat(find("a").problem()).isNull();
        TestTurn.of(other, item).commit();
        assertHistory("a", 2);
    }

    @Test
    @Needs(Trait.FALLS_SILENT)
    void silent_andBackAgain_itMayTakeNewWork() {
        node.begin("a");
        node.raise("a", "1");
        bench.silence(node);
        bench.moveToTakeover();
        TestTurn.of(other, other.fetchOne()).commit();
        bench.close(node);
        goOnWith(bench.join("node again"));
        node.raise("a", "2");
        TestTurn.of(node, node.fetchOne()).commit();
        assertHistory("a", 3);
    }

    // ---- clocks

    @Test
    @Needs(Trait.SKEWED_CLOCKS)
    void skewedNode_takesNothingTooEarly() {
        TestNode ahead = bench.node(bench.opened(bench.store().openSkewed(Duration.ofDays(2))), "ahead");
        node.begin("a").timer(Duration.ofHours(1)).commit();
        node.settle("b");
        node.send(TestNode.raised("b", "1"), Duration.ofHours(1));
        node.begin("held");
        node.raise("held", "1");
        assertThat(ahead.fetch()).isEmpty();
        move(Duration.ofHours(1));
        assertThat(ahead.fetch()).extracting(item -> item.lease().instance()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @Needs(Trait.SKEWED_CLOCKS)
    void skewedNode_delaysAreTheStores() {
        TestNode behind = bench.node(bench.opened(bench.store().openSkewed(Duration.ofDays(-2))), "behind");
        node.settle("a");
        behind.send(TestNode.raised("a", "1"), Duration.ofHours(1));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofHours(1));
        OrchestrationItem item = behind.fetchOne();
        behind.provider().abandonOrchestrationItem(item.lease(), Abandonment.waiting(Duration.ofHours(1), "later"));
        move(Duration.ofMinutes(59));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMinutes(1));
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    @Needs(Trait.SKEWED_CLOCKS)
    void skewedNode_isNotTakenForDead() {
        TestNode behind = bench.node(bench.opened(bench.store().openSkewed(Duration.ofDays(-2))), "behind");
        TestTurn turn = behind.begin("a");
        node.raise("a", "1");
        for (int i = 0; i < 3; i++) {
            move(bench.store().takeover().plusSeconds(1));
            assertThat(node.fetch()).isEmpty();
        }
        turn.note("\"alive\"").commit();
    }
}
