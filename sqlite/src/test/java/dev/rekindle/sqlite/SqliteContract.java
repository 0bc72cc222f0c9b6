package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for a provider on a file and in memory alike. */
abstract class SqliteContract extends SqliteInstanceContract {
    // ---- timers

    @Test
    void timer_due_wakesAWaitingFetch() throws Exception {
        Turn turn = node.begin("a");
        turn.timer(turn.after(Duration.ofHours(2))).commit();
        assertThat(node.fetch()).isEmpty();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OrchestrationItem> fetched = callers.submit(node::fetchOne);
            clock.move(Duration.ofHours(2));
            node.provider.clockMoved();
            OrchestrationItem item = fetched.get();
            assertThat(item.messages())
                    .singleElement()
                    .satisfies(message ->
                            assertThat(message.work()).isEqualTo(new WorkItem.TimerFired("a", "run-a", 1, 2)));
            Turn.of(node, item).note("\"fired\"").commit();
        }
        assertThat(depths().timers()).isZero();
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void timer_finerThanAMillisecond_neverFiresEarly() {
        Turn turn = node.begin("a");
        turn.timer(Turn.AT.plusNanos(1)).commit();
        assertThat(node.fetch()).isEmpty();
        clock.move(Duration.ofMillis(1));
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void timer_cancelled_neverFires() {
        Turn turn = node.begin("a");
        turn.timer(turn.after(Duration.ofSeconds(1))).keep().commit();
        clock.move(Duration.ofSeconds(2));
        assertThat(node.fetch()).isEmpty();
        turn.followUp().cancelTimer(2).commit();
        assertThat(node.fetch()).isEmpty();
        assertThat(depths().timers()).isZero();
    }

    // ---- leases of instances

    @Test
    void abandon_withDelay_hidesTheInstanceForThatLong() {
        node.start("a");
        node.provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(30), "no code"));
        assertThat(find("a").problem()).isEqualTo("no code");
        assertThat(node.fetch()).isEmpty();
        clock.move(Duration.ofSeconds(30));
        Turn.first(node, node.fetchOne()).commit();
        assertThat(find("a").problem()).isNull();
    }

    @Test
    void abandon_stuck_healsWithTheNextTurn() {
        node.start("a");
        node.provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "differs"));
        assertThat(find("a").status()).isEqualTo(Status.STUCK);
        Turn.first(node, node.fetchOne()).commit();
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertThat(node.provider.getSystemMetrics().instances(Status.STUCK)).isZero();
    }

    @Test
    void abandon_staleLease_isIgnored() {
        node.start("a");
        OrchestrationItem first = node.fetchOne();
        node.provider.abandonOrchestrationItem(first.lease(), Abandonment.QUIET);
        OrchestrationItem second = node.fetchOne();
        node.provider.abandonOrchestrationItem(first.lease(), Abandonment.QUIET);
        assertThat(node.fetch()).isEmpty();
        Turn.first(node, second).commit();
    }

    @Test
    void releaseNode_givesBackOnlyItsOwn() {
        Node other = new Node(node.provider, "other");
        node.start("a");
        node.start("b");
        OrchestrationItem mine = node.fetchOne();
        OrchestrationItem theirs = other.fetchOne();
        node.provider.releaseNode(node.id);
        node.provider.releaseNode(node.id);
        assertCode(ErrorCode.LEASE_LOST, () -> Turn.first(node, mine).commit());
        Turn.first(other, theirs).commit();
        assertThat(other.fetchOne().lease().instance()).isEqualTo(mine.lease().instance());
    }

    // ---- activities

    @Test
    void work_isServedOldestFirst() {
        Turn turn = node.begin("a");
        IntStream.range(0, 5).forEach(i -> turn.schedule(false));
        turn.commit();
        assertThat(node.dequeue(3, Duration.ZERO))
                .extracting(work -> work.work().scheduledId())
                .containsExactly(2L, 3L, 4L);
        assertThat(node.dequeue()).extracting(work -> work.work().scheduledId()).containsExactly(5L, 6L);
    }

    @Test
    void ackWorker_sendsTheCompletionOnce() {
        node.begin("a").schedule(false).commit();
        LeasedWork leased = node.dequeueOne();
        node.complete(leased, "\"done\"");
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "\"twice\""));
        assertThat(node.fetchOne().messages())
                .extracting(OrchestrationItem.Message::work)
                .containsExactly(Node.completion(leased.work(), "\"done\""));
        assertThat(depths().worker()).isZero();
    }

    @Test
    void ackWorker_instanceEnded_dropsTheCompletion() {
        Turn turn = node.begin("a").schedule(false).keep();
        turn.commit();
        LeasedWork leased = node.dequeueOne();
        turn.followUp().complete("1").commit();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        assertThat(depths()).isEqualTo(new QueueDepths(0, 0, 0, 0));
    }

    @Test
    void abandonWorker_retry_countsTheAttemptAndWaits() {
        node.begin("a").schedule(false).commit();
        Failure failure = new Failure("Boom", "no", "trace", true);
        node.provider.abandonWorker(
                node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ofSeconds(5), failure, "{\"at\":1}"));
        assertThat(node.dequeue()).isEmpty();
        clock.move(Duration.ofSeconds(5));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(failure);
        assertThat(again.heartbeat()).isEqualTo("{\"at\":1}");
        assertThat(again.nodeDeaths()).isZero();
    }

    @Test
    void abandonWorker_handBack_isNoAttempt() {
        node.begin("a").schedule(false).commit();
        LeasedWork leased = node.dequeueOne();
        node.provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        node.provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.lease().token()).isNotEqualTo(leased.lease().token());
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void renewWorker_heartbeat_isThereForTheNextAttempt() {
        node.begin("a").schedule(false).commit();
        LeasedWork leased = node.dequeueOne();
        assertThat(node.provider.renewWorker(leased.lease(), "{\"at\":7}")).isTrue();
        node.provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
        assertThat(node.dequeueOne().heartbeat()).isEqualTo("{\"at\":7}");
        assertThat(node.provider.renewWorker(leased.lease(), "{}")).isFalse();
    }

    @Test
    void enqueueWorkerWork_repeated_leavesTheRowThatExists() {
        Turn turn = node.begin("a");
        WorkItem.ActivityExecute work = Node.activity(turn.item, 1, 1);
        node.provider.enqueueWorkerWork(work);
        node.provider.enqueueWorkerWork(work);
        assertThat(node.dequeue())
                .singleElement()
                .satisfies(leased -> assertThat(leased.work()).isEqualTo(work));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> node.provider.enqueueWorkerWork(
                        new WorkItem.ActivityExecute("a", "another run", 1, 1, "Ship", "{}", work.options(), Turn.AT)));
    }

    // ---- repair and looking

    @Test
    void append_instanceAtRest_addsToItsHistory() {
        Turn turn = node.begin("a");
        Event event = new Event.CustomStatusSet(2, Turn.AT, "1");
        assertCode(ErrorCode.LEASE_LOST, () -> node.provider.appendWithExecution("a", 1, List.of(event)));
        node.provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        node.provider.appendWithExecution("a", 1, List.of(event));
        assertThat(node.provider.read("a")).hasSize(2).last().isEqualTo(event);
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> node.provider.appendWithExecution("a", 1, List.of(event)));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> node.provider.appendWithExecution("a", 2, List.of()));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.provider.appendWithExecution("b", 1, List.of()));
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(2);
    }

    @Test
    void management_listsCountsAndTellsWhatIsMissing() {
        node.begin("a");
        node.begin("b");
        node.begin("c").complete("1").commit();
        SqliteProvider management = node.provider;
        assertThat(management.listInstances()).containsExactly("c", "b", "a");
        assertThat(management.listInstancesByStatus(Status.PENDING)).isEmpty();
        assertThat(management.listInstancesByStatus(Status.RUNNING)).containsExactly("b", "a");
        assertThat(management.getInstanceInfo("c").events()).isEqualTo(2);
        assertThat(management.getInstanceInfo("c").snapshot()).isEqualTo(find("c"));
        assertThat(management.getExecutionInfo("c", 1).output()).isEqualTo("1");
        assertThat(management.readExecutionHistory("c", 1)).hasSize(2);
        assertThat(management.getSystemMetrics().totalInstances()).isEqualTo(3);
        assertThat(management.getSystemMetrics().instances(Status.COMPLETED)).isEqualTo(1);
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.listExecutions("d"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.getInstanceInfo("d"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.getExecutionInfo("c", 2));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.readExecutionHistory("c", 0));
        assertThat(management.read("d")).isEmpty();
        assertThat(management.readWithExecution("c", 2)).isEmpty();
        assertThat(management.latestExecutionId("d")).isEmpty();
        assertThat(management.findInstance("d")).isEmpty();
        assertThat(management.client().listAllInstances()).hasSize(3);
    }

    // ---- inspection

    @Test
    void inspect_busyStore_showsEveryRow() {
        node.begin("done").complete("1").commit();
        node.begin("a").continueAsNew("2").commit();
        Turn turn = Turn.first(node, node.fetchOne()).at(2, 0);
        turn.schedule(true).timer(turn.after(Duration.ofHours(1))).keep().commit();
        node.raise("a", "1");
        node.provider.enqueueOrchestratorWork(Node.raised("a", "later"), Duration.ofMinutes(1));
        StoreImage image = node.provider.inspect();
        assertThat(image.instances())
                .extracting(instance -> instance.snapshot().instance())
                .containsExactly("done", "a");
        StoreImage.StoredInstance busy = image.instances().getLast();
        assertThat(busy.snapshot()).isEqualTo(find("a"));
        assertThat(busy.histories()).containsOnlyKeys(1L, 2L);
        assertThat(busy.histories().get(1L)).isEqualTo(node.provider.readWithExecution("a", 1));
        assertThat(busy.histories().get(2L)).isEqualTo(node.provider.read("a")).hasSize(3);
        assertThat(busy.messages())
                .containsExactly(
                        new StoreImage.StoredMessage(Node.raised("a", "1"), null),
                        new StoreImage.StoredMessage(
                                Node.raised("a", "later"), clock.instant().plus(Duration.ofMinutes(1))));
        assertThat(busy.timers()).containsExactly(new StoreImage.StoredTimer(2, 3, turn.after(Duration.ofHours(1))));
        assertThat(busy.activities())
                .containsExactly(new StoreImage.StoredActivity(Node.activity(turn.item, 2, 2), 1, "node"));
        assertThat(busy.leasedTo()).isEqualTo("node");
        assertThat(image.instances().getFirst().leasedTo()).isNull();
        assertThat(image.orphans()).isEmpty();
        assertThat(image.deadLetters()).isEmpty();
        assertThat(image.statusCounts())
                .isEqualTo(node.provider.getSystemMetrics().instancesByStatus())
                .containsOnly(Map.entry(Status.COMPLETED, 1L), Map.entry(Status.RUNNING, 1L));
    }

    @Test
    void inspect_messageThatNobodyTook_isADeadLetter() {
        Turn turn = node.begin("a");
        node.raise("a", "1");
        turn.complete("1").commit();
        assertThat(node.provider.inspect().deadLetters())
                .containsExactly(new TurnCommit.DeadLetter(Node.raised("a", "1"), TurnCommit.DeadLetter.UNTAKEN));
    }

    @Test
    void inspect_whileOthersStart_neverSeesHalfAStart() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = IntStream.range(0, 200)
                    .<Future<?>>mapToObj(i -> callers.submit(() -> node.start("i" + i)))
                    .toList();
            int seen = 0;
            while (seen < starts.size()) {
                StoreImage image = node.provider.inspect();
                seen = image.instances().size();
                assertThat(image.instances())
                        .allSatisfy(instance -> assertThat(instance.messages()).hasSize(1));
                assertThat(image.statusCounts().values().stream()
                                .mapToLong(count -> count)
                                .sum())
                        .isEqualTo(seen);
            }
            for (Future<?> start : starts) {
                start.get();
            }
        }
    }

    // ---- the end

    @Test
    void close_whileAFetchWaits_endsTheWait() throws Exception {
        assertThat(node.fetch()).isEmpty();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<List<OrchestrationItem>> fetched = callers.submit(() -> {
                waiting.countDown();
                try {
                    return node.fetch(1, Node.LONG);
                } catch (RekindleException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
                    return List.of();
                }
            });
            waiting.await();
            node.provider.close();
            assertThat(fetched.get()).isEmpty();
        }
    }

    @Test
    void close_thenAnyCall_isRefused() {
        node.provider.close();
        node.provider.close();
        assertCode(ErrorCode.CLOSED, () -> node.start("a"));
        assertCode(ErrorCode.CLOSED, () -> node.provider.listInstances());
        assertCode(ErrorCode.CLOSED, node::fetch);
    }
}
