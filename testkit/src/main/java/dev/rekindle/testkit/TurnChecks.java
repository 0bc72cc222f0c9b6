package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A turn's commit: all of it happens, or nothing does. */
abstract class TurnChecks extends Checks {
    TurnChecks(Bench bench) {
        super(bench);
    }

    /** Everything that a turn can do but end. */
    private static TestTurn busy(TestTurn turn) {
        return turn.notes(3)
                .schedule()
                .schedule()
                .scheduleHere()
                .timer(Duration.ofHours(1))
                .send(TestNode.raised("other", "hello"))
                .send(TestNode.raised("other", "again"))
                .send(TestNode.starting("born", null))
                .send(TestNode.raised("nobody", "lost"))
                .customStatus("\"busy\"");
    }

    private void assertNothingOfIt(String instance, int events) {
        assertHistory(instance, events);
        assertThat(find(instance).customStatus()).isNull();
        assertThat(provider.findInstance("born")).isEmpty();
        assertThat(node.dequeue()).isEmpty();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void turn_committed_makesAllOfItVisibleTogether() {
        node.settle("other");
        busy(node.begin("a")).commit();
        assertQueues(3, 3, 1, 1);
        assertThat(find("a").customStatus()).isEqualTo("\"busy\"");
        assertHistory("a", 9);
        assertThat(node.dequeue()).hasSize(2);
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactlyInAnyOrder("other", "born");
    }

    @Test
    void turn_leaseGivenBack_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        assertCode(ErrorCode.LEASE_LOST, () -> busy(turn).commit());
        assertNothingOfIt("a", 1);
    }

