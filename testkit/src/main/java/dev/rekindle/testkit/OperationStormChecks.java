package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operators and nodes at the same time: whoever wins, the store stays sound, and nothing that stays is lost. */
@Needs({Trait.MANAGEMENT, Trait.CHANGES})
abstract class OperationStormChecks extends Checks {
    private static final int ROUNDS = 15;
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);
    private static final DeleteOptions FORCE = DeleteOptions.CAREFUL.withForce(true);

    OperationStormChecks(Bench bench) {
        super(bench);
    }

    /** Does something that another one may have made impossible. */
    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (RekindleException e) {
            assertThat(e.code())
                    .as(e.getMessage())
                    .isIn(
                            ErrorCode.LEASE_LOST,
                            ErrorCode.INSTANCE_NOT_FOUND,
                            ErrorCode.INSTANCE_EXISTS,
                            ErrorCode.INSTANCE_ENDED,
                            ErrorCode.WRONG_STATUS,
                            ErrorCode.INVALID_ARGUMENT);
        }
    }

    /** Lets a node take what it gets and commit it. */
    private void runTurns(boolean schedules) {
        for (OrchestrationItem item : node.fetch(10, Duration.ZERO)) {
            TestTurn turn = TestTurn.of(node, item);
            attempt(schedules ? turn.schedule()::commit : turn::commit);
        }
        node.dequeue(10, Duration.ZERO).forEach(leased -> attempt(() -> node.complete(leased, "1")));
    }

    @Test
    void suspendsAndResumes_amongTurns_loseNoMessage() {
        List<String> ids = List.of("a", "b", "c");
        ids.forEach(node::settle);
        Crowd.of(4, worker -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                String id = ids.get(i % 3);
                switch (worker) {
                    case 0 -> management().suspendInstance(id, "round " + i);
                    case 1 -> management().resumeInstance(id);
                    case 2 -> node.raise(id, "" + i);
                    default -> runTurns(true);
                }
            }
            return worker;
        });
        ids.forEach(management()::resumeInstance);
        node.release();
        for (OrchestrationItem item : node.fetch()) {
            TestTurn.of(node, item).commit();
        }
        assertThat(management().getSystemMetrics().instances(Status.RUNNING)).isEqualTo(3);
        assertThat(management().listInstancesByStatus(Status.RUNNING)).hasSize(3);
    }

    @Test
    void deletesAndStarts_amongTurns_leaveASoundStore() {
        List<String> ids = List.of("a", "b", "c", "d");
        ids.forEach(bench.ledger::forget);
        Crowd.of(5, worker -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                String id = ids.get(i % 4);
                switch (worker) {
                    case 0 -> attempt(() -> management().deleteInstances(List.of(id), FORCE));
                    case 1 -> attempt(() -> node.start(id));
                    case 2 -> attempt(() -> node.raise(id, "1"));
                    case 3 -> attempt(() -> management().suspendInstance(id, "on hold"));
                    default -> runTurns(true);
                }
            }
            return worker;
        });
        assertThat(management().listInstances())
                .hasSize((int) management().getSystemMetrics().totalInstances());
    }

    @Test
    void reopens_amongFailures_leaveASoundStore() {
        List<String> ids = List.of("a", "b", "c");
        ids.forEach(id -> node.begin(id).fail(FAILURE).commit());
        Crowd.of(4, worker -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                String id = ids.get(i % 3);
                if (worker < 2) {
                    long last = provider.read(id).size();
                    attempt(() -> management()
                            .reopenInstance(new WorkItem.ReopenInstance(id, "run-" + id, 1, last, List.of()), last));
                } else {
                    for (OrchestrationItem item : node.fetch()) {
                        attempt(TestTurn.of(node, item).fail(FAILURE)::commit);
                    }
                }
            }
            return worker;
        });
        assertThat(management().getSystemMetrics().totalInstances()).isEqualTo(3);
    }

    @Test
    void prunes_amongContinuations_leaveTheCurrentOne() {
        bench.ledger.forget("a");
        node.settle("a");
        Crowd.of(2, worker -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                if (worker == 0) {
                    management().pruneExecutions("a", 1);
                } else {
                    node.raise("a", "" + i);
                    TestTurn.of(node, node.fetchOne()).continueAsNew("" + i).commit();
                    TestTurn.of(node, node.fetchOne()).commit();
                }
            }
            return worker;
        });
        assertThat(find("a").executionId()).isEqualTo(ROUNDS + 1L);
        assertHistory("a", 1);
        management().pruneExecutions("a", 1);
        assertThat(management().listExecutions("a")).containsExactly(ROUNDS + 1L);
    }
}
