package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Old executions that are removed while their instance stays. */
@Needs({Trait.MANAGEMENT, Trait.CHANGES})
abstract class PruneChecks extends Checks {
    PruneChecks(Bench bench) {
        super(bench);
    }

    /** An instance in its execution {@code last}, each with two events more than its number. */
    private TestTurn executions(String instance, int last) {
        TestTurn turn = node.begin(instance);
        for (int i = 1; i < last; i++) {
            turn.notes(i).continueAsNew("" + i).commit();
            turn = TestTurn.of(node, node.fetchOne());
        }
        bench.ledger.forget(instance);
        return turn.notes(last).keep().commitAndGoOn();
    }

    private Deletion prune(String instance, int keepLast) {
        return management().pruneExecutions(instance, keepLast);
    }

    @Test
    void prune_removesTheOldestAndCounts() {
        executions("a", 5).complete("1").commit();
        assertThat(prune("a", 2)).isEqualTo(new Deletion(0, 3, 3 + 4 + 5, 0));
        assertThat(management().listExecutions("a")).containsExactly(4L, 5L);
        for (long gone = 1; gone <= 3; gone++) {
            long execution = gone;
            assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getExecutionInfo("a", execution));
            assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readExecutionHistory("a", execution));
            assertThat(provider.readWithExecution("a", execution)).isEmpty();
        }
        assertIds(management().readExecutionHistory("a", 4), 6);
        assertThat(management().getExecutionInfo("a", 4).status()).isEqualTo(Status.CONTINUED_AS_NEW);
        assertThat(management().getExecutionInfo("a", 4).startedAt()).isNotNull();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").output()).isEqualTo("1");
    }

    @Test
    void prune_toTheCurrentOne_leavesThatOne() {
        executions("a", 3).complete("1").commit();
        prune("a", 1);
        assertThat(management().listExecutions("a")).containsExactly(3L);
        assertHistory("a", 5);
        assertThat(management().getExecutionInfo("a", 3).output()).isEqualTo("1");
    }

    @Test
    void prune_aCurrentOneWithoutATurn_leavesIt() {
        executions("a", 2).continueAsNew("3").commit();
        prune("a", 1);
        assertThat(management().listExecutions("a")).containsExactly(3L);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(3);
        TestTurn.of(node, item).complete("1").commit();
    }

    @Test
    void prune_repeated_findsNothing() {
        executions("a", 4).complete("1").commit();
        prune("a", 2);
        assertThat(prune("a", 2)).isEqualTo(Deletion.NONE);
        assertThat(prune("a", 10)).isEqualTo(Deletion.NONE);
        assertThat(prune("a", 1)).isEqualTo(new Deletion(0, 1, 5, 0));
    }

    @Test
    void prune_aSingleExecution_changesNothing() {
        node.settle("a");
        assertThat(prune("a", 1)).isEqualTo(Deletion.NONE);
        assertThat(prune("a", Integer.MAX_VALUE)).isEqualTo(Deletion.NONE);
        assertHistory("a", 2);
    }

    @Test
    void prune_whileItRuns_leavesTheLeaseAndEverythingElse() {
        TestTurn turn = executions("a", 3);
        prune("a", 1);
        turn.schedule().timer(Duration.ofHours(1)).continueAsNew("4").commit();
        assertThat(management().listExecutions("a")).containsExactly(3L, 4L);
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").executionId()).isEqualTo(4);
    }

    @Test
    void prune_keepsItsTimersWorkAndMessages() {
        executions("a", 3).schedule().timer(Duration.ofHours(1)).commit();
        node.raise("a", "1");
        prune("a", 1);
        assertQueues(1, 1, 1, 0);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        assertThat(node.dequeueOne().work().executionId()).isEqualTo(3);
    }

    @Test
    void prune_leavesOthersAlone() {
        executions("a", 3).complete("1").commit();
        executions("b", 3).complete("1").commit();
        prune("a", 1);
        assertThat(management().listExecutions("b")).containsExactly(1L, 2L, 3L);
        assertIds(management().readExecutionHistory("b", 1), 3);
    }

    @Test
    void prune_keepingNoneOrUnknown_isTold() {
        node.settle("a");
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> prune("a", 0));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> prune("a", -1));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> prune("nobody", 1));
    }

    @Test
    void pruned_canBeDeleted() {
        executions("a", 4).complete("1").commit();
        prune("a", 2);
        assertThat(management().deleteInstances(List.of("a"), DeleteOptions.CAREFUL))
                .isEqualTo(new Deletion(1, 2, 5 + 6, 0));
    }

    @Test
    @Needs(Trait.REOPENS)
    void pruned_isSoOverARestart() {
        executions("a", 3).complete("1").commit();
        prune("a", 1);
        bench.close(node);
        goOnWith(bench.join("second"));
        assertThat(management().listExecutions("a")).containsExactly(3L);
        assertHistory("a", 5);
    }
}