    @Test
    void turn_nodeReleased_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        node.release();
        assertCode(ErrorCode.LEASE_LOST, () -> busy(turn).commit());
        assertNothingOfIt("a", 1);
    }

    @Test
    void turn_forgedToken_writesNothingAndTheLeaseStays() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        InstanceLease forged =
                new InstanceLease("a", turn.lease().runId(), turn.lease().token() + 1);
        assertCode(
                ErrorCode.LEASE_LOST, () -> busy(turn.followUp().under(forged)).commit());
        assertNothingOfIt("a", 1);
        turn.note("\"mine\"").commit();
        assertHistory("a", 2);
    }

    @Test
    void turn_tokenOfAnotherInstance_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        TestTurn held = node.begin("b");
        InstanceLease crossed = new InstanceLease("a", "run-a", held.lease().token());
        assertCode(
                ErrorCode.LEASE_LOST, () -> busy(turn.followUp().under(crossed)).commit());
        assertNothingOfIt("a", 1);
        held.note("\"mine\"").commit();
    }

    @Test
    void turn_instanceUnknown_isRefused() {
        TestTurn turn = node.begin("a");
        InstanceLease elsewhere =
                new InstanceLease("nobody", "run", turn.lease().token());
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().under(elsewhere).note("\"x\"").commit());
        assertThat(provider.findInstance("nobody")).isEmpty();
    }

    @Test
    void turn_leaseTakenAnew_theOldTokenWritesNothing() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem first = node.fetchOne();
        node.abandon(first);
        OrchestrationItem second = node.fetchOne();
        assertThat(second.lease().token()).isNotEqualTo(first.lease().token());
        assertCode(ErrorCode.LEASE_LOST, () -> TestTurn.of(node, first).commit());
        TestTurn.of(node, second).commit();
        assertHistory("a", 3);
    }

    @Test
    void turn_wrongPosition_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> busy(turn.followUp().at(1, 7)).keep().commit());
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> busy(turn.followUp().at(1, 0)).keep().commit());
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> busy(turn.followUp().at(2, 1)).keep().commit());
        assertNothingOfIt("a", 1);
        turn.note("\"right\"").commit();
        assertHistory("a", 2);
    }

    @Test
    void turn_repeatedUnderAKeptLease_isRefused() {
        node.settle("other");
        TestTurn turn = node.begin("a")
                .note("\"x\"")
                .send(TestNode.raised("other", "1"))
                .keep();
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertHistory("a", 2);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void turn_repeatedAfterTheLeaseEnded_isRefused() {
        TestTurn turn = node.begin("a").schedule();
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertHistory("a", 2);
        assertQueues(0, 1, 0, 0);
    }

    @Test
    void turn_eventIdsWithAGap_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        TestTurn gap = busy(turn.followUp()).event(new Event.CustomStatusSet(99, TestTurn.AT, null));
        assertCode(ErrorCode.INVALID_ARGUMENT, gap::commit);
        assertNothingOfIt("a", 1);
        turn.note("\"x\"").commit();
    }

    @Test
    void turn_eventIdsTwice_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a");
        TestTurn twice = busy(turn.followUp());
        twice.event(new Event.CustomStatusSet(twice.next() - 1, TestTurn.AT, null));
        assertCode(ErrorCode.INVALID_ARGUMENT, twice::commit);
        assertNothingOfIt("a", 1);
        turn.note("\"x\"").commit();
    }

    @Test
    void turn_eventIdsFromTheBeginning_writesNothing() {
        TestTurn turn = node.begin("a");
        TestTurn again = turn.followUp().event(new Event.CustomStatusSet(1, TestTurn.AT, null));
        assertCode(ErrorCode.INVALID_ARGUMENT, again::commit);
        assertHistory("a", 1);
        turn.note("\"x\"").commit();
    }

    @Test
    void turn_refused_leavesItsMessagesInTheQueue() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        TestTurn bad = TestTurn.of(node, item).event(new Event.CustomStatusSet(99, TestTurn.AT, null));
        assertCode(ErrorCode.INVALID_ARGUMENT, bad::commit);
        node.abandon(item);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void turn_withoutEventsOrEffects_onlyConsumes() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        TestTurn.on(node, item).drop(item.messages().getFirst()).commit();
        assertThat(node.fetch()).isEmpty();
        assertHistory("a", 2);
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void turn_manyUnderOneLease_followEachOther() {
        TestTurn turn = node.begin("a");
        for (int i = 0; i < 50; i++) {
            turn = turn.note("" + i).keep().commitAndGoOn();
        }
        turn.note("\"last\"").commit();
        assertHistory("a", 52);
    }

    @Test
    void turn_keepsTheLease_nobodyElseGetsTheInstance() {
        TestNode other = bench.node(provider, "other");
        TestTurn turn = node.begin("a").note("\"x\"").keep().commitAndGoOn();
        node.raise("a", "1");
        assertThat(other.fetch()).isEmpty();
        assertThat(node.fetch()).isEmpty();
        turn.note("\"y\"").commit();
        assertThat(TestNode.payloads(other.fetchOne())).containsExactly("1");
    }

    @Test
    void turn_atTheSameMoment_otherInstancesAreNotHeldUp() {
        TestTurn a = node.begin("a");
        TestTurn b = node.begin("b");
        b.note("\"x\"").commit();
        node.start("c");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        a.note("\"x\"").commit();
        assertHistory("a", 2);
        assertHistory("b", 2);
        assertHistory("c", 2);
    }

    // ---- activities in a turn

    @Test
    void schedule_forAnyone_isThereAtOnce() {
        TestTurn turn = node.begin("a");
        turn.schedule().keep().commit();
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.work()).isEqualTo(TestNode.activity(turn.item(), 1, 2));
        assertThat(leased.attempt()).isEqualTo(1);
        assertThat(leased.nodeDeaths()).isZero();
        assertThat(leased.lastFailure()).isNull();
        assertThat(leased.heartbeat()).isNull();
    }

    @Test
    void schedule_here_leasesInOrderAndHidesThemFromOthers() {
        TestTurn turn = node.begin("a").scheduleHere().schedule().scheduleHere().keep();
        List<WorkLease> leased = turn.commit().leased();
        assertThat(leased).extracting(WorkLease::scheduledId).containsExactly(2L, 4L);
        assertThat(leased).allSatisfy(lease -> {
            assertThat(lease.instance()).isEqualTo("a");
            assertThat(lease.runId()).isEqualTo("run-a");
            assertThat(lease.executionId()).isEqualTo(1);
            assertThat(provider.renewWorker(lease, null)).isTrue();
        });
        assertThat(node.dequeue()).extracting(work -> work.work().scheduledId()).containsExactly(3L);
    }

    @Test
    void schedule_hereAndLeaseGivenBack_theActivityStaysLeased() {
        WorkLease lease = node.begin("a").scheduleHere().commit().leased().getFirst();
        assertThat(node.dequeue()).isEmpty();
        provider.ackWorker(lease, TestNode.completion(TestNode.activity(item("a"), 1, 2), "\"done\""));
        assertThat(TestNode.works(node.fetchOne())).hasSize(1);
    }

    private static OrchestrationItem item(String instance) {
        return new OrchestrationItem(
                new InstanceLease(instance, "run-" + instance, 0),
                new OrchestrationItem.Definition("Orders", "1", null),
                1,
                1,
                0,
                List.of());
    }

    @Test
    void schedule_here_handedBackIsThereForOthers() {
        WorkLease lease =
                node.begin("a").scheduleHere().keep().commit().leased().getFirst();
        provider.abandonWorker(lease, WorkAbandonment.handBack(null));
        assertThat(bench.node(provider, "other").dequeueOne().work().scheduledId())
                .isEqualTo(2);
    }

    @Test
    void consume_leasedWork_takesItOutOfTheQueueWithoutAMessage() {
        TestTurn turn = node.begin("a").scheduleHere().scheduleHere().keep();
        List<WorkLease> leased = turn.commit().leased();
        turn.followUp().consume(leased.get(0), leased.get(1)).commit();
        assertQueues(0, 0, 0, 0);
        assertThat(node.fetch()).isEmpty();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> provider.ackWorker(
                        leased.get(0), TestNode.completion(TestNode.activity(turn.item(), 1, 2), "1")));
    }

    @Test
    void consume_workThatWasDequeued_isTheSame() {
        TestTurn turn = node.begin("a").schedule().keep();
        turn.commit();
        LeasedWork leased = node.dequeueOne();
        turn.followUp().consume(leased.lease()).commit();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void consume_staleWork_writesNothing() {
        node.settle("other");
        TestTurn turn = node.begin("a").scheduleHere().scheduleHere().keep();
        List<WorkLease> leased = turn.commit().leased();
        provider.abandonWorker(leased.get(1), WorkAbandonment.handBack(null));
        TestTurn next = turn.followUp()
                .consume(leased.get(0), leased.get(1))
                .send(TestNode.raised("other", "1"))
                .keep();
        assertCode(ErrorCode.LEASE_LOST, next::commit);
        assertHistory("a", 3);
        assertQueues(0, 2, 0, 0);
        assertThat(provider.renewWorker(leased.get(0), null)).isTrue();
    }

    @Test
    void consume_andScheduleTheNextStep_isOneCommit() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        WorkLease lease = turn.commit().leased().getFirst();
        for (int i = 0; i < 20; i++) {
            turn = turn.followUp().consume(lease).scheduleHere().keep();
            lease = turn.commit().leased().getFirst();
        }
        turn.followUp().consume(lease).complete("20").commit();
        assertThat(find("a").output()).isEqualTo("20");
        assertHistory("a", 44);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void scheduleAndCancel_inOneTurn_netsToNothing() {
        TestTurn turn = node.begin("a");
        long timer = turn.timer(Duration.ofSeconds(1)).next() - 1;
        long activity = turn.schedule().next() - 1;
        turn.cancelTimer(timer).cancelActivity(activity).commit();
        assertQueues(0, 0, 0, 0);
        move(Duration.ofHours(1));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void problem_isGoneWithTheNextTurn() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "it differs"));
        assertThat(find("a").problem()).isEqualTo("it differs");
        assertThat(find("a").status()).isEqualTo(Status.STUCK);
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(find("a").problem()).isNull();
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void deadLetters_ofTheTurn_areKept() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        TestTurn.on(node, item)
                .drop(item.messages().getFirst())
                .bury(item.messages().getFirst().work(), "nobody waits for it")
                .commit();
        assertQueues(0, 0, 0, 1);
    }

    // ---- many at once

    @Test
    void commits_manyUnderOneLease_oneWins() {
        TestTurn turn = node.begin("a");
        assertThat(Crowd.winners(
                        20,
                        i -> () ->
                                turn.followUp().note("" + i).schedule().keep().commit()))
                .isEqualTo(1);
        assertHistory("a", 3);
        assertQueues(0, 1, 0, 0);
    }

    @Test
    void commits_ofManyInstancesAtOnce_allHappen() {
        List<TestTurn> turns =
                IntStream.range(0, 100).mapToObj(i -> node.begin("i" + i)).toList();
        assertThat(Crowd.winners(100, i -> () -> turns.get(i).schedule().commit()))
                .isEqualTo(100);
        assertQueues(0, 100, 0, 0);
    }

    @Test
    void commits_badOnesAmongManyAtOnce_failAlone() {
        List<TestTurn> turns =
                IntStream.range(0, 60).mapToObj(i -> node.begin("i" + i)).toList();
        long won = Crowd.winners(60, i -> () -> {
            TestTurn turn = turns.get(i).schedule();
            switch (i % 3) {
                case 0 -> turn.event(new Event.CustomStatusSet(99, TestTurn.AT, null));
                case 1 -> turn.under(new InstanceLease("i" + i, "run-i" + i, -1));
                default -> {}
            }
            turn.commit();
        });
        assertThat(won).isEqualTo(20);
        assertQueues(0, 20, 0, 0);
        for (int i = 0; i < 60; i++) {
            assertHistory("i" + i, i % 3 == 2 ? 2 : 1);
        }
    }
}
