package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes that die: what they held is free again, and counted for what may have killed them. */
@Needs(Trait.CRASHES)
abstract class NodeDeathChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", null, true);

    private int life;

    NodeDeathChecks(Bench bench) {
        super(bench);
    }

    /** The process dies, and another one takes its place when it may. */
    private void crash() {
        bench.crash(node);
        bench.moveToTakeover();
        goOnWith(bench.join("life " + ++life));
    }

    private void restart() {
        bench.close(node);
        goOnWith(bench.join("life " + ++life));
    }

    /** So many nodes die while they have the instance. */
    private void dieOf(String instance, int nodes) {
        for (int i = 0; i < nodes; i++) {
            assertThat(node.fetchOne().lease().instance()).isEqualTo(instance);
            crash();
        }
    }

    // ---- what is left

    @Test
    void crash_nothingThatWasCommittedIsLost() {
        node.begin("b").complete("\"done\"").commit();
        node.begin("a")
                .schedule()
                .timer(Duration.ofHours(1))
                .customStatus("\"here\"")
                .commit();
        node.raise("a", "1");
        var history = provider.read("a");
        var snapshots = List.of(find("a"), find("b"));
        crash();
        assertThat(provider.read("a")).isEqualTo(history);
        assertThat(List.of(find("a"), find("b"))).isEqualTo(snapshots);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lastEventId()).isEqualTo(4);
        assertThat(TestNode.payloads(item)).containsExactly("1");
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
        TestTurn.of(node, item).commit();
        move(Duration.ofHours(1));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 3));
    }

    @Test
    void crash_inTheMiddleOfATurn_itsMessagesComeAgain() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "2");
        crash();
        OrchestrationItem again = node.fetchOne();
        assertThat(TestNode.payloads(again)).containsExactly("1", "2");
        assertThat(again.lastEventId()).isEqualTo(2);
        assertThat(again.lease().token()).isNotEqualTo(item.lease().token());
    }

    @Test
    void crash_betweenTwoTurnsUnderOneLease_theFirstIsThere() {
        TestTurn turn = node.begin("a").schedule().note("\"x\"").keep().commitAndGoOn();
        turn.note("\"never committed\"");
        crash();
        assertHistory("a", 3);
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
        assertThat(node.fetch()).isEmpty();
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(3);
    }

    @Test
    void crash_retryWaitsForItsTime() {
        node.begin("a").schedule().commit();
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ofHours(1), FAILURE, "7"));
        crash();
        assertThat(node.dequeue()).isEmpty();
        move(Duration.ofHours(1));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(FAILURE);
        assertThat(again.heartbeat()).isEqualTo("7");
    }

    @Test
    void crash_heartbeatIsThere() {
        node.begin("a").schedule().commit();
        assertThat(provider.renewWorker(node.dequeueOne().lease(), "{\"at\":3}"))
                .isTrue();
        crash();
        assertThat(node.dequeueOne().heartbeat()).isEqualTo("{\"at\":3}");
    }

    @Test
    void crash_delayedMessagesComeAtTheirTime() {
        node.settle("a");
        node.send(TestNode.raised("a", "1"), Duration.ofHours(1));
        node.send(TestNode.starting("b", null), Duration.ofHours(1));
        crash();
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofHours(1));
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void crash_continuedAsNew_openingComesBeforeOlderMessages() {
        TestTurn turn = node.begin("a");
        node.raise("a", "older");
        turn.continueAsNew("2").commit();
        crash();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(TestNode.works(item).getFirst()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(TestNode.payloads(item)).containsExactly("older");
    }

    @Test
    void crash_beforeAnythingWasFetched_messagesKeepTheirOrder() {
        node.start("a");
        for (int i = 0; i < 20; i++) {
            node.raise("a", "" + i);
            if (i == 10) {
                crash();
            }
        }
        assertThat(TestNode.payloads(node.fetchOne()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "" + i).toList());
    }

    // ---- what is counted

    @Test
    void deaths_ofALeasedInstance_areCounted() {
        node.start("a");
        for (int deaths = 0; deaths <= 3; deaths++) {
            OrchestrationItem item = node.fetchOne();
            assertThat(item.nodeDeaths()).isEqualTo(deaths);
            crash();
        }
    }

    @Test
    void deaths_ofALeasedActivity_areCountedAndAreNoAttempts() {
        node.begin("a").schedule().commit();
        for (int deaths = 0; deaths <= 3; deaths++) {
            LeasedWork leased = node.dequeueOne();
            assertThat(leased.nodeDeaths()).isEqualTo(deaths);
            assertThat(leased.attempt()).isEqualTo(1);
            crash();
        }
    }

    @Test
    void deaths_ofAnActivityLeasedByItsTurn_areCounted() {
        WorkLease lease =
                node.begin("a").scheduleHere().keep().commit().leased().getFirst();
        assertThat(provider.renewWorker(lease, null)).isTrue();
        crash();
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void deaths_beyondTheLimit_areStillTold() {
        node.begin("a").schedule().commit();
        for (int deaths = 0; deaths <= Limits.MAX_NODE_DEATHS; deaths++) {
            node.dequeueOne();
            crash();
        }
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(Limits.MAX_NODE_DEATHS + 1);
    }

    @Test
    void deaths_whenATurnWasTaken_beginAnew() {
        node.start("a");
        node.fetchOne();
        crash();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isEqualTo(1);
        TestTurn.of(node, item).commit();
        node.raise("a", "1");
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_whenAStuckOneIsResumed_beginAnew() {
        node.start("a");
        dieOf("a", 3);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isEqualTo(3);
        provider.abandonOrchestrationItem(item.lease(), Abandonment.stuck(Duration.ofHours(1), "too many died"));
        management().resumeInstance("a");
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_whenASuspendedOneIsResumed_beginAnew() {
        node.settle("a");
        node.raise("a", "1");
        dieOf("a", 2);
        management().suspendInstance("a", "on hold");
        management().resumeInstance("a");
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        restart();
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_whenOneIsResumedThatNobodyRuns_beginAnew() {
        node.start("a");
        dieOf("a", 2);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isEqualTo(2);
        node.abandon(item);
        restart();
        management().resumeInstance("a");
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_whenOneIsResumedThatRuns_beginAnew() {
        node.start("a");
        dieOf("a", 2);
        node.fetchOne();
        management().resumeInstance("a");
        crash();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isEqualTo(1);
        management().resumeInstance("a");
        node.abandon(item);
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        restart();
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_ofWhoTookATimer_areForgottenToo() {
        node.begin("a").timer(Duration.ofHours(1)).commit();
        move(Duration.ofHours(1));
        dieOf("a", 3);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isPositive();
        provider.abandonOrchestrationItem(item.lease(), Abandonment.stuck(Duration.ofHours(1), "too many died"));
        management().resumeInstance("a");
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs({Trait.MANAGEMENT, Trait.CHANGES})
    void deaths_whenItsInstanceIsResumed_areKeptOfAnActivity() {
        node.begin("a").schedule().commit();
        node.dequeueOne();
        crash();
        management().resumeInstance("a");
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void deaths_whenAnActivityIsAttemptedAgain_areKept() {
        node.begin("a").schedule().commit();
        node.dequeueOne();
        crash();
        LeasedWork leased = node.dequeueOne();
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void deaths_ofOneActivity_areNotAnothers() {
        node.begin("a").schedule().schedule().commit();
        List<LeasedWork> both = node.dequeue();
        node.complete(both.getLast(), "1");
        crash();
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
        TestTurn.of(node, node.fetchOne()).schedule().commit();
        assertThat(node.dequeueOne().nodeDeaths()).isZero();
    }

    @Test
    void close_whatWasLeasedIsNoDeath() {
        TestTurn turn = node.begin("a").schedule();
        turn.commit();
        node.raise("a", "1");
        for (int i = 0; i < 3; i++) {
            assertThat(node.fetchOne().nodeDeaths()).isZero();
            assertThat(node.dequeueOne().nodeDeaths()).isZero();
            restart();
        }
        node.fetchOne();
        node.dequeueOne();
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
        restart();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void releaseNode_thenCrash_isNoDeath() {
        node.begin("a").schedule().commit();
        node.raise("a", "1");
        node.fetchOne();
        node.dequeueOne();
        node.release();
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        assertThat(node.dequeueOne().nodeDeaths()).isZero();
    }
}
