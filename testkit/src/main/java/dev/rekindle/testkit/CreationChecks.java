package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How instances come into being. */
abstract class CreationChecks extends Checks {
    CreationChecks(Bench bench) {
        super(bench);
    }

    @Test
    void start_thenFetch_givesTheStart() {
        node.start("a");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo("a");
        assertThat(item.lease().runId()).isEqualTo("run-a");
        assertThat(item.start()).isEqualTo(new OrchestrationItem.Definition("Orders", "", null));
        assertThat(item.executionId()).isEqualTo(1);
        assertThat(item.lastEventId()).isZero();
        assertThat(item.nodeDeaths()).isZero();
        assertThat(TestNode.works(item)).containsExactly(TestNode.starting("a", null));
    }

    @Test
    void start_beforeItsFirstTurn_isPending() {
        node.start("a");
        assertThat(find("a"))
                .isEqualTo(new InstanceSnapshot(
                        "a",
                        "run-a",
                        "Orders",
                        "",
                        Status.PENDING,
                        1,
                        null,
                        null,
                        null,
                        null,
                        bench.clock.instant(),
                        null));
        assertThat(provider.read("a")).isEmpty();
        assertThat(provider.readWithExecution("a", 1)).isEmpty();
        assertThat(provider.latestExecutionId("a")).hasValue(1);
    }

    @Test
    void start_withAVersion_travelsWithTheItem() {
        node.send(new WorkItem.StartOrchestration("a", "run-a", "Orders", "7.1", "{}", null));
        assertThat(find("a").version()).isEqualTo("7.1");
        assertThat(node.fetchOne().start().version()).isEqualTo("7.1");
    }

