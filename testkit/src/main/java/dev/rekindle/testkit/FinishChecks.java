package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How instances end, and who is told. */
abstract class FinishChecks extends Checks {
    private static final Failure FAILURE = new Failure("java.lang.IllegalStateException", "no", "at x", false);

    FinishChecks(Bench bench) {
        super(bench);
    }

    @Test
    void finish_cleansUpAndKeepsWhatNobodyTook() {
        TestTurn turn = node.begin("a");
        turn.schedule().scheduleHere().timer(Duration.ofHours(1)).keep().commit();
        node.raise("a", "late");
        turn.followUp().complete("\"done\"").commit();
        assertQueues(0, 0, 0, 1);
        move(Duration.ofDays(1));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void finish_completed_showsItsOutput() {
        TestTurn turn = node.begin("a");
        move(Duration.ofSeconds(3));
        turn.complete("{\"cents\":5}").commit();
        InstanceSnapshot end = find("a");
        assertThat(end.status()).isEqualTo(Status.COMPLETED);
        assertThat(end.output()).isEqualTo("{\"cents\":5}");
        assertThat(end.failure()).isNull();
        assertThat(end.finishedAt()).isEqualTo(TestClock.START.plusSeconds(3));
    }

    @Test
    void finish_failed_showsItsFailure() {
        node.begin("a").fail(FAILURE).commit();
        InstanceSnapshot end = find("a");
        assertThat(end.status()).isEqualTo(Status.FAILED);
        assertThat(end.output()).isNull();
        assertThat(end.failure()).isEqualTo(FAILURE);
    }

    @Test
    void finish_cancelled_showsWhy() {
        Failure why = Failure.of(ErrorCode.ORCHESTRATION_CANCELLED, "no longer wanted", false);
        node.begin("a").cancelled(why).commit();
        assertThat(find("a").status()).isEqualTo(Status.CANCELLED);
        assertThat(find("a").output()).isNull();
    }

    @Test
    void finish_terminated_showsWhy() {
        Failure why = Failure.of(ErrorCode.ORCHESTRATION_TERMINATED, "by an operator", false);
        node.begin("a").terminated(why).commit();
        assertThat(find("a").status()).isEqualTo(Status.TERMINATED);
        assertThat(find("a").output()).isNull();
    }

    @Test
    void finish_inTheFirstTurn_isTheWholeHistory() {
        node.start("a");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertHistory("a", 2);
    }

    @Test
    void finish_stuckBefore_leavesNoProblem() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "differs"));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").problem()).isNull();
    }

    @Test
    void finish_keepingTheLease_endsItAllTheSame() {
        TestTurn turn = node.begin("a").complete("1").keep();
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, () -> turn.followUp().note("\"x\"").commit());
        assertHistory("a", 2);
    }

    @Test
    void finish_repeated_isRefused() {
        TestTurn turn = node.begin("a").complete("1");
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertHistory("a", 2);
    }

    @Test
    void finish_activityUnderWay_isNoLongerWanted() {
        TestTurn turn = node.begin("a").scheduleHere().schedule().keep();
        WorkLease here = turn.commit().leased().getFirst();
        LeasedWork elsewhere = node.dequeueOne();
        turn.followUp().complete("1").commit();
        assertThat(provider.renewWorker(here, null)).isFalse();
        assertThat(provider.renewWorker(elsewhere.lease(), "{}")).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(elsewhere, "1"));
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void finish_consumingItsLastActivity_takesItOut() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        WorkLease lease = turn.commit().leased().getFirst();
        turn.followUp().consume(lease).complete("1").commit();
        assertThat(provider.renewWorker(lease, null)).isFalse();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void finish_timerThatHasFired_goesWithIt() {
        TestTurn turn = node.begin("a").timer(Duration.ofSeconds(1)).keep().commitAndGoOn();
        move(Duration.ofSeconds(2));
        assertThat(node.fetch()).isEmpty();
        turn.complete("1").commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void finish_onlyEventsBecomeDeadLetters() {
        TestTurn turn = node.begin("a").schedule().keep();
        turn.commit();
        node.complete(node.dequeueOne(), "1");
        node.send(new WorkItem.CancelInstance("a", null, "why"));
        node.send(new WorkItem.TerminateInstance("a", null, "why"));
        node.raise("a", "1");
        node.raise("a", "2");
        turn.followUp().complete("1").commit();
        assertQueues(0, 0, 0, 2);
    }

    @Test
    @Needs(Trait.INSPECTION)
    void finish_deadLetter_saysWhatItWasAndWhy() {
        TestTurn turn = node.begin("a");
        node.raise("a", "\"too late\"");
        turn.complete("1").commit();
        assertThat(Bench.image(provider).deadLetters()).singleElement().satisfies(dead -> {
            assertThat(dead.work()).isEqualTo(TestNode.raised("a", "\"too late\""));
            assertThat(dead.reason()).isNotBlank();
        });
    }

    @Test
    void finish_messageThatIsNotYetVisible_becomesADeadLetter() {
        TestTurn turn = node.begin("a");
        node.send(TestNode.raised("a", "later"), Duration.ofMinutes(5));
        turn.complete("1").commit();
        assertQueues(0, 0, 0, 1);
        move(Duration.ofMinutes(10));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void finish_messageToItself_becomesADeadLetter() {
        node.begin("a").send(TestNode.raised("a", "to myself")).complete("1").commit();
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void finish_tellsItsParentInTheSameCommit() {
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(TestNode.starting("child", link)).commit();
        WorkItem.ChildFailed told = new WorkItem.ChildFailed("parent", link.runId(), 1, 2, FAILURE);
        TestTurn.of(node, node.fetchOne()).send(told).fail(FAILURE).commit();
        assertThat(TestNode.works(node.fetchOne())).containsExactly(told);
    }

    @Test
    void finish_parentThatHasEnded_isNotTold() {
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(TestNode.starting("child", link)).keep().commit();
        parent.followUp().complete("1").commit();
        TestTurn.of(node, node.fetchOne())
                .send(new WorkItem.ChildCompleted("parent", link.runId(), 1, 2, "1"))
                .complete("1")
                .commit();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void finish_whileMessagesArrive_eachIsRefusedOrKept() {
        for (int round = 0; round < 10; round++) {
            String id = "a" + round;
            TestTurn turn = node.begin(id);
            long accepted = Crowd.winners(9, i -> () -> {
                if (i == 8) {
                    turn.complete("1").commit();
                } else {
                    node.raise(id, "" + i);
                }
            });
            assertThat(accepted).isBetween(1L, 9L);
            assertThat(node.fetch()).isEmpty();
        }
    }

    @Test
    void finish_manyAtOnce_allEnd() {
        List<TestTurn> turns =
                IntStream.range(0, 50).mapToObj(i -> node.begin("i" + i)).toList();
        assertThat(Crowd.winners(50, i -> () -> turns.get(i).complete("" + i).commit()))
                .isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            assertThat(find("i" + i).output()).isEqualTo("" + i);
        }
    }

    // ---- waiting for the end

    @Test
    void awaitInstance_endsMeanwhile_tellsAtOnce() throws Exception {
        TestTurn turn = node.begin("a");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<InstanceSnapshot> end = threads.submit(() -> {
                waiting.countDown();
                return provider.awaitInstance("a", TestNode.LONG).orElseThrow();
            });
            waiting.await();
            turn.complete("\"done\"").commit();
            assertThat(Crowd.get(end)).isEqualTo(find("a"));
        }
    }

    @Test
    void awaitInstance_endedLongAgo_tellsWithoutWaiting() throws Exception {
        node.begin("a").complete("1").commit();
        assertThat(provider.awaitInstance("a", TestNode.LONG)).contains(find("a"));
        assertThat(provider.awaitInstance("a", Duration.ZERO)).contains(find("a"));
    }

    @Test
    void awaitInstance_doesNotEndInTime_tellsHowItStands() throws Exception {
        node.begin("a");
        assertThat(provider.awaitInstance("a", Duration.ZERO)).contains(find("a"));
        assertThat(provider.awaitInstance("a", Duration.ofMillis(20))).contains(find("a"));
    }

    @Test
    void awaitInstance_continuesAsNew_waitsForTheEndOfAll() {
        TestTurn turn = node.begin("a");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<InstanceSnapshot> end = threads.submit(
                    () -> provider.awaitInstance("a", TestNode.LONG).orElseThrow());
            turn.continueAsNew("2").commit();
            TestTurn.of(node, node.fetchOne()).complete("\"second\"").commit();
            InstanceSnapshot told = Crowd.get(end);
            assertThat(told.executionId()).isEqualTo(2);
            assertThat(told.output()).isEqualTo("\"second\"");
        }
    }

    @Test
    void awaitInstance_manyWait_allAreTold() {
        TestTurn turn = node.begin("a");
        List<String> outputs = Crowd.of(21, i -> () -> {
            if (i == 20) {
                turn.complete("\"all\"").commit();
            }
            return String.valueOf(
                    provider.awaitInstance("a", TestNode.LONG).orElseThrow().output());
        });
        assertThat(outputs).containsOnly("\"all\"");
    }

    @Test
    void awaitInstance_interrupted_throws() throws Exception {
        node.begin("a");
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                provider.awaitInstance("a", TestNode.LONG);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        waiter.interrupt();
        waiter.join();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void ended_itemOfItsFormerLease_canDoNothing() {
        TestTurn turn = node.begin("a");
        OrchestrationItem item = turn.item();
        turn.complete("1").commit();
        InstanceLease lease = item.lease();
        provider.abandonOrchestrationItem(lease, Abandonment.stuck(Duration.ZERO, "too late"));
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").problem()).isNull();
    }
}
