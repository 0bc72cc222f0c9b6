package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Continue-as-new, and instances of several executions. */
abstract class ContinueAsNewChecks extends Checks {
    ContinueAsNewChecks(Bench bench) {
        super(bench);
    }

    @Test
    void continueAsNew_beginsAnEmptyHistoryWithItsMessageFirst() {
        TestTurn turn = node.begin("a");
        turn.schedule().timer(Duration.ofHours(1)).keep().commit();
        node.raise("a", "kept");
        turn.followUp().continueAsNew("2").commit();
        assertQueues(2, 0, 0, 0);
        assertThat(provider.read("a")).isEmpty();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(item.lastEventId()).isZero();
        assertThat(TestNode.works(item))
                .containsExactly(
                        new WorkItem.ContinueAsNew("a", "run-a", "Orders", "1", "2", null, List.of()),
                        TestNode.raised("a", "kept"));
        TestTurn.of(node, item).schedule().commit();
        assertHistory("a", 3);
        assertIds(provider.readWithExecution("a", 1), 4);
        assertThat(provider.latestExecutionId("a")).hasValue(2);
        assertThat(node.dequeueOne().work().executionId()).isEqualTo(2);
    }

    @Test
    void continueAsNew_inTheFirstTurn_works() {
        node.start("a");
        TestTurn.of(node, node.fetchOne()).continueAsNew("2").commit();
        assertThat(find("a").executionId()).isEqualTo(2);
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertIds(provider.readWithExecution("a", 1), 2);
        assertThat(node.fetchOne().lastEventId()).isZero();
    }

