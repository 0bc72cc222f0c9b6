package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ActivityOptions;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each thing that may be wrong with a store is found by the oracle, and nothing in a sound one. */
class OracleTest {
    private static final Instant AT = TestClock.START;

    private final Ledger ledger = new Ledger();
    private final TreeMap<Long, List<Event>> histories = new TreeMap<>(Map.of(1L, List.of()));
    private final List<StoredMessage> messages = new ArrayList<>();
    private final List<StoredTimer> timers = new ArrayList<>();
    private final List<StoredActivity> activities = new ArrayList<>();
    private final List<String> orphans = new ArrayList<>();
    private final List<TurnCommit.DeadLetter> deadLetters = new ArrayList<>();
    private Status status = Status.RUNNING;
    private long execution = 1;
    private @Nullable String leasedTo;

    private void history(Event... events) {
        histories.put(execution, List.of(events));
    }

    private static Event started(long id) {
        return new Event.OrchestrationStarted(id, AT, "Orders", "1", "{}", null);
    }

    private static Event scheduled(long id) {
        return new Event.ActivityScheduled(id, AT, "Ship", "{}");
    }

    private static StoredActivity queued(long executionId, long scheduledId) {
        return new StoredActivity(
                new WorkItem.ActivityExecute(
                        "a", "run-a", executionId, scheduledId, "Ship", "{}", ActivityOptions.DEFAULT, AT),
                1,
                null);
    }

    private static StoredMessage raised(String payload) {
        return new StoredMessage(TestNode.raised("a", payload), null);
    }

    private StoreImage image() {
        InstanceSnapshot snapshot = new InstanceSnapshot(
                "a",
                "run-a",
                "Orders",
                "1",
                status,
                execution,
                status == Status.COMPLETED ? "1" : null,
                null,
                null,
                null,
                AT,
                status.isTerminal() ? AT : null);
        return new StoreImage(
                List.of(new StoredInstance(snapshot, histories, messages, timers, activities, leasedTo)),
                orphans,
                deadLetters,
                Map.of(status, 1L));
    }

    private void assertFinds(String problem) {
        assertThat(Oracle.problems(image(), ledger)).anyMatch(found -> found.contains(problem));
        assertThatThrownBy(() -> Oracle.judge(image(), ledger)).isInstanceOf(AssertionError.class);
    }

    @Test
    void sound_store_hasNoProblems() {
        history(started(1), scheduled(2), new Event.TimerCreated(3, AT, AT));
        activities.add(queued(1, 2));
        timers.add(new StoredTimer(1, 3, AT));
        messages.add(raised("1"));
        leasedTo = "node";
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
    }

    @Test
    void gap_inAHistory_isFound() {
        history(started(1), scheduled(3));
        assertFinds("event 2 has the id 3");
    }

    @Test
    void completion_twice_isFound() {
        history(
                started(1),
                scheduled(2),
                new Event.ActivityCompleted(3, AT, 2, "1"),
                new Event.ActivityCompleted(4, AT, 2, "1"));
        assertFinds("completed twice");
    }

    @Test
    void history_goingOnAfterItsEnd_isFound() {
        history(started(1), new Event.OrchestrationCompleted(2, AT, "1"), scheduled(3));
        assertFinds("goes on after its outcome");
    }

    @Test
    void execution_withoutItsEnd_isFound() {
        history(started(1));
        execution = 2;
        history(started(1));
        assertFinds("execution 1 of 2 does not end by continuing");
    }

    @Test
    void execution_thatWasPruned_isNoProblem() {
        histories.clear();
        execution = 3;
        history(started(1));
        assertFinds("execution 1 of 3 does not end by continuing");
        ledger.forget("a");
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
        assertThat(Oracle.problems(image(), Ledger.ofAStranger())).isEmpty();
    }

