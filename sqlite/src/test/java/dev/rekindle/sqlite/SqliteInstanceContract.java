package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for instances, on a file and in memory alike: starts, messages, turns, ends. */
abstract class SqliteInstanceContract {
    final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    Node node;

    abstract String url();

    @BeforeEach
    void open() {
        node = new Node(SqliteProvider.open(url(), clock));
    }

    @AfterEach
    void close() {
        node.provider.close();
    }

    static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RekindleException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).startsWith(code.name());
        });
    }

    QueueDepths depths() {
        return node.provider.getQueueDepths();
    }

    InstanceSnapshot find(String instance) {
        return node.provider.findInstance(instance).orElseThrow();
    }

    // ---- starts and messages

    @Test
    void start_thenFetch_givesTheStart() {
        node.start("a");
        assertThat(find("a").status()).isEqualTo(Status.PENDING);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo("a");
        assertThat(item.executionId()).isEqualTo(1);
        assertThat(item.lastEventId()).isZero();
        assertThat(item.nodeDeaths()).isZero();
        assertThat(item.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.work()).isEqualTo(Node.starting("a", null)));
    }

    @Test
    void start_idTaken_isRefusedAndChangesNothing() {
        node.start("a");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        assertThat(depths().orchestrator()).isEqualTo(1);
        assertThat(node.provider.getSystemMetrics().totalInstances()).isEqualTo(1);
    }

    @Test
    void start_manyAtOnceWithOneId_oneWins() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> wins = IntStream.range(0, 50)
                    .mapToObj(i -> callers.submit(() -> {
                        try {
                            node.start("a");
                            return true;
                        } catch (RekindleException e) {
                            return false;
                        }
                    }))
                    .toList();
            int won = 0;
            for (Future<Boolean> win : wins) {
                won += win.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
        assertThat(depths().orchestrator()).isEqualTo(1);
    }

    @Test
    void message_instanceUnknownOrEnded_isRefused() {
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.raise("nobody", "1"));
        node.begin("a").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.raise("a", "1"));
        WorkItem.RaiseEvent otherRun = new WorkItem.RaiseEvent("a", "another run", "channel", "1");
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.provider.enqueueOrchestratorWork(otherRun, Duration.ZERO));
    }

    @Test
    void messages_forOneInstance_comeTogetherInOrder() {
        node.start("a");
        node.raise("a", "1");
        node.raise("a", "2");
        node.raise("a", "3");
        assertThat(Node.payloads(node.fetchOne())).containsExactly("1", "2", "3");
    }

    @Test
    void messages_whileLeased_comeAfterRelease() {
        Turn turn = node.begin("a");
        node.raise("a", "1");
        assertThat(node.fetch()).isEmpty();
        turn.note("\"x\"").commit();
        assertThat(Node.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void messages_notConsumed_comeAgainFirst() {
        node.start("a");
        Turn.first(node, node.fetchOne()).commit();
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "2");
        node.provider.abandonOrchestrationItem(item.lease(), Abandonment.QUIET);
        assertThat(Node.payloads(node.fetchOne())).containsExactly("1", "2");
    }

    @Test
    void instances_areServedInTheOrderOfTheirMessages() {
        IntStream.range(0, 20).forEach(i -> node.start("i" + i));
        List<String> served = IntStream.range(0, 20)
                .mapToObj(i -> node.fetchOne().lease().instance())
                .toList();
        assertThat(served)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "i" + i).toList());
    }

    @Test
    void delayedMessage_becomesVisibleAtItsTime() {
        node.begin("a").note("\"x\"").commit();
        node.provider.enqueueOrchestratorWork(Node.raised("a", "1"), Duration.ofMinutes(5));
        assertThat(node.fetch()).isEmpty();
        clock.move(Duration.ofMinutes(5));
        assertThat(Node.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void delayedStart_otherMessagesWaitForIt() {
        node.provider.enqueueOrchestratorWork(Node.starting("a", null), Duration.ofMinutes(5));
        node.raise("a", "early");
        assertThat(node.fetch()).isEmpty();
        clock.move(Duration.ofMinutes(5));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.messages().getFirst().work()).isInstanceOf(WorkItem.StartOrchestration.class);
        assertThat(Node.payloads(item)).containsExactly("early");
    }

    // ---- turns

    @Test
    void turn_committed_makesAllOfItVisibleTogether() {
        node.start("other");
        Turn.first(node, node.fetchOne()).commit();
        Turn turn = node.begin("a");
        turn.schedule(false)
                .schedule(false)
                .timer(turn.after(Duration.ofHours(1)))
                .send(Node.raised("other", "hello"))
                .customStatus("\"busy\"")
                .commit();
        assertThat(depths()).isEqualTo(new QueueDepths(1, 2, 1, 0));
        assertThat(find("a").customStatus()).isEqualTo("\"busy\"");
        assertThat(node.provider.read("a")).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(Node.payloads(node.fetchOne())).containsExactly("hello");
    }

    @Test
    void turn_firstOne_makesTheInstanceRunWithItsVersion() {
        node.begin("a");
        InstanceSnapshot snapshot = find("a");
        assertThat(snapshot.status()).isEqualTo(Status.RUNNING);
        assertThat(snapshot.version()).isEqualTo("1");
        assertThat(node.provider.getExecutionInfo("a", 1).startedAt()).isEqualTo(clock.instant());
    }

    @Test
    void turn_hotStep_isThreeStatementsInOneCommit() {
        Turn turn = node.begin("a");
        TurnReceipt receipt = turn.schedule(true).keep().commit();
        WriterStats before = node.provider.writerStats();
        receipt = turn.followUp()
                .consume(receipt.leased().getFirst())
                .schedule(true)
                .keep()
                .commit();
        assertThat(receipt.leased()).hasSize(1);
        WriterStats after = node.provider.writerStats();
        assertThat(after.commits() - before.commits()).isEqualTo(1);
        assertThat(after.statements() - before.statements()).isEqualTo(3);
    }

    @Test
    void turn_leaseToCaller_leasesInOrderAndHidesThemFromOthers() {
        Turn turn =
                node.begin("a").schedule(true).schedule(false).schedule(true).keep();
        List<WorkLease> leased = turn.commit().leased();
        assertThat(leased).extracting(WorkLease::scheduledId).containsExactly(2L, 4L);
        assertThat(node.dequeue()).extracting(work -> work.work().scheduledId()).containsExactly(3L);
    }

    @Test
    void turn_leaseLost_writesNothing() {
        Turn turn = node.begin("a");
        turn.note("\"1\"").commit();
        assertCode(ErrorCode.LEASE_LOST, () -> turn.followUp().schedule(false).commit());
        assertThat(node.provider.read("a")).hasSize(2);
        assertThat(depths().worker()).isZero();
    }

    @Test
    void turn_wrongPosition_writesNothing() {
        Turn turn = node.begin("a");
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().at(1, 7).note("\"x\"").keep().commit());
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().at(2, 1).note("\"x\"").keep().commit());
        turn.note("\"right\"").commit();
        assertThat(node.provider.read("a")).hasSize(2);
    }

    @Test
    void turn_repeated_isRefused() {
        Turn turn = node.begin("a").note("\"x\"").keep();
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertThat(node.provider.read("a")).hasSize(2);
    }

    @Test
    void turn_eventIdsWithAGap_writesNothing() {
        Turn turn = node.begin("a");
        Turn bad = turn.followUp()
                .event(new Event.CustomStatusSet(9, Turn.AT, null))
                .keep();
        assertCode(ErrorCode.INVALID_ARGUMENT, bad::commit);
        assertThat(node.provider.read("a")).hasSize(1);
        turn.note("\"x\"").commit();
    }

    @Test
    void turn_consumesStaleWork_writesNothing() {
        Turn turn = node.begin("a").schedule(true).keep();
        WorkLease lease = turn.commit().leased().getFirst();
        node.provider.abandonWorker(lease, WorkAbandonment.handBack(null));
        Turn next = turn.followUp().consume(lease).keep();
        assertCode(ErrorCode.LEASE_LOST, next::commit);
        assertThat(depths().worker()).isEqualTo(1);
    }

    @Test
    void turn_scheduleAndCancelInOne_netsToNothing() {
        Turn turn = node.begin("a");
        long timer = turn.timer(turn.after(Duration.ofSeconds(1))).next() - 1;
        long activity = turn.schedule(false).next() - 1;
        turn.cancelTimer(timer).cancelActivity(activity).commit();
        assertThat(depths()).isEqualTo(new QueueDepths(0, 0, 0, 0));
        clock.move(Duration.ofHours(1));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void turn_cancelsActivities_readyAndLeased() {
        Turn turn = node.begin("a").schedule(true).schedule(false).keep();
        WorkLease leased = turn.commit().leased().getFirst();
        assertThat(node.provider.renewWorker(leased, null)).isTrue();
        turn.followUp().cancelActivity(2).cancelActivity(3).cancelActivity(99).commit();
        assertThat(node.provider.renewWorker(leased, null)).isFalse();
        assertThat(node.provider.renewWorker(leased, "1")).isFalse();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> node.provider.ackWorker(leased, new WorkItem.ActivityCompleted("a", leased.runId(), 1, 2, "1")));
        assertThat(node.dequeue()).isEmpty();
        assertThat(depths().worker()).isZero();
    }

    @Test
    void turn_acksOfManyInstancesAtOnce_shareCommits() throws Exception {
        List<Turn> turns =
                IntStream.range(0, 200).mapToObj(i -> node.begin("i" + i)).toList();
        WriterStats before = node.provider.writerStats();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            turns.forEach(turn -> callers.submit(() -> turn.schedule(false).commit()));
        }
        assertThat(node.provider.writerStats().commits() - before.commits()).isLessThan(150);
        assertThat(depths().worker()).isEqualTo(200);
        assertThat(node.provider.writerStats().largestBatch()).isGreaterThan(1);
    }

    @Test
    void turn_twoAtOnceUnderOneLease_oneWins() throws Exception {
        Turn turn = node.begin("a");
        List<Turn> rivals = IntStream.range(0, 20)
                .mapToObj(i -> turn.followUp().note("\"" + i + "\"").keep())
                .toList();
        int won = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> wins = rivals.stream()
                    .map(rival -> callers.submit(() -> {
                        try {
                            rival.commit();
                            return true;
                        } catch (RekindleException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST);
                            return false;
                        }
                    }))
                    .toList();
            for (Future<Boolean> win : wins) {
                won += win.get() ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
        assertThat(node.provider.read("a")).hasSize(2);
    }

    // ---- ends

    @Test
    void finish_cleansUpAndKeepsWhatNobodyTook() {
        Turn turn = node.begin("a");
        turn.schedule(false)
                .schedule(true)
                .timer(turn.after(Duration.ofHours(1)))
                .keep()
                .commit();
        node.raise("a", "late");
        turn.followUp().complete("\"done\"").commit();
        assertThat(depths()).isEqualTo(new QueueDepths(0, 0, 0, 1));
        InstanceSnapshot end = find("a");
        assertThat(end.status()).isEqualTo(Status.COMPLETED);
        assertThat(end.output()).isEqualTo("\"done\"");
        assertThat(end.finishedAt()).isEqualTo(clock.instant());
        clock.move(Duration.ofDays(1));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void finish_inTheFirstTurn_isCountedOnce() {
        node.start("a");
        Turn.first(node, node.fetchOne())
                .fail(new Failure("Boom", "no", null, false))
                .commit();
        assertThat(node.provider.getSystemMetrics().instancesByStatus()).containsOnly(Map.entry(Status.FAILED, 1L));
        Failure failure = find("a").failure();
        assertThat(failure).isNotNull();
        assertThat(failure.type()).isEqualTo("Boom");
    }

    @Test
    void awaitInstance_endsMeanwhile_tellsAtOnce() throws Exception {
        Turn turn = node.begin("a");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<InstanceSnapshot> end = callers.submit(
                    () -> node.provider.awaitInstance("a", Node.LONG).orElseThrow());
            turn.complete("\"done\"").commit();
            assertThat(end.get()).isEqualTo(find("a"));
        }
        assertThat(node.provider.awaitInstance("a", Duration.ZERO)).contains(find("a"));
        assertThat(node.provider.awaitInstance("nobody", Node.LONG)).isEmpty();
    }

    @Test
    void continueAsNew_beginsAnEmptyHistoryWithItsMessageFirst() {
        Turn turn = node.begin("a");
        turn.schedule(false).timer(turn.after(Duration.ofHours(1))).keep().commit();
        node.raise("a", "kept");
        turn.followUp().continueAsNew("2").commit();
        assertThat(depths()).isEqualTo(new QueueDepths(2, 0, 0, 0));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(item.lastEventId()).isZero();
        assertThat(item.messages().getFirst().work()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(Node.payloads(item)).containsExactly("kept");
        Turn.first(node, item).schedule(false).commit();
        assertThat(node.provider.read("a")).extracting(Event::id).containsExactly(1L, 2L);
        assertThat(node.provider.readWithExecution("a", 1)).hasSize(4);
        assertThat(node.provider.latestExecutionId("a")).hasValue(2);
        assertThat(node.provider.listExecutions("a")).containsExactly(1L, 2L);
        assertThat(node.provider.getExecutionInfo("a", 1).status()).isEqualTo(Status.CONTINUED_AS_NEW);
        assertThat(node.provider.getExecutionInfo("a", 1).events()).isEqualTo(4);
        assertThat(node.provider.getExecutionInfo("a", 2).events()).isEqualTo(2);
        assertThat(node.dequeueOne().work().executionId()).isEqualTo(2);
    }

    @Test
    void continueAsNew_staleCompletions_areDropped() {
        Turn turn = node.begin("a").schedule(true).schedule(false).keep();
        turn.commit();
        LeasedWork other = node.dequeueOne();
        node.complete(other, "1");
        turn.followUp().continueAsNew("2").commit();
        assertThat(node.fetchOne().messages())
                .singleElement()
                .satisfies(message -> assertThat(message.work()).isInstanceOf(WorkItem.ContinueAsNew.class));
        node.provider.enqueueOrchestratorWork(Node.completion(other.work(), "2"), Duration.ZERO);
        assertThat(depths().orchestrator()).isEqualTo(1);
    }

    // ---- messages that turns send

    @Test
    void send_child_isStartedAndAnswersItsParent() {
        Turn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(Node.starting("child", link)).commit();
        OrchestrationItem child = node.fetchOne();
        assertThat(child.start().parent()).isEqualTo(link);
        Turn.first(node, child)
                .send(new WorkItem.ChildCompleted("parent", link.runId(), 1, 2, "1"))
                .complete("1")
                .commit();
        assertThat(node.fetchOne().messages())
                .singleElement()
                .satisfies(message -> assertThat(message.work()).isInstanceOf(WorkItem.ChildCompleted.class));
    }

    @Test
    void send_childWhoseIdIsTaken_failsForItsParent() {
        node.begin("child");
        Turn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(Node.starting("child", link)).commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.work())
                        .isInstanceOfSatisfying(WorkItem.ChildFailed.class, failed -> {
                            assertThat(failed.scheduledId()).isEqualTo(2);
                            assertThat(failed.failure().type()).isEqualTo("INSTANCE_EXISTS");
                        }));
    }

    @Test
    void send_toNobody_becomesADeadLetter() {
        node.begin("ended").complete("1").commit();
        node.begin("a")
                .note("\"x\"")
                .send(Node.raised("nobody", "1"))
                .send(Node.raised("ended", "2"))
                .send(Node.starting("ended", null))
                .send(new WorkItem.ChildCompleted("ended", "run-ended", 1, 1, "1"))
                .commit();
        assertThat(depths().deadLetters()).isEqualTo(3);
        assertThat(depths().orchestrator()).isZero();
    }
}
