package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.ParentLink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What management shows: it must agree with what the provider itself says, and change nothing. */
@Needs(Trait.MANAGEMENT)
abstract class ManagementChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);

    ManagementChecks(Bench bench) {
        super(bench);
    }

    @Test
    void emptyStore_showsNothing() {
        assertThat(management().listInstances()).isEmpty();
        for (Status status : Status.values()) {
            assertThat(management().listInstancesByStatus(status)).isEmpty();
        }
        assertThat(management().getSystemMetrics().instancesByStatus()).isEmpty();
        assertThat(management().getSystemMetrics().totalInstances()).isZero();
        assertThat(management().getQueueDepths()).isEqualTo(new QueueDepths(0, 0, 0, 0));
    }

    @Test
    void listInstances_showsTheNewestFirst() {
        List<String> ids = List.of("b", "a", "d", "c");
        ids.forEach(node::start);
        assertThat(management().listInstances()).containsExactly("c", "d", "a", "b");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(management().listInstances()).containsExactly("c", "d", "a", "b");
    }

    @Test
    void listInstancesByStatus_showsThoseOnly() {
        node.begin("running");
        node.begin("completed").complete("1").commit();
        node.begin("failed").fail(FAILURE).commit();
        node.begin("cancelled").cancelled(FAILURE).commit();
        node.begin("terminated").terminated(FAILURE).commit();
        node.start("stuck");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ofDays(1), "differs"));
        node.start("pending");
        assertThat(management().listInstancesByStatus(Status.RUNNING)).containsExactly("running");
        assertThat(management().listInstancesByStatus(Status.COMPLETED)).containsExactly("completed");
        assertThat(management().listInstancesByStatus(Status.FAILED)).containsExactly("failed");
        assertThat(management().listInstancesByStatus(Status.CANCELLED)).containsExactly("cancelled");
        assertThat(management().listInstancesByStatus(Status.TERMINATED)).containsExactly("terminated");
        assertThat(management().listInstancesByStatus(Status.STUCK)).containsExactly("stuck");
        assertThat(management().listInstancesByStatus(Status.PENDING)).containsExactly("pending");
        assertThat(management().listInstancesByStatus(Status.CONTINUED_AS_NEW)).isEmpty();
        assertThat(management().getSystemMetrics().instancesByStatus())
                .isEqualTo(Map.of(
                        Status.RUNNING, 1L,
                        Status.COMPLETED, 1L,
                        Status.FAILED, 1L,
                        Status.CANCELLED, 1L,
                        Status.TERMINATED, 1L,
                        Status.STUCK, 1L,
                        Status.PENDING, 1L));
        assertThat(management().getSystemMetrics().activeInstances()).isEqualTo(3);
    }

    @Test
    void listInstancesByStatus_showsTheNewestFirst() {
        IntStream.range(0, 10).forEach(i -> node.begin("i" + i).complete("1").commit());
        assertThat(management().listInstancesByStatus(Status.COMPLETED))
                .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "i" + (9 - i)).toList());
    }

    @Test
    void metrics_followEveryTransition() {
        node.start("a");
        assertCounts(Map.of(Status.PENDING, 1L));
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "differs"));
        assertCounts(Map.of(Status.STUCK, 1L));
        TestTurn turn = TestTurn.of(node, node.fetchOne()).keep().commitAndGoOn();
        assertCounts(Map.of(Status.RUNNING, 1L));
        turn.continueAsNew("2").commit();
        assertCounts(Map.of(Status.RUNNING, 1L));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertCounts(Map.of(Status.COMPLETED, 1L));
    }

    private void assertCounts(Map<Status, Long> expected) {
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(expected);
    }

    @Test
    void metrics_ofRefusedStarts_countNothing() {
        node.start("a");
        Crowd.winners(10, i -> () -> node.start("a"));
        assertCounts(Map.of(Status.PENDING, 1L));
    }

    @Test
    void metrics_ofManyAtOnce_areExact() {
        Crowd.winners(100, i -> () -> node.start("i" + i));
        assertCounts(Map.of(Status.PENDING, 100L));
        List<TestTurn> turns =
                node.fetch().stream().map(item -> TestTurn.of(node, item)).toList();
        Crowd.winners(100, i -> () -> (i % 2 == 0 ? turns.get(i) : turns.get(i).complete("1")).commit());
        assertCounts(Map.of(Status.RUNNING, 50L, Status.COMPLETED, 50L));
    }

    @Test
    void getInstanceInfo_showsSnapshotParentAndEvents() {
        ParentLink parent = new ParentLink("parent", "run-parent", 2, 7);
        node.send(TestNode.starting("a", parent));
        assertThat(management().getInstanceInfo("a")).isEqualTo(new InstanceInfo(find("a"), parent, 0));
        TestTurn.of(node, node.fetchOne()).notes(4).commit();
        assertThat(management().getInstanceInfo("a")).isEqualTo(new InstanceInfo(find("a"), parent, 5));
    }

    @Test
    void getInstanceInfo_ofALaterExecution_countsItsEvents() {
        node.begin("a").notes(5).continueAsNew("2").commit();
        assertThat(management().getInstanceInfo("a").events()).isZero();
        TestTurn.of(node, node.fetchOne()).note("\"x\"").commit();
        assertThat(management().getInstanceInfo("a").events()).isEqualTo(2);
        assertThat(management().getInstanceInfo("a").parent()).isNull();
    }

    @Test
    void getExecutionInfo_beforeTheFirstTurn_isPending() {
        node.start("a");
        assertThat(management().getExecutionInfo("a", 1))
                .isEqualTo(new ExecutionInfo("a", 1, Status.PENDING, null, null, 0, null, null));
    }

    @Test
    void getExecutionInfo_followsItsLife() {
        TestTurn turn = node.begin("a");
        assertThat(management().getExecutionInfo("a", 1))
                .isEqualTo(new ExecutionInfo("a", 1, Status.RUNNING, null, null, 1, TestClock.START, null));
        move(Duration.ofSeconds(3));
        turn.complete("\"done\"").commit();
        assertThat(management().getExecutionInfo("a", 1))
                .isEqualTo(new ExecutionInfo(
                        "a",
                        1,
                        Status.COMPLETED,
                        "\"done\"",
                        null,
                        2,
                        TestClock.START,
                        TestClock.START.plusSeconds(3)));
    }

    @Test
    void getExecutionInfo_ofTheNextOne_startsWithItsFirstTurn() {
        node.begin("a").continueAsNew("2").commit();
        assertThat(management().getExecutionInfo("a", 2))
                .isEqualTo(new ExecutionInfo("a", 2, Status.RUNNING, null, null, 0, null, null));
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(management().getExecutionInfo("a", 2).startedAt()).isNotNull();
        assertThat(management().getExecutionInfo("a", 2).finishedAt()).isNull();
    }

    @Test
    void getExecutionInfo_ofAFailedOne_hasItsFailure() {
        node.begin("a").fail(FAILURE).commit();
        assertThat(management().getExecutionInfo("a", 1).failure()).isEqualTo(FAILURE);
        assertThat(management().getExecutionInfo("a", 1).output()).isNull();
    }

    @Test
    void executions_ofAnInstance_areListedWithTheirEnds() {
        TestTurn turn = node.begin("a");
        for (int i = 2; i <= 5; i++) {
            turn.notes(i).continueAsNew("" + i).commit();
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.complete("\"done\"").commit();
        assertThat(management().listExecutions("a")).containsExactly(1L, 2L, 3L, 4L, 5L);
        for (int i = 1; i <= 4; i++) {
            ExecutionInfo info = management().getExecutionInfo("a", i);
            assertThat(info.status()).isEqualTo(Status.CONTINUED_AS_NEW);
            assertThat(info.events()).isEqualTo(i + 3);
            assertThat(info.output()).isNull();
            assertThat(info.failure()).isNull();
            assertThat(info.finishedAt()).isNotNull();
            assertThat(management().readExecutionHistory("a", i)).isEqualTo(provider.readWithExecution("a", i));
        }
        assertThat(management().getExecutionInfo("a", 5).status()).isEqualTo(Status.COMPLETED);
        assertThat(management().getExecutionInfo("a", 5).output()).isEqualTo("\"done\"");
    }

    @Test
    void readExecutionHistory_isWhatTheProviderReads() {
        node.begin("a").schedule().timer(Duration.ofHours(1)).commit();
        assertThat(management().readExecutionHistory("a", 1))
                .isEqualTo(provider.read("a"))
                .hasSize(3);
    }

    @Test
    void unknown_instanceOrExecution_isTold() {
        node.settle("a");
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().listExecutions("nobody"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getInstanceInfo("nobody"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getExecutionInfo("nobody", 1));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readExecutionHistory("nobody", 1));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getExecutionInfo("a", 2));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getExecutionInfo("a", 0));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readExecutionHistory("a", 2));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readExecutionHistory("a", -1));
    }

    @Test
    void queueDepths_countLeasedAndDelayedToo() {
        node.begin("a").schedule().schedule().timer(Duration.ofHours(1)).commit();
        node.raise("a", "1");
        node.raise("a", "2");
        node.send(TestNode.raised("a", "later"), Duration.ofHours(1));
        assertThat(management().getQueueDepths()).isEqualTo(new QueueDepths(3, 2, 1, 0));
        node.fetchOne();
        node.dequeueOne();
        assertThat(management().getQueueDepths()).isEqualTo(new QueueDepths(3, 2, 1, 0));
    }

    @Test
    void looking_changesNothing() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        node.raise("a", "1");
        management().listInstances();
        management().getInstanceInfo("a");
        management().getExecutionInfo("a", 1);
        management().readExecutionHistory("a", 1);
        management().getQueueDepths();
        turn.note("\"still mine\"").commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void looking_whileTurnsAreCommitted_isConsistent() {
        node.settle("other");
        Crowd.of(4, worker -> () -> {
            if (worker > 0) {
                for (int i = 0; i < 20; i++) {
                    var info = management().getInstanceInfo("other");
                    var history = management().readExecutionHistory("other", 1);
                    assertThat(history.size()).isGreaterThanOrEqualTo((int) info.events());
                    assertIds(history, history.size());
                    assertThat(management().getSystemMetrics().totalInstances()).isBetween(1L, 21L);
                }
                return worker;
            }
            for (int i = 0; i < 20; i++) {
                node.start("i" + i);
                node.raise("other", "" + i);
                node.fetch().forEach(item -> TestTurn.of(node, item).commit());
            }
            return worker;
        });
        assertThat(management().listInstances()).hasSize(21);
    }
}
