package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All providers are closed, and the next one finds everything again. */
@Needs(Trait.REOPENS)
abstract class RestartChecks extends Checks {
    RestartChecks(Bench bench) {
        super(bench);
    }

    private void restart() {
        bench.close(node);
        goOnWith(bench.join("the next"));
    }

    @Test
    void restart_instancesInEveryStatus_standAsBefore() {
        node.settle("running");
        node.begin("completed").complete("{\"x\":[1,2]}").commit();
        node.begin("failed").fail(new Failure("Boom", "no", "trace", false)).commit();
        node.send(TestNode.starting("pending", null), Duration.ofDays(1));
        node.start("stuck");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ofDays(1), "differs"));
        List<String> ids = List.of("running", "completed", "failed", "pending", "stuck");
        var before = ids.stream().map(this::find).toList();
        var histories = ids.stream().map(provider::read).toList();
        restart();
        assertThat(ids.stream().map(this::find)).isEqualTo(before);
        assertThat(ids.stream().map(provider::read)).isEqualTo(histories);
        assertThat(find("stuck").status()).isEqualTo(Status.STUCK);
    }

    @Test
    void restart_queues_areAsBefore() {
        TestTurn turn = node.begin("a")
                .schedule()
                .schedule()
                .timer(Duration.ofHours(1))
                .keep()
                .commitAndGoOn();
        node.raise("a", "1");
        node.raise("a", "2");
        node.send(TestNode.raised("a", "later"), Duration.ofHours(2));
        turn.note("\"x\"").send(TestNode.raised("nobody", "lost")).commit();
        restart();
        assertQueues(3, 2, 1, 1);
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("1", "2");
        TestTurn.of(node, item).commit();
        assertThat(node.dequeue()).hasSize(2);
        move(Duration.ofHours(1));
        OrchestrationItem fired = node.fetchOne();
        assertThat(TestNode.works(fired)).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 4));
        TestTurn.of(node, fired).commit();
        move(Duration.ofHours(1));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("later");
    }

    @Test
    void restart_tokensOfBefore_areWorthNothing() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        restart();
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        LeasedWork again = node.dequeueOne();
        assertThat(item.lease().token()).isNotEqualTo(turn.lease().token());
        assertThat(again.lease().token()).isNotEqualTo(leased.lease().token());
        assertThat(provider.renewWorker(leased.lease(), null)).isFalse();
        TestTurn stale = TestTurn.on(node, item).under(turn.lease()).note("\"stale\"");
        assertCode(ErrorCode.LEASE_LOST, stale::commit);
        TestTurn.of(node, item).commit();
    }

    @Test
    void restart_withinAnExecution_theHistoryGoesOn() {
        TestTurn turn = node.begin("a");
        for (int i = 0; i < 5; i++) {
            turn.notes(3).commit();
            restart();
            node.raise("a", "" + i);
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.complete("1").commit();
        assertHistory("a", 1 + 5 * 3 + 5 + 1);
    }

    @Test
    void restart_severalExecutions_allAreThere() {
        TestTurn turn = node.begin("a");
        for (int i = 2; i <= 4; i++) {
            turn.notes(i).continueAsNew("" + i).commit();
            restart();
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.schedule().commit();
        assertThat(provider.latestExecutionId("a")).hasValue(4);
        assertIds(provider.readWithExecution("a", 1), 4);
        assertIds(provider.readWithExecution("a", 2), 5);
        assertIds(provider.readWithExecution("a", 3), 6);
        assertHistory("a", 2);
    }

    @Test
    void restart_idsThatExist_areStillTaken() {
        node.settle("a");
        node.begin("b").complete("1").commit();
        restart();
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("b"));
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.raise("b", "1"));
    }

    @Test
    void restart_manyActivities_keepTheirOrder() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 50).forEach(i -> turn.schedule());
        turn.commit();
        restart();
        assertThat(node.dequeue())
                .extracting(leased -> leased.work().scheduledId())
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> i + 2L).toList());
    }

    @Test
    void restart_aWaitingEnd_isSeenByTheNext() throws Exception {
        TestTurn turn = node.begin("a");
        turn.complete("\"done\"").commit();
        restart();
        assertThat(provider.awaitInstance("a", TestNode.LONG).orElseThrow().output())
                .isEqualTo("\"done\"");
    }
}
