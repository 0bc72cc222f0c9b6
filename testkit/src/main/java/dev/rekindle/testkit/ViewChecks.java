package dev.rekindle.testkit;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ForkOrigin;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.TurnCommit.DeadLetter;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking closer: parts of histories, what waits in the queues, definitions, nodes, dead letters. */
@Needs({Trait.MANAGEMENT, Trait.QUERIES})
abstract class ViewChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", "at Shop", true);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<String> NO_CURSORS = List.of("", "x", "1.5", "1; DROP TABLE history", "9".repeat(100));

    ViewChecks(Bench bench) {
        super(bench);
    }

    private static <T> List<T> walk(int limit, Function<PageRequest, Page<T>> question) {
        List<T> all = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        for (int pages = 0; pages < 1_000; pages++) {
            Page<T> page = question.apply(request);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            String next = page.next();
            if (next == null) {
                return all;
            }
            request = request.after(next);
        }
        throw new AssertionError("pages without an end");
    }

    // ---- histories

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1_000})
    void history_inParts_isTheWhole(int limit) {
        TestTurn turn = node.begin("a");
        turn.notes(5).keep().commit();
        turn.followUp().notes(4).commit();
        assertThat(walk(limit, page -> management().readHistoryPage("a", 1, page)))
                .isEqualTo(provider.read("a"))
                .hasSize(10);
    }

    @Test
    void history_cursorIsAnEventId() {
        node.begin("a").notes(9).commit();
        assertThat(management().readHistoryPage("a", 1, new PageRequest(3, "4")).items())
                .extracting(Event::id)
                .containsExactly(5L, 6L, 7L);
        assertThat(management().readHistoryPage("a", 1, new PageRequest(3, "0")).items())
                .extracting(Event::id)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void history_afterTheLast_isEmptyAndGoesOnWhenThereIsMore() {
        TestTurn turn = node.begin("a").notes(2).keep().commitAndGoOn();
        assertThat(management().readHistoryPage("a", 1, new PageRequest(3, "3")))
                .isEqualTo(Page.empty());
        assertThat(management().readHistoryPage("a", 1, new PageRequest(3, "300")))
                .isEqualTo(Page.empty());
        turn.note("\"more\"").commit();
        assertThat(management().readHistoryPage("a", 1, new PageRequest(3, "3")).items())
                .extracting(Event::id)
                .containsExactly(4L);
    }

    @Test
    void history_ofEachExecution_isItsOwn() {
        node.begin("a").notes(2).continueAsNew("2").commit();
        assertThat(management().readHistoryPage("a", 2, PageRequest.first(10))).isEqualTo(Page.empty());
        TestTurn.of(node, node.fetchOne()).notes(3).commit();
        for (long execution = 1; execution <= 2; execution++) {
            long wanted = execution;
            assertThat(walk(2, page -> management().readHistoryPage("a", wanted, page)))
                    .isEqualTo(provider.readWithExecution("a", execution));
        }
    }

    @Test
    void history_unknownOrBadCursor_isTold() {
        node.settle("a");
        PageRequest first = PageRequest.first(10);
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readHistoryPage("nobody", 1, first));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readHistoryPage("a", 2, first));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().readHistoryPage("a", 0, first));
        for (String cursor : NO_CURSORS) {
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> management().readHistoryPage("a", 1, new PageRequest(10, cursor)));
        }
    }

    // ---- queues of an instance

    private InstanceQueues queues(String instance) {
        return management().getInstanceQueues(instance);
    }

    @Test
    void queues_messages_inOrderWithTheDelayedOnes() {
        node.settle("a");
        node.send(TestNode.raised("a", "later"), HOUR);
        node.raise("a", "1");
        node.raise("a", "2");
        assertThat(queues("a").messages())
                .containsExactlyInAnyOrder(
                        new QueuedMessage(TestNode.raised("a", "later"), TestClock.START.plus(HOUR)),
                        new QueuedMessage(TestNode.raised("a", "1"), null),
                        new QueuedMessage(TestNode.raised("a", "2"), null));
        assertThat(queues("a").messages())
                .filteredOn(message -> message.visibleAt() == null)
                .extracting(QueuedMessage::work)
                .containsExactly(TestNode.raised("a", "1"), TestNode.raised("a", "2"));
        assertThat(queues("a").activities()).isEmpty();
        assertThat(queues("a").timers()).isEmpty();
    }

    @Test
    void queues_ofAStart_haveItsMessage() {
        node.start("a");
        assertThat(queues("a").messages()).containsExactly(new QueuedMessage(TestNode.starting("a", null), null));
    }

    @Test
    void queues_timers_areShownUntilTheyAreTaken() {
        node.begin("a").timer(HOUR).timer(HOUR.multipliedBy(2)).commit();
        List<QueuedTimer> both = List.of(
                new QueuedTimer(1, 2, TestClock.START.plus(HOUR)),
                new QueuedTimer(1, 3, TestClock.START.plus(HOUR.multipliedBy(2))));
        assertThat(queues("a").timers()).containsExactlyInAnyOrderElementsOf(both);
        move(HOUR);
        TestTurn turn = TestTurn.of(node, node.fetchOne());
        assertThat(queues("a").timers()).containsExactlyInAnyOrderElementsOf(both);
        assertThat(queues("a").messages()).isEmpty();
        turn.commit();
        assertThat(queues("a").timers()).containsExactly(both.getLast());
    }

    @Test
    void queues_activities_withAttemptFailureHeartbeatAndTime() {
        TestTurn turn = node.begin("a").schedule().schedule();
        turn.commit();
        LeasedWork leased = node.dequeueOne();
        provider.abandonWorker(leased.lease(), WorkAbandonment.retry(HOUR, FAILURE, "\"half\""));
        WorkItem.ActivityExecute first = TestNode.activity(turn.item(), 1, 2);
        WorkItem.ActivityExecute second = TestNode.activity(turn.item(), 1, 3);
        assertThat(leased.work()).isEqualTo(first);
        assertThat(queues("a").activities())
                .containsExactly(
                        new QueuedActivity(first, 2, 0, TestClock.START.plus(HOUR), FAILURE, "\"half\"", null),
                        new QueuedActivity(second, 1, 0, null, null, null, null));
    }

    @Test
    void queues_activitiesUnderWay_showTheirProgress() {
        node.begin("a").schedule().commit();
        LeasedWork leased = node.dequeueOne();
        provider.renewWorker(leased.lease(), "\"half\"");
        QueuedActivity only = queues("a").activities().getFirst();
        assertThat(only.heartbeat()).isEqualTo("\"half\"");
        assertThat(only.attempt()).isEqualTo(1);
        node.complete(leased, "1");
        assertThat(queues("a").activities()).isEmpty();
    }

    @Test
    void queues_ofOneThatNobodyHas_nameNobody() {
        node.begin("a").schedule().commit();
        node.raise("a", "1");
        assertThat(queues("a").leasedTo()).isNull();
        assertThat(queues("a").activities().getFirst().leasedTo()).isNull();
        assertThat(queues("a").notBefore()).isNull();
    }

    @Test
    void queues_ofOneThatIsPutOff_sayUntilWhen() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(HOUR, "differs"));
        assertThat(queues("a").notBefore()).isIn(null, TestClock.START.plus(HOUR));
        assertThat(queues("a").messages()).hasSize(1);
    }

    @Test
    void queues_ofTheEnded_areEmpty() {
        node.begin("a").schedule().timer(HOUR).complete("1").commit();
        assertThat(queues("a")).isEqualTo(new InstanceQueues(null, null, List.of(), List.of(), List.of()));
    }

    @Test
    void queues_areOfOneInstanceOnly() {
        node.begin("a").schedule().timer(HOUR).commit();
        node.settle("b");
        node.raise("b", "1");
        assertThat(queues("a").messages()).isEmpty();
        assertThat(queues("b").activities()).isEmpty();
        assertThat(queues("b").timers()).isEmpty();
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> queues("nobody"));
    }

    // ---- definitions

    @Test
    void definitions_areCountedByNameVersionAndStatus() {
        assertThat(management().listDefinitions()).isEmpty();
        node.begin("a1").commit();
        node.begin("a2").commit();
        node.begin("a3").complete("1").commit();
        node.begin("a4").version("2").commit();
        node.send(new WorkItem.StartOrchestration("b", "run", "Bills", "", "{}", null));
        assertThat(management().listDefinitions())
                .containsExactly(
                        new DefinitionUse("Bills", "", Status.PENDING, 1),
                        new DefinitionUse("Orders", "1", Status.RUNNING, 2),
                        new DefinitionUse("Orders", "1", Status.COMPLETED, 1),
                        new DefinitionUse("Orders", "2", Status.RUNNING, 1));
    }

    // ---- activity queues

    @Test
    void activityQueues_areCountedByName() {
        assertThat(management().listActivityQueues()).isEmpty();
        TestTurn turn = node.begin("a");
        turn.schedule(named(turn, "Charge", 30), false)
                .schedule(named(turn, "Ship", 20), false)
                .schedule(named(turn, "Ship", 10), false)
                .commit();
        assertThat(management().listActivityQueues())
                .containsExactly(
                        new ActivityQueue("Ship", 2, 0, TestClock.START.plusSeconds(10), null, false),
                        new ActivityQueue("Charge", 1, 0, TestClock.START.plusSeconds(30), null, false));
    }

    @Test
    void activityQueues_countTheLeasedAndThoseThatFailed() {
        TestTurn turn = node.begin("a");
        turn.schedule(named(turn, "Ship", 0), false)
                .schedule(named(turn, "Ship", 1), false)
                .schedule(named(turn, "Ship", 2), false)
                .commit();
        List<LeasedWork> leased = node.dequeue(2, TestNode.LONG);
        assertThat(leased).hasSize(2);
        provider.abandonWorker(leased.getFirst().lease(), WorkAbandonment.retry(HOUR, FAILURE, null));
        Instant next = TestClock.START.plus(HOUR);
        assertThat(management().listActivityQueues())
                .containsExactly(new ActivityQueue("Ship", 3, 1, TestClock.START, next, false));
        node.complete(leased.getLast(), "1");
        assertThat(management().listActivityQueues())
                .containsExactly(new ActivityQueue("Ship", 2, 1, TestClock.START, next, false));
    }

    // ---- activities

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000})
    void activities_inPages_areThoseThatFitInTheOrderOfTheQueue(int limit) {
        TestTurn first = node.begin("a");
        first.schedule(named(first, "Ship", 0), false)
                .schedule(named(first, "Bill", 0), false)
                .commit();
        TestTurn second = node.begin("b");
        second.schedule(named(second, "Ship", 0), false)
                .schedule(named(second, "Ship", 0), false)
                .commit();
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(HOUR, FAILURE, null));
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.waiting(HOUR, FAILURE));
        ActivityQuery all = ActivityQuery.ALL;
        assertThat(places(all, limit)).containsExactly("a 2", "a 3", "b 2", "b 3");
        assertThat(places(all.withActivity("Ship"), limit)).containsExactly("a 2", "b 2", "b 3");
        assertThat(places(all.withRetryingOnly(true), limit)).containsExactly("a 2", "a 3");
        assertThat(places(all.withActivity("Bill").withRetryingOnly(true), limit))
                .containsExactly("a 3");
        assertThat(places(all.withActivity("ship' OR 1=1 --"), limit)).isEmpty();
    }

    private List<String> places(ActivityQuery query, int limit) {
        return walk(limit, page -> management().listActivities(query, page)).stream()
                .map(its -> its.instance() + " " + its.scheduledId())
                .toList();
    }

    @Test
    void activities_showWhatTheirInstancesQueuesShow() {
        TestTurn turn = node.begin("a");
        turn.schedule(named(turn, "Ship", 0), false)
                .schedule(named(turn, "Ship", 1), false)
                .commit();
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(HOUR, FAILURE, null));
        node.dequeueOne();
        List<ActivityInfo> listed = management()
                .listActivities(ActivityQuery.ALL, PageRequest.first(10))
                .items();
        assertThat(listed)
                .isEqualTo(management().getInstanceQueues("a").activities().stream()
                        .map(ActivityInfo::of)
                        .toList());
        assertThat(listed.getFirst())
                .isEqualTo(new ActivityInfo(
                        "a", "run-a", 1, 2, "Ship", TestClock.START, 2, 0, TestClock.START.plus(HOUR), FAILURE, null));
    }

    @Test
    void activities_badCursor_isRefused() {
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> management()
                        .listActivities(ActivityQuery.ALL, PageRequest.first(1).after("x'")));
    }

    private static WorkItem.ActivityExecute named(TestTurn turn, String name, int second) {
        WorkItem.ActivityExecute work = TestNode.activity(turn.item(), 1, turn.next());
        return new WorkItem.ActivityExecute(
                work.instance(),
                work.runId(),
                work.executionId(),
                work.scheduledId(),
                name,
                work.input(),
                work.options(),
                TestClock.START.plusSeconds(second));
    }

    // ---- what is overdue

    @Test
    void overdue_timersAndDelayedMessages_thoseThatFellDueFirstComeFirst() {
        node.begin("late").timer(HOUR.multipliedBy(2)).commit();
        node.begin("latest").timer(HOUR).commit();
        node.send(new WorkItem.StartOrchestration("later", "run", "Orders", "", "{}", null), HOUR.plusMinutes(30));
        node.begin("in-time").timer(HOUR.multipliedBy(4)).commit();
        node.begin("waiting").schedule().commit();
        assertThat(management().listOverdue(10)).isEmpty();
        move(HOUR.multipliedBy(3));
        assertThat(overdue(10))
                .containsExactly(
                        entry("latest", TestClock.START.plus(HOUR)),
                        entry("later", TestClock.START.plus(HOUR).plusSeconds(1_800)),
                        entry("late", TestClock.START.plus(HOUR).plus(HOUR)));
        assertThat(overdue(2)).hasSize(2);
        assertThat(management().listOverdue(1).getFirst().instance())
                .isEqualTo(management().getInstanceSummary("latest"));
    }

    @Test
    void overdue_severalTimersOfOne_areOne() {
        node.begin("a").timer(HOUR.multipliedBy(2)).timer(HOUR).commit();
        move(HOUR.multipliedBy(3));
        assertThat(overdue(10)).containsExactly(entry("a", TestClock.START.plus(HOUR)));
    }

    @Test
    void overdue_startThatNobodyTook_isListedSinceItCame() {
        node.start("a");
        move(HOUR);
        assertThat(overdue(10)).containsExactly(entry("a", TestClock.START));
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(management().listOverdue(10)).isEmpty();
    }

    @Test
    void overdue_taken_isOverdueNoMore() {
        node.begin("a").timer(HOUR).commit();
        move(HOUR.multipliedBy(2));
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(management().listOverdue(10)).isEmpty();
    }

    @Test
    void overdue_stuck_isNotListed() {
        TestTurn turn = node.begin("a").timer(HOUR).keep();
        turn.commit();
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.stuck(HOUR.multipliedBy(9), "differs"));
        move(HOUR.multipliedBy(2));
        assertThat(management().listOverdue(10)).isEmpty();
    }

    @Test
    void overdue_badLimit_isRefused() {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().listOverdue(0));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().listOverdue(PageRequest.MAX_LIMIT + 1));
    }

    private List<Map.Entry<String, Instant>> overdue(int limit) {
        return management().listOverdue(limit).stream()
                .map(its -> entry(its.instance().instance(), its.dueAt()))
                .toList();
    }

    // ---- nodes

    @Test
    void nodes_thatHoldSomething_areAliveAndSayHowMuch() {
        node.begin("a").schedule().schedule().keep().commit();
        node.dequeueOne();
        List<NodeInfo> living =
                management().listNodes().stream().filter(NodeInfo::alive).toList();
        assertThat(living).isNotEmpty();
        assertThat(living.stream().mapToLong(NodeInfo::instances).sum()).isEqualTo(1);
        assertThat(living.stream().mapToLong(NodeInfo::activities).sum()).isEqualTo(1);
        node.release();
        assertThat(management().listNodes().stream()
                        .mapToLong(its -> its.instances() + its.activities())
                        .sum())
                .isZero();
    }

    @Test
    @Needs({Trait.SEVERAL_PROVIDERS, Trait.CRASHES})
    void nodes_theLivingComeFirst() {
        TestNode other = bench.join("other");
        node.begin("a").commit();
        bench.crash(node);
        bench.moveToTakeover();
        goOnWith(other);
        node.fetch();
        List<NodeInfo> nodes = management().listNodes();
        assertThat(nodes.getFirst().alive()).isTrue();
        assertThat(nodes.stream().map(NodeInfo::alive).toList()).isSortedAccordingTo((a, b) -> Boolean.compare(b, a));
    }

    // ---- dead letters

    private void bury(int count) {
        for (int i = 0; i < count; i++) {
            node.begin("i" + i)
                    .send(TestNode.raised("nobody", "" + i))
                    .complete("1")
                    .commit();
            move(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void deadLetters_inPages_newestFirst(int limit) {
        assertThat(management().listDeadLetters(PageRequest.first(limit))).isEqualTo(Page.empty());
        bury(7);
        List<DeadLetterInfo> all = walk(limit, page -> management().listDeadLetters(page));
        assertThat(all).extracting(DeadLetterInfo::key).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(letter -> JsonText.toWork(letter.message()))
                .isEqualTo(IntStream.range(0, 7)
                        .mapToObj(i -> (WorkItem) TestNode.raised("nobody", "" + (6 - i)))
                        .toList());
        DeadLetterInfo first = all.getLast();
        assertThat(first.instance()).isEqualTo("nobody");
        assertThat(first.runId()).isNull();
        assertThat(first.reason()).isEqualTo(DeadLetter.NO_SUCH_RUN);
        assertThat(first.at()).isEqualTo(TestClock.START);
    }

    @Test
    void deadLetters_badCursor_isRefused() {
        for (String cursor : NO_CURSORS) {
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().listDeadLetters(new PageRequest(10, cursor)));
        }
    }

    @Test
    @Needs(Trait.CHANGES)
    void deadLetters_deleted_areGoneAndUnknownOnesIgnored() {
        bury(4);
        bench.ledger.forget("nobody");
        List<Long> keys = walk(10, page -> management().listDeadLetters(page)).stream()
                .map(DeadLetterInfo::key)
                .toList();
        assertThat(management().deleteDeadLetters(List.of(keys.get(1), keys.get(2), 987_654_321L)))
                .isEqualTo(2);
        assertThat(walk(10, page -> management().listDeadLetters(page)))
                .extracting(DeadLetterInfo::key)
                .containsExactly(keys.getFirst(), keys.getLast());
        assertThat(management().deleteDeadLetters(keys)).isEqualTo(2);
        assertThat(management().deleteDeadLetters(keys)).isZero();
        assertThat(management().deleteDeadLetters(List.of())).isZero();
        assertThat(management().getQueueDepths().deadLetters()).isZero();
    }

    // ---- exports, and what a start carries

    @Test
    void export_unknown_isTold() {
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().exportInstance("nobody"));
    }

    @Test
    void export_saysWhatTheOtherViewsSay() {
        node.begin("a").notes(2).continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).schedule().timer(HOUR).commit();
        node.raise("a", "1");
        var export = management().exportInstance("a");
        assertThat(export.instance()).isEqualTo(management().getInstanceSummary("a"));
        assertThat(export.queues()).isEqualTo(queues("a"));
        assertThat(export.executions()).hasSize(2);
        assertThat(export.executions().getFirst().events()).isEqualTo(provider.readWithExecution("a", 1));
        assertThat(export.executions().getLast().events()).isEqualTo(provider.readWithExecution("a", 2));
        assertThat(JsonText.toExport(JsonText.ofExport(export))).isEqualTo(export);
    }

    @Test
    void export_ofOneThatIsHeld_saysNothingOfLeases() {
        node.begin("a").schedule().keep().commit();
        node.dequeueOne();
        var export = management().exportInstance("a");
        assertThat(export.queues().leasedTo()).isNull();
        assertThat(export.queues().activities().getFirst().leasedTo()).isNull();
    }

    @Test
    void start_withAttributesAndAFork_comesAsItWasSent() {
        WorkItem.StartOrchestration start = fork("a", null);
        node.send(start);
        assertThat(queues("a").messages()).containsExactly(new QueuedMessage(start, null));
        var item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(start);
        TestTurn.of(node, item).send(fork("b", "by a turn")).commit();
        assertThat(TestNode.works(node.fetchOne())).containsExactly(fork("b", "by a turn"));
    }

    private static WorkItem.StartOrchestration fork(String instance, @Nullable String note) {
        List<Event> past = List.of(
                new Event.OrchestrationStarted(1, TestTurn.AT, "Orders", "1", "{}", null),
                new Event.CustomStatusSet(2, TestTurn.AT, note));
        return new WorkItem.StartOrchestration(
                instance,
                "run-" + instance,
                "Orders",
                "",
                "{}",
                null,
                Map.of("customer", "acme"),
                new WorkItem.Fork(new ForkOrigin("origin", "run-origin", 3, 2), past));
    }
}
