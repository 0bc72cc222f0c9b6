package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.WorkItem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tools do outside of turns: append to a history, and put an activity into the queue. */
abstract class RepairChecks extends Checks {
    RepairChecks(Bench bench) {
        super(bench);
    }

    private static Event note(long id) {
        return new Event.CustomStatusSet(id, TestTurn.AT, "" + id);
    }

    @Test
    void append_instanceAtRest_addsToItsHistory() {
        node.settle("a");
        provider.appendWithExecution("a", 1, List.of(note(3), note(4)));
        assertHistory("a", 4);
        assertThat(provider.read("a")).last().isEqualTo(note(4));
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(4);
    }

    @Test
    void append_nothing_changesNothing() {
        node.settle("a");
        provider.appendWithExecution("a", 1, List.of());
        assertHistory("a", 2);
    }

    @Test
    void append_whileLeased_isRefused() {
        TestTurn turn = node.begin("a");
        assertCode(ErrorCode.LEASE_LOST, () -> provider.appendWithExecution("a", 1, List.of(note(2))));
        turn.note("\"x\"").commit();
        assertHistory("a", 2);
    }

    @Test
    void append_afterTheLeaseWasGivenBack_works() {
        TestTurn turn = node.begin("a");
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        provider.appendWithExecution("a", 1, List.of(note(2)));
        assertHistory("a", 2);
    }

    @Test
    void append_repeated_isRefused() {
        node.settle("a");
        provider.appendWithExecution("a", 1, List.of(note(3)));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 1, List.of(note(3))));
        assertHistory("a", 3);
    }

    @Test
    void append_idsThatDontFollow_writesNothing() {
        node.settle("a");
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 1, List.of(note(4))));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 1, List.of(note(3), note(5))));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 1, List.of(note(3), note(3))));
        assertHistory("a", 2);
    }

    @Test
    void append_notTheLatestExecution_isRefused() {
        node.begin("a").continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).commit();
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 1, List.of(note(3))));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> provider.appendWithExecution("a", 3, List.of(note(1))));
        provider.appendWithExecution("a", 2, List.of(note(2)));
        assertHistory("a", 2);
        assertIds(provider.readWithExecution("a", 1), 2);
    }

    @Test
    void append_unknownInstance_isRefused() {
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> provider.appendWithExecution("nobody", 1, List.of()));
    }

    @Test
    void append_oneAfterTheOther_asATurnBetween() {
        node.settle("a");
        provider.appendWithExecution("a", 1, List.of(note(3)));
        node.raise("a", "1");
        TestTurn.of(node, node.fetchOne()).commit();
        provider.appendWithExecution("a", 1, List.of(note(5)));
        assertHistory("a", 5);
    }

    @Test
    void append_manyAtOnce_oneWins() {
        node.settle("a");
        assertThat(Crowd.winners(10, i -> () -> provider.appendWithExecution("a", 1, List.of(note(3)))))
                .isEqualTo(1);
        assertHistory("a", 3);
    }

    // ---- work

    @Test
    void queue_activity_isThereForEveryone() {
        TestTurn turn = node.begin("a");
        WorkItem.ActivityExecute work = TestNode.activity(turn.item(), 1, 1);
        node.queue(work);
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.work()).isEqualTo(work);
        assertThat(leased.attempt()).isEqualTo(1);
        node.complete(leased, "\"repaired\"");
        turn.note("\"x\"").commit();
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(work, "\"repaired\""));
    }

    @Test
    void queue_repeated_leavesTheRowThatExists() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        node.queue(leased.work());
        assertThat(node.dequeue()).isEmpty();
        assertThat(provider.renewWorker(leased.lease(), null)).isTrue();
        node.complete(leased, "1");
        turn.note("\"x\"").commit();
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void queue_manyAtOnce_thereIsOne() {
        TestTurn turn = node.begin("a");
        WorkItem.ActivityExecute work = TestNode.activity(turn.item(), 1, 1);
        assertThat(Crowd.winners(10, i -> () -> node.queue(work))).isEqualTo(10);
        assertThat(node.dequeue()).hasSize(1);
    }

    @Test
    void queue_instanceUnknownOrEnded_isRefused() {
        TestTurn turn = node.begin("a");
        WorkItem.ActivityExecute work = TestNode.activity(turn.item(), 1, 1);
        turn.complete("1").commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.queue(work));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> node.queue(new WorkItem.ActivityExecute(
                        "nobody", "run", 1, 1, "Ship", "{}", work.options(), TestClock.START)));
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void queue_notTheLatestExecution_isRefused() {
        TestTurn turn = node.begin("a");
        turn.continueAsNew("2").commit();
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> node.queue(TestNode.activity(turn.item(), 1, 1)));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> node.queue(TestNode.activity(turn.item(), 3, 1)));
        assertQueues(1, 0, 0, 0);
    }
}
