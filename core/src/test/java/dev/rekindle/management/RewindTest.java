package dev.rekindle.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewindTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstanceSummary FAILED = new InstanceSummary(
            "order-1", "run", "Orders", "1.0", Status.FAILED, 2, null, null, null, Map.of(), AT, AT, AT);
    private static final Failure NO = new Failure("java.io.IOException", "no", null, true);
    private static final Failure OF_AN_ACTIVITY = Failure.of(ErrorCode.ACTIVITY_FAILED, "no", false);
    private static final Event STARTED = new Event.OrchestrationStarted(1, AT, "Orders", "1.0", "\"in\"", null);

    private static List<Event> saga() {
        return List.of(
                STARTED,
                new Event.ActivityScheduled(2, AT, "Reserve", "1"),
                new Event.ActivityScheduled(3, AT, "Charge", "1"),
                new Event.ActivityFailed(4, AT, 3, NO),
                new Event.ActivityScheduled(5, AT, "Undo", "1"),
                new Event.ActivityCompleted(6, AT, 2, "\"held\""),
                new Event.EventRaised(7, AT, "note", "\"kept\""),
                new Event.ActivityCompleted(8, AT, 5, "\"undone\""),
                new Event.OrchestrationFailed(9, AT, OF_AN_ACTIVITY));
    }

    @Test
    void retry_endedByAFailedActivity_goesBackInFrontOfItAndKeepsWhatCameSince() {
        Rewind rewind = Rewind.beforeTheEnd(FAILED, saga());
        assertThat(rewind.lastEventId()).isEqualTo(9);
        assertThat(rewind.message(List.of()))
                .isEqualTo(new WorkItem.ReopenInstance(
                        "order-1",
                        "run",
                        2,
                        4,
                        List.of(
                                new WorkItem.ActivityCompleted("order-1", "run", 2, 2, "\"held\""),
                                new WorkItem.RaiseEvent("order-1", "run", "note", "\"kept\""))));
    }

    @Test
    void retry_endedByTheCodeItself_isToldTheLastThingAgain() {
        List<Event> history = new ArrayList<>(saga());
        history.set(8, new Event.OrchestrationFailed(9, AT, NO));
        assertThat(Rewind.beforeTheEnd(FAILED, history).message(List.of()))
                .isEqualTo(new WorkItem.ReopenInstance(
                        "order-1",
                        "run",
                        2,
                        8,
                        List.of(new WorkItem.ActivityCompleted("order-1", "run", 2, 5, "\"undone\""))));
    }

    @Test
    void retry_terminated_takesBackTheEndOnly() {
        List<Event> history = new ArrayList<>(saga());
        history.set(8, new Event.OrchestrationTerminated(9, AT, "enough"));
        assertThat(Rewind.beforeTheEnd(FAILED, history).voidFrom()).isEqualTo(9);
    }

    @Test
    void retry_fromAnEvent_goesBackToWhatTheCodeWasTold() {
        assertThat(Rewind.before(FAILED, saga(), 5).voidFrom()).isEqualTo(4);
        assertThat(Rewind.before(FAILED, saga(), 6).voidFrom()).isEqualTo(6);
        assertThat(Rewind.before(FAILED, saga(), 2).message(List.of()).redelivered())
                .startsWith(new WorkItem.StartOrchestration("order-1", "run", "Orders", "1.0", "\"in\"", null));
        assertThatThrownBy(() -> Rewind.before(FAILED, saga(), 0))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void retry_whatWasReopenedBefore_countsOnlyWhatIsValid() {
        List<Event> history = new ArrayList<>(saga());
        history.add(new Event.OrchestrationReopened(10, AT, 4));
        history.add(new Event.ActivityFailed(11, AT, 3, NO));
        history.add(new Event.OrchestrationFailed(12, AT, OF_AN_ACTIVITY));
        Rewind rewind = Rewind.beforeTheEnd(FAILED, history);
        assertThat(rewind.voidFrom()).isEqualTo(11);
        assertThat(rewind.lastEventId()).isEqualTo(12);
    }

    @Test
    void retry_childThatFailed_isWaitedForAgain() {
        List<Event> history = List.of(
                STARTED,
                new Event.ChildScheduled(2, AT, "kid", "run-kid", "Kid", "", "1"),
                new Event.ChildScheduled(3, AT, "other", "run-other", "Kid", "", "1"),
                new Event.ChildFailed(4, AT, 2, NO),
                new Event.ChildCompleted(5, AT, 3, "1"),
                new Event.OrchestrationFailed(6, AT, Failure.of(ErrorCode.CHILD_FAILED, "no", false)));
        Rewind rewind = Rewind.beforeTheEnd(FAILED, history);
        assertThat(rewind.openChildren())
                .extracting(Event.ChildScheduled::instance)
                .containsExactly("kid");
        assertThat(rewind.message(List.of()).redelivered())
                .containsExactly(new WorkItem.ChildCompleted("order-1", "run", 2, 3, "1"));
    }
}
