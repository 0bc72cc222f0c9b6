package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Instances that an operator holds, and lets go on. */
@Needs({Trait.MANAGEMENT, Trait.CHANGES})
abstract class SuspendChecks extends Checks {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Failure ORDERED = new Failure("Terminated", "enough", null, false);

    SuspendChecks(Bench bench) {
        super(bench);
    }

    private void suspend(String instance) {
        management().suspendInstance(instance, "on hold");
    }

    private void resume(String instance) {
        management().resumeInstance(instance);
    }

    private void assertStatus(String instance, Status status) {
        assertThat(find(instance).status()).isEqualTo(status);
        assertThat(management().listInstancesByStatus(status)).contains(instance);
    }

    // ---- suspend

    @Test
    void suspend_showsStatusReasonAndCount() {
        node.settle("a");
        node.settle("b");
        suspend("a");
        assertStatus("a", Status.SUSPENDED);
        assertThat(find("a").problem()).isEqualTo("on hold");
        assertThat(management().listInstancesByStatus(Status.RUNNING)).containsExactly("b");
        assertThat(management().getSystemMetrics().instancesByStatus())
                .isEqualTo(Map.of(Status.RUNNING, 1L, Status.SUSPENDED, 1L));
    }

    @Test
    void suspended_isNotFetchedAndMessagesWait() {
        node.settle("a");
        node.raise("a", "before");
        suspend("a");
        node.raise("a", "after");
        node.send(new WorkItem.CancelInstance("a", null, "please"));
        assertThat(node.fetch()).isEmpty();
        assertQueues(3, 0, 0, 0);
    }

    @Test
    void suspended_othersAreFetched() {
        node.start("a");
        node.start("b");
        suspend("a");
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactly("b");
    }

    @Test
    void suspended_beforeItsFirstTurn_waits() {
        node.start("a");
        suspend("a");
        assertStatus("a", Status.SUSPENDED);
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void suspend_takesTheLease() {
        TestTurn turn = node.begin("a").schedule().send(TestNode.raised("nobody", "1"));
        suspend("a");
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertHistory("a", 1);
        assertQueues(0, 0, 0, 0);
        assertStatus("a", Status.SUSPENDED);
    }

    @Test
    void suspend_duringATurn_itsMessagesComeAgain() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        suspend("a");
        assertCode(ErrorCode.LEASE_LOST, TestTurn.of(node, item)::commit);
        provider.abandonOrchestrationItem(item.lease(), Abandonment.stuck(HOUR, "differs"));
        assertThat(find("a").problem()).isEqualTo("on hold");
        assertStatus("a", Status.SUSPENDED);
        resume("a");
        OrchestrationItem again = node.fetchOne();
        assertThat(TestNode.payloads(again)).containsExactly("1");
        assertThat(again.nodeDeaths()).isZero();
    }

    @Test
    void suspended_itsActivitiesGoOn() {
        node.begin("a").schedule().schedule().commit();
        LeasedWork underWay = node.dequeueOne();
        suspend("a");
        assertThat(provider.renewWorker(underWay.lease(), null)).isTrue();
        node.complete(underWay, "\"first\"");
        node.complete(node.dequeueOne(), "\"second\"");
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertThat(node.fetchOne().messages()).hasSize(2);
    }

