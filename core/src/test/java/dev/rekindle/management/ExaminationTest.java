package dev.rekindle.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.PendingWait.Kind;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = AT.plusSeconds(60);
    private static final InstanceQueues NOTHING = new InstanceQueues(null, null, List.of(), List.of(), List.of());
    private static final Failure FAILURE = new Failure("java.io.IOException", "no route", null, true);

    private static InstanceSummary summary(Status status, @Nullable String problem) {
        return new InstanceSummary(
                "order-1", "run", "Orders", "1.0", status, 1, null, null, problem, Map.of(), AT, AT, null);
    }

    private static Diagnosis examine(
            Status status, @Nullable String problem, InstanceQueues queues, boolean anyNode, Event... events) {
        return examine(status, problem, queues, new Examination.Nodes(anyNode, true), events);
    }

    private static Diagnosis examine(
            Status status, @Nullable String problem, InstanceQueues queues, Examination.Nodes nodes, Event... events) {
        return new Examination(summary(status, problem), null, queues, List.of(events), nodes, NOW).diagnosis();
    }

    private static InstanceQueues queued(int attempt, @Nullable Instant visibleAt, @Nullable String node) {
        return queued(attempt, visibleAt, attempt > 1 ? FAILURE : null, node);
    }

    private static InstanceQueues queued(
            int attempt, @Nullable Instant visibleAt, @Nullable Failure last, @Nullable String node) {
        WorkItem.ActivityExecute work =
                new WorkItem.ActivityExecute("order-1", "run", 1, 2, "Charge", "1", ActivityOptions.DEFAULT, AT);
        return new InstanceQueues(
                null,
                null,
                List.of(),
                List.of(new QueuedActivity(work, attempt, 0, visibleAt, last, null, node)),
                List.of());
    }

    private static final Event STARTED = new Event.OrchestrationStarted(1, AT, "Orders", "1.0", "1", null);
    private static final Event SCHEDULED = new Event.ActivityScheduled(2, AT, "Charge", "1");

    @Test
    void why_eventWithALimit_isOneWait() {
        Diagnosis why = examine(
                Status.RUNNING,
                null,
                NOTHING,
                true,
                STARTED,
                new Event.EventAwaited(2, AT, "approval"),
                new Event.TimerCreated(3, AT, AT.plusSeconds(3600)));
        assertThat(why.waits()).singleElement().satisfies(wait -> {
            assertThat(wait.kind()).isEqualTo(Kind.EVENT);
            assertThat(wait.subject()).isEqualTo("approval");
            assertThat(wait.since()).isEqualTo(AT);
            assertThat(wait.until()).isEqualTo(AT.plusSeconds(3600));
        });
        assertThat(why.headline()).isEqualTo("waits for an event on channel 'approval'");
    }

    @Test
    void why_eventThatCame_isNoWait() {
        Diagnosis why = examine(
                Status.RUNNING,
                null,
                NOTHING,
                true,
                STARTED,
                new Event.EventRaised(2, AT, "early", "1"),
                new Event.EventAwaited(3, AT, "early"),
                new Event.EventAwaited(4, AT, "late"),
                new Event.EventAwaited(5, AT, "late"),
                new Event.EventRaised(6, AT, "late", "1"));
        assertThat(why.waits()).extracting(PendingWait::eventId).containsExactly(5L);
    }

    @Test
    void why_failingActivity_comesFirstWithItsNextAttempt() {
        Diagnosis why = examine(
                Status.RUNNING,
                null,
                queued(4, NOW.plusSeconds(20), null),
                true,
                STARTED,
                SCHEDULED,
                new Event.ChildScheduled(3, AT, "child", "run-c", "Child", "", "1"));
        assertThat(why.waits()).extracting(PendingWait::kind).containsExactly(Kind.ACTIVITY, Kind.CHILD);
        PendingWait activity = why.waits().getFirst();
        assertThat(activity.until()).isEqualTo(NOW.plusSeconds(20));
        assertThat(activity.attempt()).isEqualTo(4);
        assertThat(activity.text())
                .isEqualTo(
                        "activity 'Charge' waits for its next attempt after 3 attempts failed: IOException: no route");
        assertThat(why.headline()).endsWith("; and 1 more");
    }

    @Test
    void why_activityWithoutCode_saysSoAndBlamesNoAttempt() {
        Failure noCode = Failure.of(ErrorCode.ACTIVITY_NOT_REGISTERED, "no code", true);
        Instant again = NOW.plusSeconds(5);
        Diagnosis why = examine(Status.RUNNING, null, queued(1, again, noCode, null), true, STARTED, SCHEDULED);
        assertThat(why.waits()).singleElement().satisfies(wait -> {
            assertThat(wait.kind()).isEqualTo(Kind.CODE);
            assertThat(wait.until()).isEqualTo(again);
            assertThat(wait.text())
                    .isEqualTo("activity 'Charge' waits for a node that has code for it; none that was asked has");
        });
        assertThat(text(queued(3, null, noCode, null), true))
                .isEqualTo("activity 'Charge' waits for a node that has code for it; none that was asked has, after 2"
                        + " attempts failed");
        assertThat(text(queued(1, again, noCode, null), false))
                .isEqualTo("activity 'Charge' waits for a node that has code for it; no node is alive");
        assertThat(text(queued(2, null, noCode, "node-7"), true))
                .isEqualTo("activity 'Charge' is running on node node-7 after 1 attempt failed");
    }

    @Test
    void why_activity_saysWhereItIs() {
        assertThat(text(queued(1, null, "node-7"), true)).isEqualTo("activity 'Charge' is running on node node-7");
        assertThat(text(queued(1, null, null), true))
                .isEqualTo("activity 'Charge' waits for a node that has code for it and room");
        Examination.Nodes elsewhere = new Examination.Nodes(true, false);
        assertThat(examine(Status.RUNNING, null, queued(1, null, null), elsewhere, STARTED, SCHEDULED)
                        .headline())
                .isEqualTo("activity 'Charge' is running, or waits for a node that has code for it");
        assertThat(text(queued(1, null, null), false))
                .isEqualTo("activity 'Charge' waits, and no node is alive to run it");
        assertThat(text(NOTHING, true)).isEqualTo("activity 'Charge' is not in the queue any more");
        InstanceQueues completed = new InstanceQueues(
                "node",
                null,
                List.of(new QueuedMessage(new WorkItem.ActivityCompleted("order-1", "run", 1, 2, "1"), null)),
                List.of(),
                List.of());
        assertThat(text(completed, true))
                .isEqualTo("activity 'Charge' has completed, and waits for a node to take a turn");
    }

    private static String text(InstanceQueues queues, boolean anyNode) {
        return examine(Status.RUNNING, null, queues, anyNode, STARTED, SCHEDULED)
                .waits()
                .getFirst()
                .text();
    }

    @Test
    void why_heldInstances_sayByWhom() {
        assertThat(examine(Status.SUSPENDED, "audit", NOTHING, true, STARTED).headline())
                .isEqualTo("waits to be resumed; it was suspended: audit");
        assertThat(examine(Status.STUCK, "HISTORY_MISMATCH differs", NOTHING, true, STARTED)
                        .waits()
                        .getFirst()
                        .kind())
                .isEqualTo(Kind.CODE);
        assertThat(examine(Status.STUCK, "TURN_BROKE_OFF died", NOTHING, true, STARTED)
                        .headline())
                .isEqualTo("waits to be tried again: TURN_BROKE_OFF died");
        assertThat(examine(Status.PENDING, "ORCHESTRATION_NOT_REGISTERED no code", NOTHING, true)
                        .waits())
                .singleElement()
                .satisfies(wait -> {
                    assertThat(wait.kind()).isEqualTo(Kind.CODE);
                    assertThat(wait.text())
                            .isEqualTo("waits for a node that has Orders 1.0: ORCHESTRATION_NOT_REGISTERED no code");
                });
    }

    @Test
    void why_messagesAndNobodyThere_saysSo() {
        InstanceQueues waiting = new InstanceQueues(
                null,
                null,
                List.of(
                        new QueuedMessage(new WorkItem.RaiseEvent("order-1", "run", "c", "1"), null),
                        new QueuedMessage(new WorkItem.RaiseEvent("order-1", "run", "c", "1"), NOW.plusSeconds(1))),
                List.of(),
                List.of());
        assertThat(examine(Status.PENDING, null, waiting, false).headline())
                .isEqualTo("a message waits, and no node is alive to take a turn");
    }

    @Test
    void why_ended_saysHow() {
        Diagnosis why = new Examination(
                        summary(Status.FAILED, null),
                        FAILURE,
                        NOTHING,
                        List.of(),
                        new Examination.Nodes(true, true),
                        NOW)
                .diagnosis();
        assertThat(why.headline()).isEqualTo("Failed: IOException: no route");
        assertThat(why.waits()).isEmpty();
    }
}
