package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances that had ended and go on. */
@Needs({Trait.MANAGEMENT, Trait.CHANGES})
abstract class ReopenChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);

    ReopenChecks(Bench bench) {
        super(bench);
    }

    /** The outcome of an execution with so many events is void. */
    private static WorkItem.ReopenInstance reopening(String instance, long execution, long events) {
        return new WorkItem.ReopenInstance(
                instance, "run-" + instance, execution, events, List.of(TestNode.raised(instance, "\"again\"")));
    }

    private void reopen(String instance, long execution, long events) {
        management().reopenInstance(reopening(instance, execution, events), events);
    }

    @Test
    void reopen_aFailedOne_runsAgainAndForgetsItsEnd() {
        node.begin("a").customStatus("\"here\"").fail(FAILURE).commit();
        reopen("a", 1, 3);
        InstanceSnapshot found = find("a");
        assertThat(found.status()).isEqualTo(Status.RUNNING);
        assertThat(found.failure()).isNull();
        assertThat(found.output()).isNull();
        assertThat(found.finishedAt()).isNull();
        assertThat(found.problem()).isNull();
        assertThat(found.customStatus()).isEqualTo("\"here\"");
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.RUNNING, 1L));
        assertThat(management().listInstancesByStatus(Status.RUNNING)).containsExactly("a");
        assertThat(management().listInstancesByStatus(Status.FAILED)).isEmpty();
        ExecutionInfo info = management().getExecutionInfo("a", 1);
        assertThat(info.status()).isEqualTo(Status.RUNNING);
        assertThat(info.failure()).isNull();
        assertThat(info.finishedAt()).isNull();
        assertHistory("a", 3);
    }

    @Test
    void reopen_aTerminatedOne_runsAgain() {
        node.begin("a").terminated(FAILURE).commit();
        reopen("a", 1, 2);
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        node.fetchOne();
    }

    @Test
    void reopen_itsMessageComesFirst() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        node.raise("a", "later");
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(reopening("a", 1, 2), TestNode.raised("a", "later"));
        assertThat(item.executionId()).isEqualTo(1);
        assertThat(item.lastEventId()).isEqualTo(2);
        assertThat(item.start().orchestration()).isEqualTo("Orders");
        assertThat(item.start().version()).isEqualTo("1");
    }

    @Test
    void reopened_runsToAnotherEnd() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        move(Duration.ofSeconds(5));
        TestTurn turn = TestTurn.of(node, node.fetchOne());
        turn.schedule().commit();
        node.complete(node.dequeueOne(), "\"done\"");
        TestTurn.of(node, node.fetchOne()).complete("\"at last\"").commit();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").output()).isEqualTo("\"at last\"");
        assertThat(find("a").finishedAt()).isEqualTo(TestClock.START.plusSeconds(5));
        assertThat(provider.read("a"))
                .hasSize(6)
                .element(2)
                .isEqualTo(new Event.OrchestrationReopened(3, TestTurn.AT, 2));
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.COMPLETED, 1L));
    }

    @Test
    void reopened_canFailAndBeReopenedAgain() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        TestTurn.of(node, node.fetchOne()).fail(FAILURE).commit();
        assertThat(find("a").failure()).isEqualTo(FAILURE);
        reopen("a", 1, 4);
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertHistory("a", 6);
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").failure()).isNull();
    }

    @Test
    void reopen_aLaterExecution_isOfThatOne() {
        node.begin("a").continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).fail(FAILURE).commit();
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().reopenInstance(reopening("a", 1, 2), 2));
        reopen("a", 2, 2);
        assertThat(node.fetchOne().executionId()).isEqualTo(2);
        assertThat(management().getExecutionInfo("a", 1).status()).isEqualTo(Status.CONTINUED_AS_NEW);
    }

    @Test
    void reopen_anyOtherStatus_isRefused() {
        node.begin("done").complete("1").commit();
        node.begin("cancelled").cancelled(FAILURE).commit();
        node.settle("running");
        node.settle("held");
        management().suspendInstance("held", "on hold");
        for (String id : List.of("done", "cancelled", "running", "held")) {
            InstanceSnapshot before = find(id);
            assertCode(ErrorCode.WRONG_STATUS, () -> management().reopenInstance(reopening(id, 1, 2), 2));
            assertThat(find(id)).isEqualTo(before);
        }
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void reopen_anotherLastEvent_isRefusedAndChangesNothing() {
        node.begin("a").fail(FAILURE).commit();
        InstanceSnapshot before = find("a");
        for (long last : new long[] {0, 1, 3}) {
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().reopenInstance(reopening("a", 1, 2), last));
            assertThatThrownBy(() -> management().reopenInstance(reopening("a", 1, 2), last))
                    .hasMessageContaining("'a'; expected 2, found %d.", last);
        }
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().reopenInstance(reopening("a", 2, 2), 2));
        assertThat(find("a")).isEqualTo(before);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void reopen_anotherRunOrNobody_isTold() {
        node.begin("a").fail(FAILURE).commit();
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> management().reopenInstance(new WorkItem.ReopenInstance("a", "run-before", 1, 2, List.of()), 2));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().reopenInstance(reopening("nobody", 1, 2), 2));
        assertThat(find("a").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void reopen_repeated_isRefused() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        assertCode(ErrorCode.WRONG_STATUS, () -> reopen("a", 1, 2));
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void reopen_atOnceByMany_oneWins() {
        node.begin("a").fail(FAILURE).commit();
        assertThat(Crowd.winners(20, i -> () -> reopen("a", 1, 2))).isEqualTo(1);
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void reopened_canBeWaitedForAgain() throws Exception {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        assertThat(provider.awaitInstance("a", Duration.ZERO).orElseThrow().status())
                .isEqualTo(Status.RUNNING);
        List<InstanceSnapshot> ends = Crowd.of(2, i -> () -> {
            if (i == 0) {
                return provider.awaitInstance("a", TestNode.LONG).orElseThrow();
            }
            TestTurn.of(node, node.fetchOne()).complete("1").commit();
            return find("a");
        });
        assertThat(ends).extracting(InstanceSnapshot::status).containsOnly(Status.COMPLETED);
    }

    @Test
    void reopened_takesMessagesAgain() {
        node.begin("a").fail(FAILURE).commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.raise("a", "1"));
        reopen("a", 1, 2);
        node.raise("a", "2");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("2");
    }

    @Test
    void reopened_canBeSuspendedAndTerminated() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        management().suspendInstance("a", "on hold");
        assertThat(node.fetch()).isEmpty();
        management().resumeInstance("a");
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        TestTurn.of(node, node.fetchOne()).terminated(FAILURE).commit();
        assertThat(find("a").status()).isEqualTo(Status.TERMINATED);
    }

    @Test
    @Needs(Trait.REOPENS)
    void reopened_isSoOverARestart() {
        node.begin("a").fail(FAILURE).commit();
        reopen("a", 1, 2);
        bench.close(node);
        goOnWith(bench.join("second"));
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(reopening("a", 1, 2));
    }
}