    @Test
    void suspended_itsTimersWait() {
        node.begin("a").timer(HOUR).commit();
        suspend("a");
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 2));
    }

    @Test
    void suspended_delayedMessagesWaitToo() {
        node.settle("a");
        node.send(TestNode.raised("a", "later"), HOUR);
        suspend("a");
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("later");
    }

    @Test
    void suspended_anOrderToTerminateGetsThrough() {
        node.settle("a");
        node.raise("a", "waits");
        suspend("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item))
                .contains(new WorkItem.TerminateInstance("a", null, "enough"), TestNode.raised("a", "waits"));
        TestTurn turn = TestTurn.on(node, item);
        item.messages().stream()
                .filter(message -> message.work() instanceof WorkItem.TerminateInstance)
                .forEach(turn::take);
        turn.terminated(ORDERED).commit();
        assertStatus("a", Status.TERMINATED);
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void suspend_whenAnOrderToTerminateWaits_itIsFetched() {
        node.settle("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        suspend("a");
        TestTurn.of(node, node.fetchOne()).terminated(ORDERED).commit();
        assertStatus("a", Status.TERMINATED);
    }

    @Test
    void suspended_beforeItsFirstTurn_canBeTerminated() {
        node.start("a");
        suspend("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        TestTurn.of(node, node.fetchOne()).terminated(ORDERED).commit();
        assertStatus("a", Status.TERMINATED);
    }

    @Test
    void suspended_fetchedForATermination_onlyAnEndIsCommitted() {
        node.settle("a");
        suspend("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        OrchestrationItem item = node.fetchOne();
        TestTurn goesOn = TestTurn.of(node, item).schedule().timer(HOUR).send(TestNode.raised("nobody", "1"));
        assertCode(ErrorCode.LEASE_LOST, goesOn.keep()::commit);
        assertCode(ErrorCode.LEASE_LOST, TestTurn.of(node, item).continueAsNew("2")::commit);
        assertStatus("a", Status.SUSPENDED);
        assertThat(find("a").problem()).isEqualTo("on hold");
        assertHistory("a", 2);
        assertQueues(1, 0, 0, 0);
        TestTurn.of(node, item).terminated(ORDERED).commit();
        assertStatus("a", Status.TERMINATED);
        assertThat(find("a").problem()).isNull();
    }

    @Test
    void suspended_fetchedForATerminationAndAbandoned_keepsStatusAndReason() {
        node.settle("a");
        suspend("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.waiting(Duration.ZERO, "no code"));
        assertStatus("a", Status.SUSPENDED);
        assertThat(find("a").problem()).isEqualTo("on hold");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        assertStatus("a", Status.SUSPENDED);
        assertThat(find("a").problem()).isEqualTo("on hold");
        assertThat(node.fetch()).isEmpty();
        move(HOUR);
        TestTurn.of(node, node.fetchOne()).terminated(ORDERED).commit();
        assertStatus("a", Status.TERMINATED);
    }

    @Test
    void suspended_behindManyMessages_anOrderToTerminateGetsThrough() {
        int messages = 1_500;
        node.settle("a");
        TestTurn sender = node.begin("sender").note("\"x\"");
        IntStream.range(0, messages).forEach(i -> sender.send(TestNode.raised("a", "" + i)));
        sender.commit();
        suspend("a");
        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).containsOnlyOnce(new WorkItem.TerminateInstance("a", null, "enough"));
        TestTurn.on(node, item).terminated(ORDERED).commit();
        assertQueues(0, 0, 0, messages);
    }

    @Test
    void suspend_again_changesTheReason() {
        node.settle("a");
        suspend("a");
        management().suspendInstance("a", "still on hold, it's 100%");
        assertThat(find("a").problem()).isEqualTo("still on hold, it's 100%");
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.SUSPENDED, 1L));
    }

    @Test
    void suspend_endedOrUnknown_isTold() {
        node.begin("a").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> suspend("a"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> suspend("nobody"));
        assertStatus("a", Status.COMPLETED);
    }

    @Test
    void suspend_ofAStuckOne_holdsItAndResumeLetsItRun() {
        node.settle("a");
        node.raise("a", "1");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        suspend("a");
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertStatus("a", Status.RUNNING);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void suspend_nodeReleased_staysHeld() {
        node.settle("a");
        node.raise("a", "1");
        node.fetchOne();
        suspend("a");
        node.release();
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void suspended_doesNotEndAWait() throws InterruptedException {
        node.settle("a");
        suspend("a");
        assertThat(provider.awaitInstance("a", Duration.ZERO).orElseThrow().status())
                .isEqualTo(Status.SUSPENDED);
    }

    @Test
    @Needs(Trait.REOPENS)
    void suspended_staysSoOverARestart() {
        node.settle("a");
        node.raise("a", "1");
        suspend("a");
        bench.close(node);
        goOnWith(bench.join("second"));
        assertStatus("a", Status.SUSPENDED);
        assertThat(find("a").problem()).isEqualTo("on hold");
        node.raise("a", "2");
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1", "2");
    }

    @Test
    @Needs({Trait.SEVERAL_PROVIDERS, Trait.SEVERAL_RUNNERS})
    void suspend_byAnotherProcess_takesTheLease() {
        TestTurn turn = node.begin("a");
        TestNode runner = node;
        goOnWith(bench.join("operator"));
        suspend("a");
        assertCode(ErrorCode.LEASE_LOST, turn.note("\"late\"")::commit);
        node.raise("a", "1");
        assertThat(runner.fetch()).isEmpty();
        resume("a");
        assertThat(TestNode.payloads(runner.fetchOne())).containsExactly("1");
    }

    @Test
    @Needs(Trait.SEVERAL_PROVIDERS)
    void suspendAndResume_byAnotherProcess_reachTheRunner() {
        node.settle("a");
        TestNode runner = node;
        goOnWith(bench.join("operator"));
        suspend("a");
        node.raise("a", "1");
        assertThat(runner.fetch()).isEmpty();
        resume("a");
        assertThat(TestNode.payloads(runner.fetchOne())).containsExactly("1");
    }

    // ---- resume

    @Test
    void resume_offersAtOnceAllThatWaitedInOrder() {
        node.settle("a");
        node.raise("a", "1");
        suspend("a");
        node.raise("a", "2");
        node.raise("a", "3");
        resume("a");
        assertStatus("a", Status.RUNNING);
        assertThat(find("a").problem()).isNull();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1", "2", "3");
    }

    @Test
    void resume_wakesWhoWaits() {
        node.settle("a");
        node.raise("a", "1");
        suspend("a");
        CompletableFuture<OrchestrationItem> fetched = CompletableFuture.supplyAsync(node::fetchOne);
        resume("a");
        assertThat(TestNode.payloads(fetched.join())).containsExactly("1");
    }

    @Test
    void resume_beforeTheFirstTurn_isPendingAgain() {
        node.start("a");
        suspend("a");
        resume("a");
        assertStatus("a", Status.PENDING);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("a", null));
    }

    @Test
    void resume_ofALaterExecutionWithoutATurn_isRunning() {
        node.begin("a").continueAsNew("2").commit();
        suspend("a");
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertStatus("a", Status.RUNNING);
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
    }

    @Test
    void resume_ofAStuckOne_offersItBeforeItsDelay() {
        node.settle("a");
        node.raise("a", "1");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertStatus("a", Status.RUNNING);
        assertThat(find("a").problem()).isNull();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void resume_ofOneThatWaitsForCode_offersItBeforeItsDelay() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.waiting(HOUR, "no code"));
        assertThat(node.fetch()).isEmpty();
        resume("a");
        assertStatus("a", Status.PENDING);
        assertThat(find("a").problem()).isNull();
        node.fetchOne();
    }

    @Test
    void resume_thenPutOffAgain_waitsTheWholeDelay() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        move(HOUR.dividedBy(2));
        resume("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        move(HOUR.dividedBy(2));
        assertThat(node.fetch()).isEmpty();
        move(HOUR.dividedBy(2));
        node.fetchOne();
    }

    @Test
    void resume_ofOneThatRuns_leavesTheLease() {
        TestTurn turn = node.begin("a");
        resume("a");
        turn.note("\"still mine\"").commit();
        assertStatus("a", Status.RUNNING);
    }

    @Test
    void resume_ofOneThatWaitsForAMessage_changesNothing() {
        node.settle("a");
        resume("a");
        resume("a");
        assertThat(node.fetch()).isEmpty();
        assertStatus("a", Status.RUNNING);
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.RUNNING, 1L));
    }

    @Test
    void resume_endedOrUnknown_isTold() {
        node.begin("a").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> resume("a"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> resume("nobody"));
    }

    @Test
    void suspendAndResume_manyTimes_loseNothing() {
        node.settle("a");
        for (int i = 0; i < 10; i++) {
            suspend("a");
            node.raise("a", "" + i);
            resume("a");
        }
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).isEqualTo(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
        TestTurn.of(node, item).complete("1").commit();
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.COMPLETED, 1L));
    }

    // ---- resume: activities

    /** Begins an instance whose activity has failed once. */
    private void putOff(String instance) {
        node.begin(instance).schedule().commit();
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(HOUR, ORDERED, "\"half\""));
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void resume_activityThatWasPutOff_isOfferedAtOnceAndOnce() {
        putOff("a");
        resume("a");
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(ORDERED);
        assertThat(again.heartbeat()).isEqualTo("\"half\"");
        assertThat(node.dequeue()).isEmpty();
        move(HOUR);
        assertThat(node.dequeue()).isEmpty();
        node.complete(again, "1");
        assertThat(node.fetchOne().messages()).hasSize(1);
    }

    @Test
    void resume_activityThatWasPutOff_waitsAgainAfterTheNextFailure() {
        putOff("a");
        resume("a");
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(HOUR, ORDERED, null));
        move(HOUR.dividedBy(2));
        assertThat(node.dequeue()).isEmpty();
        move(HOUR.dividedBy(2));
        assertThat(node.dequeueOne().attempt()).isEqualTo(3);
    }

    @Test
    void resume_activitiesOfOthers_waitOn() {
        putOff("a");
        putOff("b");
        resume("a");
        assertThat(node.dequeueOne().work().instance()).isEqualTo("a");
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void resume_ofOneThatRuns_leavesTheLeaseAndOffersItsActivities() {
        putOff("a");
        node.raise("a", "1");
        TestTurn turn = TestTurn.of(node, node.fetchOne());
        resume("a");
        assertThat(node.dequeueOne().attempt()).isEqualTo(2);
        turn.note("\"still mine\"").commit();
    }

    @Test
    void resume_activityThatWasPutOff_wakesWhoWaits() {
        putOff("a");
        CompletableFuture<LeasedWork> fetched = CompletableFuture.supplyAsync(node::dequeueOne);
        resume("a");
        assertThat(fetched.join().attempt()).isEqualTo(2);
    }

    @Test
    @Needs(Trait.SEVERAL_PROVIDERS)
    void resume_byAnotherProcess_offersItsActivities() {
        putOff("a");
        TestNode runner = node;
        goOnWith(bench.join("operator"));
        resume("a");
        assertThat(runner.dequeueOne().attempt()).isEqualTo(2);
    }
}