    @Test
    void continueAsNew_carriedMessages_comeAsTheyWere() {
        TestTurn turn = node.begin("a");
        node.raise("a", "in the queue");
        turn.continueAsNew("2", TestNode.raised("a", "carried 1"), TestNode.raised("a", "carried 2"))
                .commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item).getFirst())
                .isInstanceOfSatisfying(
                        WorkItem.ContinueAsNew.class,
                        next -> assertThat(next.carried())
                                .containsExactly(TestNode.raised("a", "carried 1"), TestNode.raised("a", "carried 2")));
        assertThat(TestNode.payloads(item)).containsExactly("in the queue");
        TestTurn.of(node, item).commit();
        assertThat(provider.read("a"))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("EventRaised", "EventRaised", "OrchestrationStarted", "EventRaised");
    }

    @Test
    void continueAsNew_messagesItDidNotConsume_stayInOrderBehindTheOpening() {
        node.settle("a");
        for (int i = 0; i < 5; i++) {
            node.raise("a", "" + i);
        }
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "5");
        TestTurn.on(node, item)
                .take(item.messages().get(0))
                .take(item.messages().get(2))
                .continueAsNew("2")
                .commit();
        OrchestrationItem next = node.fetchOne();
        assertThat(TestNode.works(next).getFirst()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(TestNode.payloads(next)).containsExactly("1", "3", "4", "5");
    }

    @Test
    void continueAsNew_cancellationInTheQueue_meetsTheNextExecution() {
        TestTurn turn = node.begin("a");
        node.send(new WorkItem.CancelInstance("a", "run-a", "why"));
        turn.continueAsNew("2").commit();
        assertThat(TestNode.works(node.fetchOne()))
                .hasSize(2)
                .last()
                .isEqualTo(new WorkItem.CancelInstance("a", "run-a", "why"));
    }

    @Test
    void continueAsNew_messageThatIsNotYetVisible_meetsTheNextExecution() {
        TestTurn turn = node.begin("a");
        node.send(TestNode.raised("a", "later"), Duration.ofMinutes(5));
        turn.continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).commit();
        move(Duration.ofMinutes(5));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(TestNode.payloads(item)).containsExactly("later");
    }

    @Test
    void continueAsNew_completionsInTheQueue_areDropped() {
        TestTurn turn = node.begin("a").schedule().timer(Duration.ofSeconds(1)).keep();
        turn.commit();
        node.complete(node.dequeueOne(), "1");
        node.send(new WorkItem.ChildCompleted("a", "run-a", 1, 77, "1"));
        move(Duration.ofSeconds(2));
        assertThat(node.fetch()).isEmpty();
        turn.followUp().continueAsNew("2").commit();
        assertThat(TestNode.works(node.fetchOne())).singleElement().isInstanceOf(WorkItem.ContinueAsNew.class);
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void continueAsNew_completionThatComesLater_isDropped() {
        TestTurn turn = node.begin("a").schedule().keep();
        turn.commit();
        turn.followUp().continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).commit();
        node.send(new WorkItem.ActivityCompleted("a", "run-a", 1, 2, "1"));
        node.send(new WorkItem.ChildFailed("a", "run-a", 1, 2, new Failure("Boom", "no", null, false)));
        node.begin("b")
                .note("\"x\"")
                .send(new WorkItem.ChildCompleted("a", "run-a", 1, 2, "1"))
                .commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void continueAsNew_completionOfAnExecutionToCome_isDropped() {
        node.settle("a");
        node.send(new WorkItem.ActivityCompleted("a", "run-a", 2, 2, "1"));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void continueAsNew_childRefusedInTheSameTurn_isNotToldToTheNextExecution() {
        node.settle("child");
        TestTurn parent = node.begin("parent");
        ParentLink link = new ParentLink("parent", parent.lease().runId(), 1, 2);
        parent.note("\"child\"")
                .send(TestNode.starting("child", link))
                .continueAsNew("2")
                .commit();
        assertThat(TestNode.works(node.fetchOne())).singleElement().isInstanceOf(WorkItem.ContinueAsNew.class);
    }

    @Test
    void continueAsNew_messageToItselfInTheSameTurn_meetsTheNextExecution() {
        node.begin("a")
                .send(TestNode.raised("a", "to whom I shall be"))
                .continueAsNew("2")
                .commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item).getFirst()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(TestNode.payloads(item)).containsExactly("to whom I shall be");
    }

    @Test
    void continueAsNew_activitiesUnderWay_areNoLongerWanted() {
        TestTurn turn = node.begin("a").scheduleHere().schedule().schedule().keep();
        WorkLease here = turn.commit().leased().getFirst();
        LeasedWork elsewhere = node.dequeue(1, Duration.ZERO).getFirst();
        turn.followUp().continueAsNew("2").commit();
        assertThat(provider.renewWorker(here, null)).isFalse();
        assertThat(provider.renewWorker(elsewhere.lease(), "{}")).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(elsewhere, "1"));
        assertThat(node.dequeue()).isEmpty();
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void continueAsNew_activityOfTheSameIdInBoth_theFirstCantCompleteTheSecond() {
        TestTurn turn = node.begin("a").schedule().keep();
        turn.commit();
        LeasedWork first = node.dequeueOne();
        turn.followUp().continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).schedule().commit();
        LeasedWork second = node.dequeueOne();
        assertThat(second.work().scheduledId()).isEqualTo(first.work().scheduledId());
        assertThat(second.work().executionId()).isEqualTo(2);
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(first, "\"old\""));
        assertThat(provider.renewWorker(first.lease(), null)).isFalse();
        node.complete(second, "\"new\"");
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactly(new WorkItem.ActivityCompleted("a", "run-a", 2, 2, "\"new\""));
    }

    @Test
    void continueAsNew_timerOfTheSameIdInBoth_onlyTheSecondFires() {
        node.begin("a")
                .timer(Duration.ofHours(1))
                .keep()
                .commitAndGoOn()
                .continueAsNew("2")
                .commit();
        TestTurn.of(node, node.fetchOne()).timer(Duration.ofHours(2)).commit();
        move(Duration.ofMinutes(90));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMinutes(30));
        assertThat(TestNode.works(node.fetchOne())).containsExactly(new WorkItem.TimerFired("a", "run-a", 2, 2));
    }

    @Test
    void continueAsNew_cancelInTheSecond_meansItsOwnIds() {
        node.begin("a").schedule().keep().commitAndGoOn().continueAsNew("2").commit();
        TestTurn turn =
                TestTurn.of(node, node.fetchOne()).schedule().schedule().keep().commitAndGoOn();
        turn.cancelActivity(2).commit();
        assertThat(node.dequeue())
                .singleElement()
                .satisfies(leased -> assertThat(leased.work().scheduledId()).isEqualTo(3));
    }

    @Test
    void continueAsNew_keepingTheLease_nobodyElseGetsTheInstance() {
        TestNode other = bench.node(provider, "other");
        TestTurn turn = node.begin("a").continueAsNew("2").keep();
        turn.commit();
        assertThat(other.fetch()).isEmpty();
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        assertThat(TestNode.works(other.fetchOne())).singleElement().isInstanceOf(WorkItem.ContinueAsNew.class);
    }

    @Test
    void continueAsNew_openingAbandoned_comesAgainFirst() {
        node.begin("a").continueAsNew("2").commit();
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "1");
        node.abandon(item);
        OrchestrationItem again = node.fetchOne();
        assertThat(TestNode.works(again).getFirst()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(TestNode.payloads(again)).containsExactly("1");
    }

    @Test
    void continueAsNew_repeated_isRefused() {
        TestTurn turn = node.begin("a").continueAsNew("2").keep();
        turn.commit();
        assertCode(ErrorCode.LEASE_LOST, turn::commit);
        assertThat(find("a").executionId()).isEqualTo(2);
    }

    @Test
    void continueAsNew_positionOfTheExecutionBefore_isStale() {
        TestTurn turn = node.begin("a").continueAsNew("2").keep();
        turn.commit();
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> turn.followUp().at(1, 2).note("\"x\"").keep().commit());
        assertIds(provider.readWithExecution("a", 1), 2);
        assertThat(provider.read("a")).isEmpty();
    }

    @Test
    void continueAsNew_parent_isKept() {
        ParentLink parent = new ParentLink("parent", "run-parent", 1, 2);
        node.send(TestNode.starting("child", parent));
        TestTurn.of(node, node.fetchOne()).continueAsNew("2").commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.start().parent()).isEqualTo(parent);
        TestTurn.of(node, item).continueAsNew("3").commit();
        assertThat(node.fetchOne().start().parent()).isEqualTo(parent);
    }

    @Test
    void continueAsNew_onAnotherVersion_isRecordedWithItsFirstTurn() {
        node.begin("a").continueAsNew("2.0", "2").commit();
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item).getFirst())
                .isInstanceOfSatisfying(
                        WorkItem.ContinueAsNew.class,
                        next -> assertThat(next.version()).isEqualTo("2.0"));
        TestTurn.of(node, item).commit();
        assertThat(find("a").version()).isEqualTo("2.0");
        assertThat(provider.read("a").getFirst())
                .isInstanceOfSatisfying(
                        Event.OrchestrationStarted.class,
                        started -> assertThat(started.version()).isEqualTo("2.0"));
    }

    @Test
    void continueAsNew_customStatus_isKept() {
        node.begin("a").customStatus("\"going on\"").continueAsNew("2").commit();
        assertThat(find("a").customStatus()).isEqualTo("\"going on\"");
    }

    @Test
    void continueAsNew_withActivitiesAndTimersInTheSameTurn_leavesNothingOfThem() {
        node.begin("a")
                .customStatus("1")
                .timer(Duration.ofSeconds(1))
                .keep()
                .commitAndGoOn()
                .send(TestNode.starting("spawned", null))
                .continueAsNew("2")
                .commit();
        assertQueues(2, 0, 0, 0);
        move(Duration.ofHours(1));
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactlyInAnyOrder("a", "spawned");
    }

    @Test
    void executions_many_eachKeepsItsOwnHistory() {
        TestTurn turn = node.begin("a");
        for (int execution = 2; execution <= 20; execution++) {
            turn.notes(execution).continueAsNew("" + execution).commit();
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.complete("\"the last\"").commit();
        assertThat(provider.latestExecutionId("a")).hasValue(20);
        for (int execution = 1; execution < 20; execution++) {
            assertIds(provider.readWithExecution("a", execution), execution + 3);
        }
        assertIds(provider.read("a"), 2);
        assertThat(provider.readWithExecution("a", 20)).isEqualTo(provider.read("a"));
        assertThat(find("a").output()).isEqualTo("\"the last\"");
        assertThat(find("a").createdAt()).isEqualTo(TestClock.START);
    }

    @Test
    void executions_manyInstancesContinueAtOnce_allGoOn() {
        List<TestTurn> turns =
                IntStream.range(0, 40).mapToObj(i -> node.begin("i" + i)).toList();
        assertThat(Crowd.winners(40, i -> () -> turns.get(i).continueAsNew("2").commit()))
                .isEqualTo(40);
        assertThat(node.fetch())
                .hasSize(40)
                .allSatisfy(item -> assertThat(item.executionId()).isEqualTo(2));
    }

    @Test
    void executions_messagesArriveWhileItContinues_noneIsLost() {
        TestTurn turn = node.begin("a");
        for (int execution = 2; execution <= 11; execution++) {
            TestTurn current = turn;
            String number = "" + execution;
            long accepted = Crowd.winners(5, i -> () -> {
                if (i == 4) {
                    current.continueAsNew(number).commit();
                } else {
                    node.raise("a", number + "." + i);
                }
            });
            assertThat(accepted).isEqualTo(5);
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.commit();
    }
}
