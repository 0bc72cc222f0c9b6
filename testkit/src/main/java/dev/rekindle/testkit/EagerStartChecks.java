package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that come into being together with their first turn. */
@Needs(Trait.EAGER_START)
abstract class EagerStartChecks extends Checks {
    EagerStartChecks(Bench bench) {
        super(bench);
    }

    @BeforeEach
    void beginToRun() {
        assertThat(node.fetch()).isEmpty();
    }

    private TestTurn beginning(String instance) {
        return node.beginning(TestNode.starting(instance, null));
    }

    private static EagerStart.Receipt started(TestTurn turn) {
        return turn.startEagerly().orElseThrow();
    }

    private static InstanceLease lease(EagerStart.Receipt receipt) {
        return Objects.requireNonNull(receipt.lease(), "no lease");
    }

    @Test
    void eagerStart_isThereWithItsTurn() {
        started(beginning("a").scheduleHere().keep());
        assertThat(find("a"))
                .isEqualTo(new InstanceSnapshot(
                        "a",
                        "run-a",
                        "Orders",
                        "1",
                        Status.RUNNING,
                        1,
                        null,
                        null,
                        null,
                        null,
                        bench.clock.instant(),
                        null));
        assertHistory("a", 2);
        assertThat(provider.latestExecutionId("a")).hasValue(1);
        assertQueues(0, 1, 0, 0);
    }

