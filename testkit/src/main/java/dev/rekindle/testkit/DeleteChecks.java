package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Instances that are deleted with all that belongs to them. */
@Needs({Trait.MANAGEMENT, Trait.CHANGES})
abstract class DeleteChecks extends Checks {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final DeleteOptions CAREFUL = DeleteOptions.CAREFUL;
    private static final DeleteOptions FORCE = CAREFUL.withForce(true);
    private static final DeleteOptions CASCADE = CAREFUL.withCascade(true);

    DeleteChecks(Bench bench) {
        super(bench);
    }

    private void end(String instance) {
        node.begin(instance).complete("1").commit();
    }

    /** A child that the first turn of its parent waits for; the parent rests. */
    private void startChild(String parent, String child) {
        node.send(TestNode.starting(child, new ParentLink(parent, "run-" + parent, 1, 1)));
    }

    private void refuse(ErrorCode code, DeleteOptions options, String... instances) {
        assertCode(code, () -> management().deleteInstances(List.of(instances), options));
    }

    // ---- what goes

    @Test
    void delete_anEndedOne_leavesNothingAndCounts() {
        node.begin("a").notes(2).continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).notes(3).complete("1").commit();
        assertThat(delete(CAREFUL, "a")).isEqualTo(new Deletion(1, 2, 9, 0));
        assertThat(provider.findInstance("a")).isEmpty();
        assertThat(provider.read("a")).isEmpty();
        assertThat(provider.readWithExecution("a", 1)).isEmpty();
        assertThat(provider.latestExecutionId("a")).isEmpty();
        assertThat(management().listInstances()).isEmpty();
        assertThat(management().getSystemMetrics().instancesByStatus()).isEmpty();
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management().getInstanceInfo("a"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.raise("a", "1"));
    }

    @Test
    void delete_forced_takesQueuesToo() {
        node.begin("a").schedule().schedule().timer(HOUR).commit();
        node.raise("a", "1");
        node.send(TestNode.raised("a", "later"), HOUR);
        assertThat(delete(FORCE, "a")).isEqualTo(new Deletion(1, 1, 4, 5));
        assertQueues(0, 0, 0, 0);
        assertThat(node.dequeue()).isEmpty();
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void delete_ofEachStatus_countsRight() {
        end("done");
        node.begin("failed").fail(new Failure("Boom", "no", null, false)).commit();
        node.settle("running");
        node.settle("held");
        management().suspendInstance("held", "on hold");
        node.send(TestNode.starting("pending", null), HOUR);
        assertThat(delete(CAREFUL, "done", "failed").instances()).isEqualTo(2);
        assertThat(management().getSystemMetrics().instancesByStatus())
                .isEqualTo(Map.of(Status.RUNNING, 1L, Status.SUSPENDED, 1L, Status.PENDING, 1L));
        assertThat(delete(FORCE, "running", "held", "pending").instances()).isEqualTo(3);
        assertThat(management().getSystemMetrics().instancesByStatus()).isEmpty();
    }

    @Test
    void delete_leavesOthersAlone() {
        node.begin("b").schedule().timer(HOUR).commit();
        end("a");
        node.raise("b", "1");
        delete(CAREFUL, "a");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        node.dequeueOne();
        assertQueues(1, 1, 1, 0);
    }

    @Test
    void delete_leavesDeadLetters() {
        node.begin("a").send(TestNode.raised("nobody", "1")).complete("1").commit();
        delete(CAREFUL, "a");
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void delete_nothing_isNothing() {
        assertThat(management().deleteInstances(List.of(), CAREFUL)).isEqualTo(Deletion.NONE);
    }

    @Test
    void delete_namedTwice_countsOnce() {
        end("a");
        assertThat(delete(CAREFUL, "a", "a").instances()).isEqualTo(1);
    }

    @Test
    void delete_hundredsAtOnce_areAllGone() {
        List<String> ids = IntStream.range(0, 300).mapToObj(i -> "i" + i).toList();
        ids.forEach(this::end);
        end("other");
        ids.forEach(bench.ledger::forget);
        assertThat(management().deleteInstances(ids, CAREFUL)).isEqualTo(new Deletion(300, 300, 600, 0));
        assertThat(management().listInstances()).containsExactly("other");
    }

    @Test
    void delete_moreThanAPage_isRefused() {
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> management().deleteInstances(Collections.nCopies(PageRequest.MAX_LIMIT + 1, "a"), CAREFUL));
    }

    @Test
    @Needs(Trait.QUERIES)
    void delete_itsAttributesAreGone() {
        node.send(new WorkItem.StartOrchestration(
                "a", "run-a", "Orders", "", "{}", null, Map.of("customer", "acme"), null));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        delete(CAREFUL, "a");
        InstanceQuery acme = InstanceQuery.ALL.withAttribute("customer", "acme");
        assertThat(walk(acme, 10)).isEmpty();
        end("a");
        assertThat(walk(acme, 10)).isEmpty();
        assertThat(management().getInstanceSummary("a").attributes()).isEmpty();
        assertThat(management().listDefinitions()).hasSize(1);
    }

    @Test
    @Needs(Trait.REOPENS)
    void deleted_isGoneAfterARestart() {
        node.begin("a").schedule().timer(HOUR).commit();
        end("b");
        delete(FORCE, "a");
        bench.close(node);
        goOnWith(bench.join("second"));
        assertThat(management().listInstances()).containsExactly("b");
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
        node.settle("a");
        assertHistory("a", 2);
    }

    // ---- what is refused

    @Test
    void delete_unknown_isToldAndDeletesNothing() {
        end("a");
        refuse(ErrorCode.INSTANCE_NOT_FOUND, CAREFUL, "nobody");
        refuse(ErrorCode.INSTANCE_NOT_FOUND, FORCE.withCascade(true), "a", "nobody");
        assertThat(find("a").output()).isEqualTo("1");
    }

    @Test
    void delete_oneThatHasNotEnded_isRefusedWithoutForce() {
        end("a");
        node.settle("b");
        refuse(ErrorCode.WRONG_STATUS, CAREFUL, "a", "b");
        refuse(ErrorCode.WRONG_STATUS, CASCADE, "b");
        assertThat(management().listInstances()).containsExactly("b", "a");
        assertHistory("a", 2);
        assertHistory("b", 2);
    }

    @Test
    void delete_repeated_isTold() {
        end("a");
        delete(CAREFUL, "a");
        refuse(ErrorCode.INSTANCE_NOT_FOUND, CAREFUL, "a");
    }

    // ---- children

    @Test
    void delete_aParent_isRefusedWithoutCascade() {
        node.settle("parent");
        startChild("parent", "child");
        refuse(ErrorCode.INSTANCE_HAS_CHILDREN, FORCE, "parent");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        refuse(ErrorCode.INSTANCE_HAS_CHILDREN, FORCE, "parent");
        assertThat(management().listInstances()).containsExactly("child", "parent");
    }

    @Test
    void delete_aParentWithItsChildrenNamed_isDone() {
        end("parent");
        startChild("parent", "child");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(delete(CAREFUL, "parent", "child").instances()).isEqualTo(2);
        assertThat(management().listInstances()).isEmpty();
    }

    @Test
    void delete_cascade_takesThreeLevels() {
        end("root");
        for (String id : List.of("a", "b")) {
            startChild("root", id);
            TestTurn.of(node, node.fetchOne()).complete("1").commit();
            startChild(id, id + "1");
            TestTurn.of(node, node.fetchOne()).complete("1").commit();
        }
        end("other");
        List.of("a", "b", "a1", "b1").forEach(bench.ledger::forget);
        assertThat(delete(CASCADE, "root")).isEqualTo(new Deletion(5, 5, 10, 0));
        assertThat(management().listInstances()).containsExactly("other");
    }

    @Test
    void delete_cascadeOverOneThatRuns_isRefusedWithoutForce() {
        end("root");
        startChild("root", "a");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        startChild("a", "a1");
        refuse(ErrorCode.WRONG_STATUS, CASCADE, "root");
        assertThat(management().listInstances()).hasSize(3);
        List.of("a", "a1").forEach(bench.ledger::forget);
        assertThat(delete(CASCADE.withForce(true), "root").instances()).isEqualTo(3);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void delete_aChildThatRuns_tellsItsParent() {
        node.settle("parent");
        startChild("parent", "child");
        TestTurn.of(node, node.fetchOne()).commit();
        delete(FORCE, "child");
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item))
                .containsExactly(ProviderErrors.childDeleted("child", new ParentLink("parent", "run-parent", 1, 1)));
        node.abandon(item);
    }

    @Test
    void delete_aChildThatHasEnded_tellsNobody() {
        node.settle("parent");
        startChild("parent", "child");
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        delete(CAREFUL, "child");
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void delete_aChildWhoseParentIsGone_harmsNothing() {
        end("parent");
        startChild("parent", "child");
        startChild("nobody", "orphan");
        delete(FORCE, "child", "orphan");
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void delete_aParentWithItsRunningChild_tellsNobody() {
        node.settle("parent");
        startChild("parent", "child");
        bench.ledger.forget("child");
        delete(FORCE.withCascade(true), "parent");
        assertThat(management().listInstances()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void delete_childrenOfAFormerRun_areNotItsChildren() {
        end("parent");
        node.send(TestNode.starting("child", new ParentLink("parent", "run-before", 1, 1)));
        delete(CAREFUL, "parent");
        assertThat(management().listInstances()).containsExactly("child");
    }

    // ---- former lives

    @Test
    void deleted_idIsFreeAndBeginsAnew() {
        node.begin("a").notes(3).schedule().timer(HOUR).commit();
        delete(FORCE, "a");
        node.send(new WorkItem.StartOrchestration("a", "run-2", "Bills", "7", "{}", null));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lastEventId()).isZero();
        assertThat(item.executionId()).isEqualTo(1);
        assertThat(item.start().orchestration()).isEqualTo("Bills");
        TestTurn.of(node, item).commit();
        assertHistory("a", 1);
        move(HOUR.multipliedBy(2));
        assertThat(node.fetch()).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void deleted_itsTurnUnderWay_writesNothing() {
        TestTurn turn = node.begin("a").note("\"late\"");
        delete(FORCE, "a");
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertThat(provider.findInstance("a")).isEmpty();
        node.settle("a");
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertHistory("a", 2);
    }

    @Test
    void deleted_itsActivitiesUnderWay_completeNothing() {
        node.begin("a").schedule().schedule().schedule().commit();
        List<LeasedWork> leased = node.dequeue(3, TestNode.LONG);
        delete(FORCE, "a");
        assertThat(provider.renewWorker(leased.get(0).lease(), "\"half\"")).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased.get(1), "1"));
        node.begin("a").schedule().commit();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased.get(0), "1"));
        provider.abandonWorker(leased.get(2).lease(), WorkAbandonment.handBack("\"half\""));
        assertThat(node.fetch()).isEmpty();
        LeasedWork fresh = node.dequeueOne();
        assertThat(fresh.heartbeat()).isNull();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void deleted_messagesOfItsRun_reachNobody() {
        node.settle("a");
        delete(FORCE, "a");
        node.send(new WorkItem.StartOrchestration("a", "run-2", "Orders", "", "{}", null));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND, () -> node.send(new WorkItem.RaiseEvent("a", "run-a", "channel", "1")));
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void deleted_whoWaitsForItsEnd_isTold() throws InterruptedException {
        node.settle("a");
        delete(FORCE, "a");
        assertThat(provider.awaitInstance("a", TestNode.LONG)).isEmpty();
    }

    @Test
    void delete_ofOneThatIsHeldInMemory_letsItsNodeGoOn() {
        node.begin("a").keep().scheduleHere().commit();
        delete(FORCE, "a");
        node.begin("b").schedule().commit();
        assertThat(node.dequeueOne().work().instance()).isEqualTo("b");
    }

    @Test
    @Needs({Trait.SEVERAL_PROVIDERS, Trait.SEVERAL_RUNNERS})
    void delete_byAnotherProcess_takesLeasesOfBothKinds() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        goOnWith(bench.join("operator"));
        delete(FORCE, "a");
        assertCode(ErrorCode.LEASE_LOST, turn.note("\"late\"")::commit);
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(leased, "1"));
        node.settle("a");
        assertHistory("a", 2);
    }

    @Test
    @Needs(Trait.SEVERAL_PROVIDERS)
    void delete_byAnotherProcess_isSeenByTheRunner() {
        node.begin("a").timer(HOUR).schedule().commit();
        TestNode runner = node;
        goOnWith(bench.join("operator"));
        delete(FORCE, "a");
        assertThat(runner.provider().findInstance("a")).isEmpty();
        assertThat(runner.dequeue()).isEmpty();
        node.start("a");
        assertThat(TestNode.works(runner.fetchOne())).containsExactly(TestNode.starting("a", null));
    }

    // ---- races

    @Test
    void delete_racingItsTurn_eitherIsWhole() {
        for (int i = 0; i < 20; i++) {
            String id = "i" + i;
            bench.ledger.forget(id);
            TestTurn turn = node.begin(id).schedule().timer(HOUR);
            AtomicBoolean deleted = new AtomicBoolean();
            Crowd.winners(2, worker -> () -> {
                if (worker == 0) {
                    turn.commit();
                } else {
                    management().deleteInstances(List.of(id), FORCE);
                    deleted.set(true);
                }
            });
            assertThat(deleted).isTrue();
            assertThat(provider.findInstance(id)).isEmpty();
        }
        assertQueues(0, 0, 0, 0);
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void delete_racingAStartOfTheSameId_neverMixesThem() {
        for (int i = 0; i < 20; i++) {
            String id = "i" + i;
            bench.ledger.forget(id);
            end(id);
            Crowd.winners(2, worker -> () -> {
                if (worker == 0) {
                    management().deleteInstances(List.of(id), CAREFUL);
                } else {
                    node.start(id);
                }
            });
            provider.findInstance(id)
                    .ifPresent(found -> assertThat(provider.read(id)).isEmpty());
            node.fetch().forEach(item -> TestTurn.of(node, item).complete("1").commit());
        }
    }

    @Test
    void delete_ofTheSameByMany_oneWins() {
        end("a");
        bench.ledger.forget("a");
        assertThat(Crowd.winners(10, i -> () -> management().deleteInstances(List.of("a"), CAREFUL)))
                .isEqualTo(1);
        assertThat(management().getSystemMetrics().instancesByStatus()).isEmpty();
    }
}
