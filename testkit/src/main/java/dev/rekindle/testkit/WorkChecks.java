package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The queue of activities: leases, completions, attempts. */
abstract class WorkChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", "at somewhere", true);

    WorkChecks(Bench bench) {
        super(bench);
    }

    /** A new instance with this many activities in the queue, which nobody runs. */
    private void queued(String instance, int activities) {
        TestTurn turn = node.begin(instance);
        IntStream.range(0, activities).forEach(i -> turn.schedule());
        turn.commit();
    }

    private static List<Long> ids(List<LeasedWork> works) {
        return works.stream().map(leased -> leased.work().scheduledId()).toList();
    }

    @Test
    void work_isServedOldestFirst() {
        queued("a", 5);
        assertThat(ids(node.dequeue(3, Duration.ZERO))).containsExactly(2L, 3L, 4L);
        assertThat(ids(node.dequeue())).containsExactly(5L, 6L);
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void work_ofSeveralInstances_isServedOldestFirst() {
        for (int i = 0; i < 5; i++) {
            queued("i" + i, 1);
            move(Duration.ofMillis(1));
        }
        assertThat(node.dequeue())
                .extracting(leased -> leased.work().instance())
                .containsExactly("i0", "i1", "i2", "i3", "i4");
    }

    @Test
    void work_everythingOfIt_comesAsItWasScheduled() {
        TestTurn turn = node.begin("a");
        WorkItem.ActivityExecute work = new WorkItem.ActivityExecute(
                "a",
                "run-a",
                1,
                2,
                "Charge",
                "{\"cents\":5}",
                ActivityOptions.DEFAULT
                        .maxAttempts(7)
                        .backoff(Duration.ofMillis(1_500))
                        .backoffFactor(1.5)
                        .maxBackoff(Duration.ofDays(2))
                        .timeout(Duration.ofSeconds(3))
                        .totalTimeout(Duration.ofHours(4))
                        .heartbeatTimeout(Duration.ofMinutes(5)),
                TestClock.START.plusNanos(123_456_789));
        turn.schedule(work, false).commit();
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.work()).isEqualTo(work);
        assertThat(leased.lease().instance()).isEqualTo("a");
        assertThat(leased.lease().runId()).isEqualTo("run-a");
        assertThat(leased.lease().executionId()).isEqualTo(1);
        assertThat(leased.lease().scheduledId()).isEqualTo(2);
    }

    @Test
    void work_leased_isHiddenFromOthers() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        assertThat(bench.node(provider, "other").dequeue()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
        move(Duration.ofDays(1));
        assertThat(bench.node(provider, "other").dequeue()).isEmpty();
        node.complete(leased, "1");
    }

    @Test
    void work_maxItems_isTheMost() {
        queued("a", 10);
        assertThat(node.dequeue(4, Duration.ZERO)).hasSize(4);
        assertThat(node.dequeue(100, Duration.ZERO)).hasSize(6);
    }

    @Test
    void work_isThereWhileItsInstanceIsLeased() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "1");
        assertThat(node.fetch()).isEmpty();
        turn.note("\"x\"").commit();
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(leased.work(), "1"));
    }

    // ---- completions

    @Test
    void ackWorker_sendsTheCompletionOnce() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "\"done\"");
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "\"twice\""));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(leased.work(), "\"done\""));
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void ackWorker_withAFailure_sendsIt() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        WorkItem.ActivityFailed failed = new WorkItem.ActivityFailed("a", "run-a", 1, 2, FAILURE);
        provider.ackWorker(leased.lease(), failed);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(failed);
    }

    @Test
    void ackWorker_forgedToken_changesNothing() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        WorkLease forged = new WorkLease("a", "run-a", 1, 2, leased.lease().token() + 1);
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> provider.ackWorker(forged, TestNode.completion(leased.work(), "\"not mine\"")));
        assertThat(node.fetch()).isEmpty();
        node.complete(leased, "\"mine\"");
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void ackWorker_afterItWasHandedBack_changesNothing() {
        queued("a", 1);
        LeasedWork first = node.dequeueOne();
        provider.abandonWorker(first.lease(), WorkAbandonment.handBack(null));
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(first, "1"));
        LeasedWork second = node.dequeueOne();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(first, "1"));
        node.complete(second, "2");
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(second.work(), "2"));
    }

    @Test
    void ackWorker_instanceEnded_dropsTheCompletion() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        turn.complete("1").commit();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void ackWorker_manyAtOnceUnderOneLease_oneWins() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        assertThat(Crowd.winners(20, i -> () -> node.complete(leased, "" + i))).isEqualTo(1);
        assertThat(TestNode.works(node.fetchOne())).hasSize(1);
    }

    @Test
    void ackWorker_manyActivitiesAtOnce_everyCompletionArrives() {
        queued("a", 100);
        List<LeasedWork> leased = node.dequeue();
        assertThat(Crowd.winners(100, i -> () -> node.complete(leased.get(i), "" + i)))
                .isEqualTo(100);
        TestTurn.of(node, node.fetchOne()).commit();
        assertHistory("a", 201);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void ackWorker_whileATurnConsumesIt_oneOfBothWins() {
        for (int round = 0; round < 20; round++) {
            TestTurn turn = node.begin("a" + round).schedule().keep().commitAndGoOn();
            LeasedWork leased = node.dequeueOne();
            long won = Crowd.winners(2, i -> () -> {
                if (i == 0) {
                    node.complete(leased, "1");
                } else {
                    turn.consume(leased.lease()).commit();
                }
            });
            assertThat(won).isEqualTo(1);
            node.release();
            node.fetch().forEach(item -> TestTurn.of(node, item).commit());
        }
        assertQueues(0, 0, 0, 0);
    }

    // ---- attempts

    @Test
    void abandonWorker_retry_countsTheAttemptAndWaits() {
        queued("a", 1);
        provider.abandonWorker(
                node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ofSeconds(5), FAILURE, "{\"at\":1}"));
        assertThat(node.dequeue()).isEmpty();
        move(Duration.ofMillis(4_999));
        assertThat(node.dequeue()).isEmpty();
        move(Duration.ofMillis(1));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(FAILURE);
        assertThat(again.heartbeat()).isEqualTo("{\"at\":1}");
        assertThat(again.nodeDeaths()).isZero();
    }

    @Test
    void abandonWorker_severalRetries_countEachAndKeepTheLastFailure() {
        queued("a", 1);
        for (int attempt = 1; attempt <= 4; attempt++) {
            LeasedWork leased = node.dequeueOne();
            assertThat(leased.attempt()).isEqualTo(attempt);
            Failure failure = new Failure("Boom" + attempt, "m" + attempt, attempt % 2 == 0 ? null : "trace", true);
            provider.abandonWorker(leased.lease(), WorkAbandonment.retry(Duration.ZERO, failure, null));
            assertThat(node.dequeueOne())
                    .satisfies(next -> assertThat(next.lastFailure()).isEqualTo(failure))
                    .satisfies(next -> provider.abandonWorker(next.lease(), WorkAbandonment.handBack(null)));
        }
    }

    @Test
    void abandonWorker_handBack_isNoAttempt() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.lastFailure()).isNull();
        assertThat(again.lease().token()).isNotEqualTo(leased.lease().token());
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void abandonWorker_handBackAfterARetry_keepsWhatIsKnown() {
        queued("a", 1);
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ZERO, FAILURE, "1"));
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.handBack(null));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(FAILURE);
        assertThat(again.heartbeat()).isEqualTo("1");
    }

    @Test
    void abandonWorker_waitingWithoutAnAttempt_waits() {
        queued("a", 1);
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.waiting(Duration.ofSeconds(5), FAILURE));
        assertThat(node.dequeue()).isEmpty();
        move(Duration.ofSeconds(5));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.lastFailure()).isEqualTo(FAILURE);
    }

    @Test
    void abandonWorker_staleLease_isIgnored() {
        queued("a", 1);
        LeasedWork first = node.dequeueOne();
        provider.abandonWorker(first.lease(), WorkAbandonment.handBack(null));
        LeasedWork second = node.dequeueOne();
        provider.abandonWorker(first.lease(), WorkAbandonment.retry(Duration.ofHours(1), FAILURE, "\"stale\""));
        assertThat(node.dequeue()).isEmpty();
        assertThat(provider.renewWorker(second.lease(), null)).isTrue();
        provider.abandonWorker(second.lease(), WorkAbandonment.handBack(null));
        LeasedWork third = node.dequeueOne();
        assertThat(third.attempt()).isEqualTo(1);
        assertThat(third.heartbeat()).isNull();
    }

    @Test
    void abandonWorker_changesOnlyItsOwnActivity() {
        queued("a", 3);
        List<LeasedWork> leased = node.dequeue();
        provider.abandonWorker(leased.get(1).lease(), WorkAbandonment.retry(Duration.ZERO, FAILURE, "1"));
        provider.abandonWorker(leased.get(0).lease(), WorkAbandonment.handBack(null));
        provider.abandonWorker(leased.get(2).lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeue())
                .extracting(work -> work.work().scheduledId() + ":" + work.attempt())
                .containsExactlyInAnyOrder("2:1", "3:2", "4:1");
    }

    @Test
    void abandonWorker_delayed_doesNotHoldUpLaterOnes() {
        queued("a", 3);
        provider.abandonWorker(
                node.dequeue(1, Duration.ZERO).getFirst().lease(),
                WorkAbandonment.retry(Duration.ofHours(1), FAILURE, null));
        assertThat(ids(node.dequeue())).containsExactly(3L, 4L);
        move(Duration.ofHours(1));
        assertThat(ids(node.dequeue())).containsExactly(2L);
    }

    // ---- heartbeats

    @Test
    void renewWorker_heartbeat_isThereForTheNextAttempt() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        assertThat(provider.renewWorker(leased.lease(), "{\"at\":6}")).isTrue();
        assertThat(provider.renewWorker(leased.lease(), "{\"at\":7}")).isTrue();
        assertThat(provider.renewWorker(leased.lease(), null)).isTrue();
        provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeueOne().heartbeat()).isEqualTo("{\"at\":7}");
        assertThat(provider.renewWorker(leased.lease(), "{\"at\":8}")).isFalse();
    }

    @Test
    void renewWorker_staleLease_storesNothing() {
        queued("a", 1);
        LeasedWork first = node.dequeueOne();
        provider.abandonWorker(first.lease(), WorkAbandonment.handBack("\"first\""));
        LeasedWork second = node.dequeueOne();
        assertThat(provider.renewWorker(first.lease(), "\"stale\"")).isFalse();
        provider.abandonWorker(second.lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeueOne().heartbeat()).isEqualTo("\"first\"");
    }

    @Test
    void renewWorker_completedActivity_isNoLongerWanted() {
        queued("a", 1);
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "1");
        assertThat(provider.renewWorker(leased.lease(), null)).isFalse();
        assertThat(provider.renewWorker(leased.lease(), "1")).isFalse();
    }

    @Test
    void renewWorker_unknownActivity_isNotWanted() {
        assertThat(provider.renewWorker(new WorkLease("nobody", "run", 1, 2, 3), null))
                .isFalse();
        assertThat(provider.renewWorker(new WorkLease("nobody", "run", 1, 2, 3), "{}"))
                .isFalse();
    }

    // ---- many at once

    @Test
    void dequeues_manyAtOnce_eachActivityIsGivenOnce() {
        queued("a", 200);
        List<TestNode> nodes = IntStream.range(0, 10)
                .mapToObj(i -> bench.node(provider, "n" + i))
                .toList();
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        Crowd.of(10, i -> () -> {
            for (List<LeasedWork> some = nodes.get(i).dequeue(7, Duration.ZERO);
                    !some.isEmpty();
                    some = nodes.get(i).dequeue(7, Duration.ZERO)) {
                ids(some)
                        .forEach(id -> assertThat(seen.add(id)).as("given once").isTrue());
            }
            return i;
        });
        assertThat(seen).hasSize(200);
    }

    @Test
    void dequeues_andRetriesAtOnce_noActivityIsLost() {
        queued("a", 20);
        Crowd.of(5, worker -> () -> {
            TestNode mine = bench.node(provider, "n" + worker);
            for (int round = 0; round < 20; round++) {
                mine.dequeue(4, Duration.ZERO)
                        .forEach(leased -> provider.abandonWorker(
                                leased.lease(), WorkAbandonment.retry(Duration.ZERO, FAILURE, null)));
            }
            return worker;
        });
        assertThat(node.dequeue()).hasSize(20);
    }
}