    @Test
    void eagerStart_nextTurnUnderItsLease_goesOn() {
        TestTurn turn = beginning("a").scheduleHere().keep();
        EagerStart.Receipt receipt = started(turn);
        turn.followUp()
                .under(lease(receipt))
                .consume(receipt.leased().getFirst())
                .complete("1")
                .commit();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertThat(find("a").output()).isEqualTo("1");
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void eagerStart_itsLeases_areOfThisRun() {
        EagerStart.Receipt receipt =
                started(beginning("a").scheduleHere().schedule().scheduleHere().keep());
        assertThat(lease(receipt).instance()).isEqualTo("a");
        assertThat(lease(receipt).runId()).isEqualTo("run-a");
        assertThat(receipt.leased()).extracting(WorkLease::scheduledId).containsExactly(2L, 4L);
        assertThat(receipt.leased()).allMatch(its -> its.runId().equals("run-a") && its.executionId() == 1);
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(3);
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void eagerStart_keptLease_nobodyElseGetsIt() {
        InstanceLease lease = lease(started(beginning("a").scheduleHere().keep()));
        node.raise("a", "1");
        assertThat(node.fetch()).isEmpty();
        provider.abandonOrchestrationItem(lease, Abandonment.QUIET);
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("1");
        assertThat(item.lastEventId()).isEqualTo(2);
        assertThat(item.start()).isEqualTo(new OrchestrationItem.Definition("Orders", "1", null));
    }

    @Test
    void eagerStart_leaseNotKept_waitsForAMessage() {
        EagerStart.Receipt receipt = started(beginning("a").schedule());
        assertThat(receipt.lease()).isNull();
        assertThat(receipt.leased()).isEmpty();
        assertThat(node.fetch()).isEmpty();
        node.complete(node.dequeueOne(), "1");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lastEventId()).isEqualTo(2);
        assertThat(TestNode.works(item)).singleElement().isInstanceOf(WorkItem.ActivityCompleted.class);
    }

    @Test
    void eagerStart_activityForTheCallerWithoutTheInstance_isTheCallers() {
        EagerStart.Receipt receipt = started(beginning("a").scheduleHere());
        assertThat(receipt.lease()).isNull();
        assertThat(node.dequeue()).isEmpty();
        WorkLease lease = receipt.leased().getFirst();
        assertThat(provider.renewWorker(lease, null)).isTrue();
        provider.ackWorker(lease, new WorkItem.ActivityCompleted("a", "run-a", 1, 2, "1"));
        assertThat(TestNode.works(node.fetchOne())).hasSize(1);
    }

    @Test
    void eagerStart_timer_firesAtItsTime() {
        started(beginning("a").timer(Duration.ofMinutes(2)).timer(Duration.ofMinutes(1)));
        assertQueues(0, 0, 2, 0);
        move(Duration.ofSeconds(59));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofSeconds(1));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 3));
    }

    @Test
    void eagerStart_timerUnderAKeptLease_firesWhenItEnded() {
        InstanceLease lease = lease(started(
                beginning("a").timer(Duration.ofMinutes(1)).scheduleHere().keep()));
        move(Duration.ofMinutes(1));
        assertThat(node.fetch()).isEmpty();
        provider.abandonOrchestrationItem(lease, Abandonment.QUIET);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 1, 2));
    }

    @Test
    void eagerStart_idTaken_isRefusedAndChangesNothing() {
        node.settle("a");
        InstanceSnapshot before = find("a");
        assertCode(
                ErrorCode.INSTANCE_EXISTS,
                () -> beginning("a")
                        .scheduleHere()
                        .schedule()
                        .timer(Duration.ofMinutes(1))
                        .keep()
                        .startEagerly());
        assertThat(find("a")).isEqualTo(before);
        assertHistory("a", 2);
        assertQueues(0, 0, 0, 0);
        node.raise("a", "1");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void eagerStart_idOfAnInstanceThatEnded_isRefused() {
        node.begin("a").complete("1").commit();
        InstanceSnapshot end = find("a");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> beginning("a").schedule().startEagerly());
        assertThat(find("a")).isEqualTo(end);
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void eagerStart_repeated_isRefusedAndTheFirstGoesOn() {
        TestTurn turn = beginning("a").scheduleHere().keep();
        EagerStart.Receipt receipt = started(turn);
        assertCode(ErrorCode.INSTANCE_EXISTS, turn::startEagerly);
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        turn.followUp().under(lease(receipt)).note("\"still mine\"").commit();
        assertHistory("a", 3);
    }

    @Test
    void eagerStart_manyAtOnceWithOneId_oneWins() {
        long winners = Crowd.winners(50, i -> () -> {
            if (i % 2 == 0) {
                node.start("a");
            } else {
                started(beginning("a").schedule());
            }
        });
        assertThat(winners).isEqualTo(1);
        boolean eager = find("a").status() == Status.RUNNING;
        assertQueues(eager ? 0 : 1, eager ? 1 : 0, 0, 0);
    }

    @Test
    void eagerStart_manyIdsAtOnce_allAreThereOnce() {
        assertThat(Crowd.winners(
                        100,
                        i -> () -> started(beginning("i" + i).scheduleHere().keep())))
                .isEqualTo(100);
        IntStream.range(0, 100).forEach(i -> assertHistory("i" + i, 2));
        assertQueues(0, 100, 0, 0);
    }

    @Test
    void eagerStart_messagesSentMeanwhile_areNotLost() {
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        Crowd.of(60, i -> () -> {
            if (i == 30) {
                return started(beginning("a")).leased().isEmpty();
            }
            String payload = "from " + i;
            try {
                node.raise("a", payload);
                return accepted.add(payload);
            } catch (RekindleException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
                return false;
            }
        });
        node.raise("a", "last");
        accepted.add("last");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactlyInAnyOrderElementsOf(accepted);
    }

    @Test
    void eagerStart_eventsOutOfOrder_isRefusedAndChangesNothing() {
        TestTurn turn = beginning("a").at(1, 1).note("\"third\"").schedule();
        assertCode(ErrorCode.INVALID_ARGUMENT, turn::startEagerly);
        assertThat(provider.findInstance("a")).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void eagerStart_withAParent_itsLinkTravelsWithTheItem() {
        ParentLink parent = new ParentLink("parent", "run-parent", 3, 14);
        started(node.beginning(TestNode.starting("a", parent)));
        node.raise("a", "1");
        assertThat(node.fetchOne().start().parent()).isEqualTo(parent);
    }

    @Test
    @Needs(Trait.QUERIES)
    void eagerStart_withAttributes_isFoundByThem() {
        Map<String, String> attributes = Map.of("customer", "c-17", "region", "north");
        started(node.beginning(
                new WorkItem.StartOrchestration("a", "run-a", "Orders", "", "{}", null, attributes, null)));
        assertThat(walk(InstanceQuery.ALL.withAttribute("customer", "c-17"), 10))
                .singleElement()
                .satisfies(its -> {
                    assertThat(its.attributes()).isEqualTo(attributes);
                    assertThat(its.startedAt()).isEqualTo(bench.clock.instant());
                });
    }

    @Test
    @Needs(Trait.MANAGEMENT)
    void eagerStart_isCountedWhereItIs() {
        started(beginning("a"));
        node.start("b");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> started(beginning("a")));
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("b"));
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> started(beginning("b")));
        assertThat(management().getSystemMetrics().instancesByStatus())
                .containsEntry(Status.RUNNING, 1L)
                .containsEntry(Status.PENDING, 1L);
    }

    @Test
    @Needs(Trait.CHANGES)
    void eagerStart_idOfADeletedInstance_isANewLife() {
        EagerStart.Receipt former = started(beginning("a").scheduleHere().keep());
        delete(DeleteOptions.CAREFUL.withForce(true), "a");
        TestTurn turn = node.beginning(new WorkItem.StartOrchestration("a", "second", "Orders", "", "{}", null))
                .scheduleHere()
                .keep();
        EagerStart.Receipt second = started(turn);
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> provider.ackWorker(
                        former.leased().getFirst(), new WorkItem.ActivityCompleted("a", "run-a", 1, 2, "1")));
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().under(lease(former)).note("\"x\"").commit());
        turn.followUp().under(lease(second)).note("\"y\"").commit();
        assertHistory("a", 3);
    }

    @Test
    void eagerStart_nodeReleased_givesEverythingBackWithoutADeath() {
        started(beginning("a").scheduleHere().keep());
        node.release();
        TestNode next = bench.node(provider, "next");
        LeasedWork work = next.dequeueOne();
        assertThat(work.nodeDeaths()).isZero();
        next.complete(work, "1");
        assertThat(next.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    @Needs(Trait.CRASHES)
    void eagerStart_nodeDied_itsLeasesAreFree() {
        started(beginning("a").scheduleHere().keep());
        bench.crash(node);
        bench.moveToTakeover();
        goOnWith(bench.join("next"));
        LeasedWork work = node.dequeueOne();
        assertThat(work.nodeDeaths()).isEqualTo(1);
        node.complete(work, "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(2);
    }

    @Test
    @Needs(Trait.SEVERAL_PROVIDERS)
    void eagerStart_onAProviderThatRunsNothing_isNotTaken() {
        TestNode quiet = bench.join("quiet");
        assertThat(quiet.beginning(TestNode.starting("a", null)).schedule().startEagerly())
                .isEmpty();
        assertThat(provider.findInstance("a")).isEmpty();
        assertThat(node.dequeue()).isEmpty();
    }

    @Test
    void eagerStart_thenContinuedAsNew_goesOnLikeAnyOther() {
        TestTurn turn = beginning("a").scheduleHere().keep();
        InstanceLease lease = lease(started(turn));
        turn.followUp().under(lease).continueAsNew("2").commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(node.dequeue()).isEmpty();
        TestTurn.of(node, item).complete("3").commit();
        assertThat(provider.readWithExecution("a", 1)).hasSize(3);
        assertThat(List.of(find("a").status(), find("a").executionId())).isEqualTo(List.of(Status.COMPLETED, 2L));
    }
}