    @Test
    void reopened_history_isJudgedWithoutWhatIsVoid() {
        history(
                started(1),
                scheduled(2),
                new Event.ActivityCompleted(3, AT, 2, "1"),
                new Event.OrchestrationTerminated(4, AT, "enough"),
                new Event.OrchestrationReopened(5, AT, 3),
                new Event.ActivityCompleted(6, AT, 2, "2"));
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
        history(
                started(1),
                new Event.OrchestrationTerminated(2, AT, "enough"),
                new Event.OrchestrationReopened(3, AT, 2),
                scheduled(4),
                new Event.OrchestrationTerminated(5, AT, "enough"),
                scheduled(6));
        assertFinds("goes on after its outcome");
    }

    @Test
    void reopened_beforeItsTurn_hasItsMessage() {
        history(started(1), scheduled(2), new Event.OrchestrationTerminated(3, AT, "enough"));
        assertFinds("has not ended, but its history has");
        messages.add(new StoredMessage(new WorkItem.ReopenInstance("a", "run-a", 1, 2, List.of()), null));
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
    }

    @Test
    void end_withoutItsOutcome_isFound() {
        history(started(1));
        status = Status.COMPLETED;
        assertFinds("its history ends null");
    }

    @Test
    void outcome_withoutTheEnd_isFound() {
        history(started(1), new Event.OrchestrationCompleted(2, AT, "1"));
        assertFinds("has not ended, but its history has");
    }

    @Test
    void leftovers_ofAnEndedInstance_areFound() {
        history(started(1), new Event.OrchestrationCompleted(2, AT, "1"));
        status = Status.COMPLETED;
        messages.add(raised("1"));
        timers.add(new StoredTimer(1, 3, AT));
        activities.add(queued(1, 2));
        leasedTo = "node";
        assertFinds("has ended with messages");
        assertFinds("has ended with timers");
        assertFinds("has ended with activities");
        assertFinds("is leased to node");
    }

    @Test
    void activity_withoutItsCommand_isFound() {
        history(started(1));
        activities.add(queued(1, 2));
        assertFinds("has an activity without an open command");
    }

    @Test
    void activity_queuedByATool_isNoProblem() {
        history(started(1));
        activities.add(queued(1, 2));
        ledger.loose(activities.getFirst().work());
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
    }

    @Test
    void activity_ofAnotherExecution_isFound() {
        history(started(1), scheduled(2));
        activities.add(queued(2, 2));
        assertFinds("has an activity of another run or execution");
    }

    @Test
    void timer_thatWasCancelled_isFound() {
        history(started(1), new Event.TimerCreated(2, AT, AT), new Event.TimerCancelled(3, AT, 2));
        timers.add(new StoredTimer(1, 2, AT));
        assertFinds("has a timer without an open command");
    }

    @Test
    void command_ofWhichNothingIsLeft_isFound() {
        history(started(1), scheduled(2));
        assertFinds("waits for command 2");
    }

    @Test
    void opening_thatIsMissing_isFound() {
        history();
        assertFinds("messages that begin an execution");
    }

    @Test
    void message_thatWasAcceptedAndIsNowhere_isFound() {
        history(started(1));
        ledger.attempted(TestNode.raised("a", "1"));
        ledger.accepted(TestNode.raised("a", "1"));
        assertFinds("accepted 1 times, found 0 times");
        messages.add(raised("1"));
        assertThat(Oracle.problems(image(), ledger)).isEmpty();
        deadLetters.add(new TurnCommit.DeadLetter(TestNode.raised("a", "1"), "why"));
        assertFinds("sent 1 times, found 2 times");
    }

    @Test
    void orphans_andCountsThatDiffer_areFound() {
        history(started(1));
        orphans.add("message 7");
        assertFinds("orphan: message 7");
        StoreImage image = image();
        StoreImage wrong =
                new StoreImage(image.instances(), List.of(), List.of(), Map.of(Status.RUNNING, 1L, Status.FAILED, 1L));
        assertThat(Oracle.problems(wrong, ledger)).singleElement().asString().startsWith("status counts");
    }
}