    @Test
    void start_withAParent_itsLinkTravelsWithTheItem() {
        ParentLink parent = new ParentLink("parent", "run-parent", 3, 14);
        node.send(TestNode.starting("a", parent));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.start().parent()).isEqualTo(parent);
        assertThat(TestNode.works(item)).containsExactly(TestNode.starting("a", parent));
    }

    @Test
    void start_idTaken_isRefusedAndChangesNothing() {
        node.start("a");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        assertQueues(1, 0, 0, 0);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("a", null));
    }

    @Test
    void start_idTakenByAnotherRun_leavesTheFirstAsItIs() {
        TestTurn turn = node.begin("a");
        InstanceSnapshot before = find("a");
        WorkItem.StartOrchestration rival =
                new WorkItem.StartOrchestration("a", "another run", "Invoices", "9", "[1]", null);
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.send(rival));
        assertThat(find("a")).isEqualTo(before);
        turn.note("\"still mine\"").commit();
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void start_idOfAnInstanceThatEnded_isRefused() {
        node.begin("a").complete("1").commit();
        InstanceSnapshot end = find("a");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        assertThat(find("a")).isEqualTo(end);
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void start_refusedWithADelay_leavesNothingForLater() {
        node.settle("a");
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> node.send(TestNode.starting("a", null), Duration.ofMinutes(1)));
        move(Duration.ofMinutes(2));
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void start_manyAtOnceWithOneId_oneWins() {
        assertThat(Crowd.winners(50, i -> () -> node.start("a"))).isEqualTo(1);
        assertQueues(1, 0, 0, 0);
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void start_manyIdsAtOnce_allAreThereOnce() {
        assertThat(Crowd.winners(100, i -> () -> node.start("i" + i))).isEqualTo(100);
        assertThat(node.fetch())
                .extracting(item -> item.lease().instance())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "i" + i).toList());
    }

    @Test
    void firstTurn_makesTheInstanceRunWithItsVersion() {
        node.begin("a");
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertThat(find("a").version()).isEqualTo("1");
        assertHistory("a", 1);
    }

    @Test
    void laterTurn_ofAnotherVersion_isRecorded() {
        node.begin("a").version("2").note("\"x\"").commit();
        assertThat(find("a").version()).isEqualTo("2");
        node.raise("a", "1");
        assertThat(node.fetchOne().start().version()).isEqualTo("2");
    }

    @Test
    void createdAt_isWhenItWasStartedWhateverComesLater() {
        move(Duration.ofSeconds(5));
        node.start("a");
        move(Duration.ofSeconds(5));
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").createdAt()).isEqualTo(TestClock.START.plusSeconds(5));
        assertThat(find("a").finishedAt()).isEqualTo(TestClock.START.plusSeconds(10));
    }

    @Test
    void unknownInstance_readsAsEmpty() throws Exception {
        assertThat(provider.read("nobody")).isEmpty();
        assertThat(provider.readWithExecution("nobody", 1)).isEmpty();
        assertThat(provider.latestExecutionId("nobody")).isEmpty();
        assertThat(provider.findInstance("nobody")).isEmpty();
        assertThat(provider.awaitInstance("nobody", TestNode.LONG)).isEmpty();
    }

    @Test
    void unknownExecution_readsAsEmpty() {
        node.settle("a");
        assertThat(provider.readWithExecution("a", 0)).isEmpty();
        assertThat(provider.readWithExecution("a", 2)).isEmpty();
        assertThat(provider.readWithExecution("a", -1)).isEmpty();
        assertThat(provider.readWithExecution("a", Long.MAX_VALUE)).isEmpty();
    }

    // ---- children

    @Test
    void sentStart_createsThePendingInstanceWithItsParent() {
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(TestNode.starting("child", link)).commit();
        assertThat(find("child").status()).isEqualTo(Status.PENDING);
        OrchestrationItem child = node.fetchOne();
        assertThat(child.start().parent()).isEqualTo(link);
        TestTurn.of(node, child)
                .send(new WorkItem.ChildCompleted("parent", link.runId(), 1, 2, "\"done\""))
                .complete("1")
                .commit();
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactly(new WorkItem.ChildCompleted("parent", link.runId(), 1, 2, "\"done\""));
    }

    @Test
    void sentStart_idTaken_failsForItsParent() {
        node.settle("child");
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"").send(TestNode.starting("child", link)).commit();
        assertThat(TestNode.works(node.fetchOne()))
                .singleElement()
                .isInstanceOfSatisfying(WorkItem.ChildFailed.class, failed -> {
                    assertThat(failed.instance()).isEqualTo("parent");
                    assertThat(failed.runId()).isEqualTo(link.runId());
                    assertThat(failed.executionId()).isEqualTo(1);
                    assertThat(failed.scheduledId()).isEqualTo(2);
                    assertThat(failed.failure().type()).isEqualTo("INSTANCE_EXISTS");
                });
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void sentStart_ofTheParentsOwnId_failsForIt() {
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"")
                .send(new WorkItem.StartOrchestration("parent", "another run", "Orders", "", "{}", link))
                .commit();
        assertThat(TestNode.works(node.fetchOne())).singleElement().isInstanceOf(WorkItem.ChildFailed.class);
    }

    @Test
    void sentStart_twiceInOneTurn_theSecondIsRefused() {
        TestTurn parent = node.begin("parent");
        ParentLink first = new ParentLink("parent", parent.lease().runId(), 1, 2);
        ParentLink second = new ParentLink("parent", parent.lease().runId(), 1, 3);
        parent.notes(2)
                .send(TestNode.starting("child", first))
                .send(TestNode.starting("child", second))
                .commit();
        List<OrchestrationItem> items = node.fetch();
        assertThat(items).extracting(item -> item.lease().instance()).containsExactlyInAnyOrder("child", "parent");
        for (OrchestrationItem item : items) {
            if (item.lease().instance().equals("child")) {
                assertThat(item.start().parent()).isEqualTo(first);
            } else {
                assertThat(TestNode.works(item))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                WorkItem.ChildFailed.class,
                                failed -> assertThat(failed.scheduledId()).isEqualTo(3));
            }
        }
    }

    @Test
    void sentStart_idTakenAndParentEndsWithTheTurn_tellsNobody() {
        node.settle("child");
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"")
                .send(TestNode.starting("child", link))
                .complete("1")
                .commit();
        assertThat(find("parent").status()).isEqualTo(Status.COMPLETED);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void sentStart_andMessageToItInOneTurn_bothArriveInOrder() {
        node.begin("parent")
                .note("\"child\"")
                .send(TestNode.starting("child", null))
                .send(TestNode.raised("child", "1"))
                .send(TestNode.raised("child", "2"))
                .commit();
        OrchestrationItem child = node.fetchOne();
        assertThat(TestNode.works(child).getFirst()).isInstanceOf(WorkItem.StartOrchestration.class);
        assertThat(TestNode.payloads(child)).containsExactly("1", "2");
    }

    @Test
    void sentStart_byTwoParentsAtOnce_oneGetsTheChild() {
        List<TestTurn> parents =
                IntStream.range(0, 20).mapToObj(i -> node.begin("p" + i)).toList();
        long committed = Crowd.winners(20, i -> () -> {
            ParentLink link = new ParentLink("p" + i, "run-p" + i, 1, 2);
            parents.get(i)
                    .note("\"child\"")
                    .send(TestNode.starting("child", link))
                    .commit();
        });
        assertThat(committed).isEqualTo(20);
        List<OrchestrationItem> items = node.fetch();
        assertThat(items).hasSize(20);
        assertThat(items)
                .filteredOn(item -> !item.lease().instance().equals("child"))
                .hasSize(19)
                .allSatisfy(item ->
                        assertThat(TestNode.works(item)).singleElement().isInstanceOf(WorkItem.ChildFailed.class));
    }
}
