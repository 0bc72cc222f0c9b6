package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.CancelledException;
import dev.rekindle.DurableFuture;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Activity<String, String> UNDO = Activity.named("Undo", String.class, String.class);
    private static final Orchestration<String, String> SELF =
            Orchestration.named("ProcessOrder", String.class, String.class);
    private static final Orchestration<String, String> CHILD = Orchestration.named("Child", String.class, String.class);

    @Test
    void cancel_codeLetsItThrough_endsCancelled() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal.start("x").cancels("changed my mind");
        TurnCommit.Transition.Finish finish =
                (TurnCommit.Transition.Finish) rehearsal.commit().transition();
        assertThat(finish.status()).isEqualTo(Status.CANCELLED);
        assertThat(finish.failure()).isNotNull();
        assertThat(rehearsal.commit().effects().cancelledActivities()).containsExactly(2L);
        assertThat(rehearsal.lastTurn().unwantedActivities()).containsExactly(2L);
    }

    @Test
    void cancel_everythingUnderWay_isWithdrawnInOrder() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> a = ctx.schedule(UPPER, "a");
            DurableFuture<Void> b = ctx.timer(Duration.ofDays(1));
            DurableFuture<String> c = ctx.event("c", String.class);
            DurableFuture<String> d = ctx.scheduleChild(CHILD, "d");
            return ctx.allOf(List.of(a, b, c, d)).await().toString();
        });
        rehearsal.start("x").cancels("stop");
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "CancelRequested",
                        "ActivityCancelled",
                        "TimerCancelled",
                        "EventWaitEnded",
                        "ChildCancelRequested",
                        "OrchestrationCancelled");
        assertThat(rehearsal.commit().effects().cancelledTimers()).containsExactly(3L);
        assertThat(rehearsal.commit().effects().messages()).singleElement().isInstanceOf(WorkItem.CancelInstance.class);
    }

    @Test
    void cancel_codeCompensatesInAShield_theCompensationRuns() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (CancelledException e) {
                ctx.shielded(() -> ctx.call(UNDO, e.reason()));
                throw e;
            }
        });
        rehearsal.start("x").cancels("stop");
        assertThat(rehearsal.commit().effects().activities())
                .singleElement()
                .satisfies(queued -> assertThat(queued.work().input()).isEqualTo("\"stop\""));
        rehearsal.cancels("really stop");
        assertThat(rehearsal.commit().effects().cancelledActivities()).isEmpty();
        rehearsal.completes(5, "undone");
        assertThat(rehearsal.history().getLast()).isInstanceOf(Event.OrchestrationCancelled.class);
    }

    @Test
    void cancel_codeWaitsAgainOutsideAShield_isCancelledAgain() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (CancelledException e) {
                return ctx.call(UNDO, "never waits");
            }
        });
        rehearsal.start("x").cancels("stop");
        assertThat(rehearsal.history().getLast()).isInstanceOf(Event.OrchestrationCancelled.class);
    }

    @Test
    void cancel_whatIsBegunAfterwardsOutsideAShield_isTakenBackAtTheNextWait() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.shielded(() -> ctx.call(UPPER, "first"));
            ctx.schedule(UPPER, "second");
            try {
                return ctx.call(UPPER, "third");
            } catch (CancelledException e) {
                return ctx.shielded(() -> ctx.call(UNDO, "first"));
            }
        });
        rehearsal.start("x").cancels("stop").completes(2, "FIRST");
        assertThat(rehearsal.commit().effects().activities())
                .extracting(queued -> queued.work().activity())
                .containsExactly("Undo");
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "ActivityCompleted",
                        "ActivityScheduled",
                        "ActivityScheduled",
                        "ActivityCancelled",
                        "ActivityCancelled",
                        "ActivityScheduled");
    }

    @Test
    void cancel_timedWaitForABranch_isNoTimeout() {
        var rehearsal = Rehearsal.of(String.class, String.class, CancellationTest::waitAnHourForABranch);
        rehearsal.start("x").cancels("stop");
        assertThat(rehearsal.history().getLast()).isInstanceOf(Event.OrchestrationCancelled.class);
    }

    @Test
    void cancel_timedWaitForABranch_stillTimesOut() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> waitAnHourForABranch(ctx, () -> ctx.shielded(() -> ctx.call(UNDO, name))));
        rehearsal.start("x").cancels("stop").fires(2);
        assertThat(rehearsal.output()).isEqualTo("\"too late\"");
    }

    @Test
    void cancel_timedWaitForSomethingShielded_isInterrupted() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> kept = ctx.shielded(() -> ctx.schedule(UPPER, name));
            try {
                return kept.await(Duration.ofHours(1));
            } catch (CancelledException e) {
                return "cancelled, " + ctx.shielded(() -> kept.await());
            }
        });
        rehearsal.start("x").cancels("stop").completes(2, "X");
        assertThat(rehearsal.output()).isEqualTo("\"cancelled, X\"");
    }

    private static String waitAnHourForABranch(OrchestrationContext ctx, String name) {
        return waitAnHourForABranch(ctx, () -> ctx.call(UPPER, name));
    }

    private static String waitAnHourForABranch(OrchestrationContext ctx, Supplier<String> branch) {
        DurableFuture<String> result = ctx.async(branch);
        try {
            return result.await(Duration.ofHours(1));
        } catch (AwaitTimeoutException e) {
            return "too late";
        }
    }

    @Test
    void cancel_codeContinuesAsNewWithoutHearingOfIt_nextExecutionIsAsked() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.async(() -> ctx.event("words", String.class).await());
            ctx.shielded(() -> ctx.call(UPPER, name));
            return ctx.continueAsNew(SELF, name);
        });
        rehearsal.start("x").cancels("stop").completes(2, "X");
        assertThat(rehearsal.commit().effects().messages())
                .containsExactly(new WorkItem.CancelInstance(Rehearsal.INSTANCE, Rehearsal.RUN, "stop"));
    }

    @Test
    void cancel_codeHeardOfItAndContinuesAsNew_nextExecutionIsNotAsked() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (CancelledException e) {
                return ctx.continueAsNew(SELF, name);
            }
        });
        rehearsal.start("x").cancels("stop");
        assertThat(rehearsal.commit().transition()).isInstanceOf(TurnCommit.Transition.ContinueAsNew.class);
        assertThat(rehearsal.commit().effects().messages()).isEmpty();
    }

    @Test
    void cancel_codeAskedForTheReasonAndContinuesAsNew_nextExecutionIsNotAsked() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.shielded(() -> ctx.call(UPPER, name));
            return ctx.continueAsNew(SELF, ctx.cancelReason().orElse(""));
        });
        rehearsal.start("x").cancels("stop").completes(2, "X");
        assertThat(rehearsal.commit().effects().messages()).isEmpty();
    }

    @Test
    void cancel_codeEndsOrderly_completes() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (CancelledException e) {
                return "stopped because " + ctx.cancelReason().orElseThrow();
            }
        });
        rehearsal.start("x").cancels("of rain");
        assertThat(rehearsal.output()).isEqualTo("\"stopped because of rain\"");
    }

    @Test
    void cancel_branches_areToldAndMainWaitsForThem() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> branch = ctx.async(() -> {
                try {
                    return ctx.call(UPPER, "branch");
                } catch (CancelledException e) {
                    return ctx.shielded(() -> ctx.call(UNDO, "branch"));
                }
            });
            return "branch said " + branch.await();
        });
        rehearsal.start("x").cancels("stop").completes(5, "undone");
        assertThat(rehearsal.output()).isEqualTo("\"branch said undone\"");
    }

    @Test
    void terminate_childrenAndParent_areTold() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.callChild(CHILD, name));
        rehearsal.start("x");
        TurnOutcome.Committable end = Turn.terminate(
                new Identity("order-1", "run-1", 1, new dev.rekindle.provider.ParentLink("boss", "r", 1, 2)),
                "1.0",
                rehearsal.history(),
                List.of(),
                "operator",
                Rehearsal.START);
        rehearsal.evict();
        assertThat(end.events()).containsExactly(new Event.OrchestrationTerminated(3, Rehearsal.START, "operator"));
        assertThat(end.draft().build(activity -> false).messages())
                .extracting(message -> message.getClass().getSimpleName())
                .containsExactly("CancelInstance", "ChildFailed");
    }

    @Test
    void terminate_messagesThatNobodyTook_becomeDeadLetters() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.event("a", String.class).await();
            ctx.anyOf(List.of(ctx.event("b", String.class), ctx.timer(Duration.ofDays(1))))
                    .await();
            return ctx.call(UPPER, name);
        });
        rehearsal.start("x").raises("a", "taken").raises("a", "left").fires(4).raises("b", "taken too");
        rehearsal.raises("b", "left too");
        TurnOutcome.Committable end = Turn.terminate(
                new Identity(Rehearsal.INSTANCE, Rehearsal.RUN, 1, null),
                "1.0",
                rehearsal.history(),
                List.of(
                        Rehearsal.event("c", "new"),
                        new WorkItem.TerminateInstance(Rehearsal.INSTANCE, null, "enough")),
                "enough",
                Rehearsal.START);
        rehearsal.evict();
        assertThat(buried(end)).containsExactly("\"left\"", "\"left too\"", "\"new\"");
    }

    @Test
    void terminate_beforeTheNextExecutionBegan_whatItCarriesBecomesDeadLetters() {
        WorkItem.ContinueAsNew next = new WorkItem.ContinueAsNew(
                Rehearsal.INSTANCE,
                Rehearsal.RUN,
                "ProcessOrder",
                "1.0",
                "1",
                null,
                List.of(Rehearsal.event("a", "carried")));
        TurnOutcome.Committable end = Turn.terminate(
                new Identity(Rehearsal.INSTANCE, Rehearsal.RUN, 2, null),
                "1.0",
                List.of(),
                List.of(next, new WorkItem.TerminateInstance(Rehearsal.INSTANCE, null, "enough")),
                "enough",
                Rehearsal.START);
        assertThat(buried(end)).containsExactly("\"carried\"");
    }

    private static List<String> buried(TurnOutcome.Committable end) {
        return end.draft().build(activity -> false).deadLetters().stream()
                .map(dead -> ((WorkItem.RaiseEvent) dead.work()).payload())
                .toList();
    }
}
