package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Instances that leave a store as text and come back: each is deleted in between, so that nothing of it is left there. */
@Needs({Trait.MANAGEMENT, Trait.QUERIES, Trait.CHANGES})
abstract class ExportChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", "at Shop", true);
    private static final Duration HOUR = Duration.ofHours(1);

    ExportChecks(Bench bench) {
        super(bench);
    }

    /** Exports an instance, deletes it, and takes in what its text says. */
    private InstanceExport moveHouse(String instance) {
        InstanceExport export = management().exportInstance(instance);
        delete(DeleteOptions.CAREFUL.withForce(true), instance);
        management().importInstance(JsonText.toExport(JsonText.ofExport(export)));
        assertThat(management().exportInstance(instance)).isEqualTo(export);
        return export;
    }

    // ---- there and back

    @Test
    void imported_ended_isAsItWas() {
        node.send(new WorkItem.StartOrchestration(
                "a",
                "run-a",
                "Orders",
                "",
                "{}",
                new ParentLink("parent", "run-parent", 2, 7),
                Map.of("customer", "acme", "it's", "100%"),
                null));
        TestTurn.of(node, node.fetchOne())
                .customStatus("\"half\"")
                .continueAsNew("2")
                .commit();
        move(Duration.ofSeconds(5));
        TestTurn.of(node, node.fetchOne()).notes(3).complete("{\"total\": 7}").commit();
        var before = find("a");
        moveHouse("a");
        assertThat(find("a")).isEqualTo(before);
        assertThat(management().listExecutions("a")).containsExactly(1L, 2L);
        assertThat(management().listInstancesByStatus(Status.COMPLETED)).containsExactly("a");
        assertThat(management().getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.COMPLETED, 1L));
        assertThat(walk(InstanceQuery.ALL.withAttribute("it's", "100%").withParent("parent"), 10))
                .containsExactly(management().getInstanceSummary("a"));
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void imported_failed_hasItsFailureAndCanBeReopened() {
        node.begin("a").fail(FAILURE).commit();
        moveHouse("a");
        assertThat(find("a").failure()).isEqualTo(FAILURE);
        management().reopenInstance(new WorkItem.ReopenInstance("a", "run-a", 1, 2, List.of()), 2);
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
    }

    @Test
    void imported_pending_begins() {
        node.start("a");
        moveHouse("a");
        assertThat(find("a").status()).isEqualTo(Status.PENDING);
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(TestNode.starting("a", null));
        TestTurn.of(node, item).complete("1").commit();
    }

    @Test
    void imported_betweenExecutions_goesOn() {
        node.begin("a").continueAsNew("2", TestNode.raised("a", "carried")).commit();
        moveHouse("a");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        TestTurn.of(node, item).complete("1").commit();
        assertHistory("a", 3);
    }

    @Test
    void imported_running_goesOnWithItsMessagesInOrder() {
        node.settle("a");
        node.raise("a", "1");
        node.raise("a", "2");
        moveHouse("a");
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("1", "2");
        assertThat(item.lastEventId()).isEqualTo(2);
        TestTurn.of(node, item).schedule().commit();
        node.complete(node.dequeueOne(), "1");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
    }

    @Test
    void imported_delayedMessages_comeAtTheirTime() {
        node.settle("a");
        node.send(TestNode.raised("a", "later"), HOUR);
        moveHouse("a");
        assertThat(node.fetch()).isEmpty();
        move(HOUR);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("later");
    }

    @Test
    void imported_timers_fire() {
        node.begin("a").timer(HOUR).timer(HOUR.multipliedBy(3)).commit();
        InstanceExport export = management().exportInstance("a");
        delete(DeleteOptions.CAREFUL.withForce(true), "a");
        move(HOUR.multipliedBy(2));
        management().importInstance(export);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 2));
        node.release();
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(node.fetch()).isEmpty();
        move(HOUR);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 3));
    }

    @Test
    void imported_activities_keepAttemptsFailuresAndTimes() {
        node.begin("a").schedule().schedule().commit();
        provider.abandonWorker(node.dequeueOne().lease(), WorkAbandonment.retry(HOUR, FAILURE, "\"half\""));
        moveHouse("a");
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(3);
        assertThat(node.dequeue()).isEmpty();
        move(HOUR);
        LeasedWork put = node.dequeueOne();
        assertThat(put.attempt()).isEqualTo(2);
        assertThat(put.lastFailure()).isEqualTo(FAILURE);
        assertThat(put.heartbeat()).isEqualTo("\"half\"");
        node.complete(put, "1");
        assertThat(node.fetchOne().messages()).hasSize(1);
    }

    @Test
    void imported_leases_areFree() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        moveHouse("a");
        assertCode(ErrorCode.LEASE_LOST, turn.note("\"late\"")::commit);
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        node.raise("a", "1");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        assertThat(node.dequeueOne().work()).isEqualTo(leased.work());
    }

    @Test
    void imported_suspended_staysHeld() {
        node.settle("a");
        node.raise("a", "1");
        management().suspendInstance("a", "on hold");
        moveHouse("a");
        assertThat(node.fetch()).isEmpty();
        assertThat(find("a").problem()).isEqualTo("on hold");
        management().resumeInstance("a");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void imported_reopened_goesOn() {
        node.begin("a").fail(FAILURE).commit();
        management().reopenInstance(new WorkItem.ReopenInstance("a", "run-a", 1, 2, List.of()), 2);
        moveHouse("a");
        TestTurn.of(node, node.fetchOne()).commit();
        moveHouse("a");
        assertHistory("a", 3);
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void imported_pruned_staysPruned() {
        node.begin("a").continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).continueAsNew("3").commit();
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        management().pruneExecutions("a", 2);
        moveHouse("a");
        assertThat(management().listExecutions("a")).containsExactly(2L, 3L);
        assertThat(management().pruneExecutions("a", 1).executions()).isEqualTo(1);
    }

    @Test
    void imported_keepsItsPlaceInLists() {
        node.settle("a");
        move(HOUR);
        node.settle("b");
        moveHouse("a");
        assertThat(management()
                        .queryInstances(InstanceQuery.ALL, PageRequest.first(10))
                        .items())
                .extracting(InstanceSummary::instance)
                .containsExactly("b", "a");
    }

    @Test
    @Needs(Trait.REOPENS)
    void imported_isThereAfterARestart() {
        node.begin("a").timer(HOUR).schedule().commit();
        node.raise("a", "1");
        InstanceExport export = moveHouse("a");
        bench.close(node);
        goOnWith(bench.join("second"));
        assertThat(management().exportInstance("a")).isEqualTo(export);
        node.dequeueOne();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("1");
        TestTurn.of(node, item).commit();
        move(HOUR);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 2));
    }

    // ---- what is refused

    @Test
    void import_anIdThatIsTaken_isRefused() {
        node.settle("a");
        InstanceExport export = management().exportInstance("a");
        node.raise("a", "1");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> management().importInstance(export));
        assertQueues(1, 0, 0, 0);
        assertHistory("a", 2);
    }

    @Test
    void import_byManyAtOnce_oneWins() {
        node.settle("a");
        InstanceExport export = management().exportInstance("a");
        delete(DeleteOptions.CAREFUL.withForce(true), "a");
        assertThat(Crowd.winners(10, i -> () -> management().importInstance(export)))
                .isEqualTo(1);
        assertHistory("a", 2);
    }

    @Test
    void import_whatContradictsItself_isRefusedAndWritesNothing() {
        node.begin("a").schedule().timer(HOUR).commit();
        node.begin("b").complete("1").commit();
        node.raise("a", "1");
        InstanceExport good = management().exportInstance("a");
        InstanceExport ended = management().exportInstance("b");
        delete(DeleteOptions.CAREFUL.withForce(true), "a", "b");
        List<InstanceExport> bad = List.of(
                new InstanceExport(2, good.instance(), good.executions(), good.queues()),
                of(good, its -> with(its, Status.COMPLETED)),
                of(good, its -> with(its, Status.PENDING)),
                of(good, its -> with(its, Status.CONTINUED_AS_NEW)),
                of(ended, its -> with(its, Status.FAILED)),
                of(ended, its -> with(its, Status.RUNNING)),
                of(good, its -> inExecution(its, 2)),
                of(good, its -> inExecution(its, 0)),
                new InstanceExport(1, good.instance(), List.of(), good.queues()),
                new InstanceExport(1, good.instance(), ended.executions(), good.queues()),
                new InstanceExport(1, ended.instance(), ended.executions(), good.queues()),
                new InstanceExport(1, good.instance(), List.of(withGap(good)), good.queues()),
                new InstanceExport(1, good.instance(), good.executions(), withTimerOf(good, 2)));
        for (InstanceExport export : bad) {
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> management().importInstance(export));
        }
        assertThat(management().listInstances()).isEmpty();
        assertThat(management().getSystemMetrics().instancesByStatus()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    private static InstanceExport of(InstanceExport export, UnaryOperator<InstanceSummary> change) {
        return new InstanceExport(
                export.format(), change.apply(export.instance()), export.executions(), export.queues());
    }

    private static InstanceSummary with(InstanceSummary its, Status status) {
        return summary(its, status, its.executionId());
    }

    private static InstanceSummary inExecution(InstanceSummary its, long executionId) {
        return summary(its, its.status(), executionId);
    }

    private static InstanceSummary summary(InstanceSummary its, Status status, long executionId) {
        return new InstanceSummary(
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                status,
                executionId,
                its.parent(),
                its.customStatus(),
                its.problem(),
                its.attributes(),
                its.createdAt(),
                its.startedAt(),
                its.finishedAt());
    }

    private static ExecutionHistory withGap(InstanceExport export) {
        ExecutionHistory its = export.executions().getFirst();
        List<Event> events = its.events();
        return new ExecutionHistory(1, its.startedAt(), List.of(events.getFirst(), events.getLast()));
    }

    private static InstanceQueues withTimerOf(InstanceExport export, long executionId) {
        InstanceQueues its = export.queues();
        return new InstanceQueues(
                null,
                null,
                its.messages(),
                its.activities(),
                List.of(new QueuedTimer(executionId, 3, TestClock.START)));
    }
}
