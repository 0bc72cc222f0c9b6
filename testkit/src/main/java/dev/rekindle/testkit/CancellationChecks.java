package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is taken back: activities in every state, and the messages that ask for it. */
abstract class CancellationChecks extends Checks {
    CancellationChecks(Bench bench) {
        super(bench);
    }

    @Test
    void cancel_activityThatWaits_isGone() {
        node.begin("a")
                .schedule()
                .schedule()
                .keep()
                .commitAndGoOn()
                .cancelActivity(2)
                .commit();
        assertThat(node.dequeue())
                .singleElement()
                .satisfies(leased -> assertThat(leased.work().scheduledId()).isEqualTo(3));
    }

    @Test
    void cancel_activityThatRuns_isNoLongerWanted() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        assertThat(provider.renewWorker(leased.lease(), null)).isTrue();
        turn.cancelActivity(2).commit();
        assertThat(provider.renewWorker(leased.lease(), null)).isFalse();
        assertThat(provider.renewWorker(leased.lease(), "1")).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeue()).isEmpty();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancel_activityLeasedByATurn_isNoLongerWanted() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        WorkLease lease = turn.commit().leased().getFirst();
        turn.followUp().cancelActivity(2).commit();
        assertThat(provider.renewWorker(lease, null)).isFalse();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancel_activityThatWaitsForItsRetry_isGone() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        provider.abandonWorker(
                node.dequeueOne().lease(),
                WorkAbandonment.retry(Duration.ofMinutes(5), new Failure("Boom", "no", null, true), "1"));
        turn.cancelActivity(2).commit();
        move(Duration.ofHours(1));
        assertThat(node.dequeue()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancel_activityWhoseCompletionIsInTheQueue_leavesTheCompletion() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "\"just in time\"");
        turn.cancelActivity(2).commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(TestNode.completion(leased.work(), "\"just in time\""));
        TestTurn.on(node, item).drop(item.messages().getFirst()).commit();
    }

    @Test
    void cancel_unknownActivity_isIgnored() {
        node.begin("a").schedule().keep().commitAndGoOn().cancelActivity(99).commit();
        assertQueues(0, 1, 0, 0);
        assertHistory("a", 3);
    }

    @Test
    void cancel_twice_isIgnored() {
        node.begin("a")
                .schedule()
                .keep()
                .commitAndGoOn()
                .cancelActivity(2)
                .keep()
                .commitAndGoOn()
                .cancelActivity(2)
                .commit();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancel_many_emptiesTheQueue() {
        TestTurn turn = node.begin("a");
        IntStream.range(0, 20).forEach(i -> turn.schedule());
        turn.keep().commit();
        node.dequeue(5, Duration.ZERO);
        TestTurn next = turn.followUp();
        IntStream.range(0, 20).forEach(i -> next.cancelActivity(i + 2));
        next.commit();
        assertThat(node.dequeue()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancel_sameIdInAnotherInstance_isUntouched() {
        node.begin("b").schedule().commit();
        node.begin("a").schedule().keep().commitAndGoOn().cancelActivity(2).commit();
        assertThat(node.dequeueOne().work().instance()).isEqualTo("b");
    }

    @Test
    void cancel_activityScheduledInTheSameTurn_isNeverQueued() {
        TestTurn turn = node.begin("a").schedule().schedule();
        turn.cancelActivity(2).commit();
        assertThat(node.dequeue())
                .singleElement()
                .satisfies(leased -> assertThat(leased.work().scheduledId()).isEqualTo(3));
    }

    @Test
    void cancel_whileItCompletes_eitherHappensWhole() {
        for (int round = 0; round < 20; round++) {
            TestTurn turn = node.begin("a" + round).schedule().keep().commitAndGoOn();
            LeasedWork leased = node.dequeueOne();
            List<Boolean> done = Crowd.of(2, i -> () -> {
                if (i == 0) {
                    turn.cancelActivity(2).commit();
                    return true;
                }
                return Crowd.winners(1, j -> () -> node.complete(leased, "1")) == 1;
            });
            assertThat(done.getFirst()).isTrue();
            List<OrchestrationItem> items = node.fetch();
            assertThat(items).hasSize(done.getLast() ? 1 : 0);
            items.forEach(item ->
                    TestTurn.on(node, item).drop(item.messages().getFirst()).commit());
        }
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void cancelRequest_isAMessageLikeOthers() {
        node.settle("a");
        node.raise("a", "1");
        node.send(new WorkItem.CancelInstance("a", "run-a", "enough"));
        node.raise("a", "2");
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactly(
                        TestNode.raised("a", "1"),
                        new WorkItem.CancelInstance("a", "run-a", "enough"),
                        TestNode.raised("a", "2"));
    }

    @Test
    void cancelRequest_ofATurn_reachesTheChild() {
        node.settle("child");
        node.begin("parent")
                .note("\"x\"")
                .send(new WorkItem.CancelInstance("child", "run-child", "the parent is cancelled"))
                .commit();
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactly(new WorkItem.CancelInstance("child", "run-child", "the parent is cancelled"));
    }

    @Test
    void cancelRequest_ofATurnToWhoHasEnded_isForgotten() {
        node.begin("child").complete("1").commit();
        node.begin("parent")
                .note("\"x\"")
                .send(new WorkItem.CancelInstance("child", "run-child", "why"))
                .send(new WorkItem.TerminateInstance("nobody", "run", "why"))
                .commit();
        assertQueues(0, 0, 0, 0);
    }
}
