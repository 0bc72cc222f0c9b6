package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.ChildFailedException;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Orchestration;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code and its history: what is recorded, and that a replay finds the same. */
class ReplayTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Orchestration<String, String> CHILD =
            Orchestration.named("Child", String.class, String.class).version("2.1");

    // ---- activities

    @Test
    void call_activityCompletes_returnsItsOutput() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> "<" + ctx.call(UPPER, name) + ">");
        rehearsal.start("ann");
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("OrchestrationStarted", "ActivityScheduled");
        assertThat(rehearsal.commit().effects().activities())
                .singleElement()
                .satisfies(queued -> assertThat(queued.work().input()).isEqualTo("\"ann\""));
        rehearsal.completes(2, "ANN");
        assertThat(rehearsal.output()).isEqualTo("\"<ANN>\"");
        assertThat(rehearsal.history()).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void call_activityFails_throwsWithTheFailure() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name);
            } catch (ActivityFailedException e) {
                return e.code() + ": " + e.failure().message();
            }
        });
        rehearsal.start("ann").fails(2, "disk on fire");
        assertThat(rehearsal.output()).isEqualTo("\"ACTIVITY_FAILED: disk on fire\"");
    }

    @Test
    void call_activityFailureNotCaught_failsTheInstance() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal.start("ann").fails(2, "disk on fire");
        assertThat(rehearsal.failure().type()).isEqualTo("ACTIVITY_FAILED");
        assertThat(rehearsal.failure().message()).contains("Upper").contains("disk on fire");
    }

    @Test
    void schedule_options_travelInTheWorkItem() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) ->
                        ctx.call(UPPER, name, retry -> retry.maxAttempts(5).backoff(Duration.ofSeconds(7))));
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().activities()).singleElement().satisfies(queued -> {
            assertThat(queued.work().options().maxAttempts()).isEqualTo(5);
            assertThat(queued.work().options().backoff()).isEqualTo(Duration.ofSeconds(7));
        });
    }

    @Test
    void completion_ofSomethingUnknown_isDropped() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal.start("ann").completes(77, "?");
        assertThat(rehearsal.events()).isEmpty();
        rehearsal.completes(2, "ANN");
        assertThat(rehearsal.output()).isEqualTo("\"ANN\"");
    }

    @Test
    void completion_ofAnotherExecutionOrRun_isDropped() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name));
        rehearsal
                .start("ann")
                .tell(
                        new WorkItem.ActivityCompleted(Rehearsal.INSTANCE, Rehearsal.RUN, 9, 2, "\"x\""),
                        new WorkItem.ActivityCompleted(Rehearsal.INSTANCE, "former life", 1, 2, "\"x\""));
        assertThat(rehearsal.events()).isEmpty();
    }

    @Test
    void completion_deliveredTwice_countsOnce() {
        var rehearsal =
                Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name) + ctx.call(UPPER, "b"));
        rehearsal.start("ann").tell(Rehearsal.activityCompleted(2, "first"), Rehearsal.activityCompleted(2, "second"));
        assertThat(rehearsal.events())
                .filteredOn(Event.ActivityCompleted.class::isInstance)
                .hasSize(1);
    }

    @Test
    void schedule_notAwaitedBeforeTheEnd_isNeverQueued() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.schedule(UPPER, name);
            return "done";
        });
        rehearsal.start("ann");
        assertThat(rehearsal.output()).isEqualTo("\"done\"");
        assertThat(rehearsal.commit().effects().activities()).isEmpty();
    }

    @Test
    void payload_withHalfACharacter_isTheSameInAReplay() {
        String half = "\uD83D\uDE00".substring(0, 1);
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.call(UPPER, name + half);
            } catch (ActivityFailedException e) {
                return ctx.call(UPPER, e.failure().message());
            }
        });
        rehearsal.start("ann").fails(2, "no " + half + " here").completes(4, half);
        assertThat(rehearsal.history().get(1))
                .isEqualTo(new Event.ActivityScheduled(2, Rehearsal.START.plusSeconds(1), "Upper", "\"ann\\ud83d\""));
        assertThat(rehearsal.history().get(3))
                .isEqualTo(
                        new Event.ActivityScheduled(4, Rehearsal.START.plusSeconds(2), "Upper", "\"no \uFFFD here\""));
    }

    // ---- children

    @Test
    void child_completes_returnsItsOutput() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.callChild(CHILD, name));
        rehearsal.start("ann");
        WorkItem.StartOrchestration start = (WorkItem.StartOrchestration)
                rehearsal.commit().effects().messages().getFirst();
        assertThat(start.instance()).isEqualTo("order-1:1.2");
        assertThat(start.version()).isEqualTo("2.1");
        assertThat(start.parent()).isNotNull();
        rehearsal.tell(new WorkItem.ChildCompleted(Rehearsal.INSTANCE, Rehearsal.RUN, 1, 2, "\"done\""));
        assertThat(rehearsal.output()).isEqualTo("\"done\"");
    }

    @Test
    void child_fails_throwsWithItsFailure() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.callChild(CHILD, name);
            } catch (ChildFailedException e) {
                return e.failure().type();
            }
        });
        rehearsal
                .start("ann")
                .tell(new WorkItem.ChildFailed(
                        Rehearsal.INSTANCE, Rehearsal.RUN, 1, 2, Failure.of(ErrorCode.INSTANCE_EXISTS, "", false)));
        assertThat(rehearsal.output()).isEqualTo("\"INSTANCE_EXISTS\"");
    }

    @Test
    void end_withChildrenUnderWay_asksThemToCancel() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.scheduleChild(CHILD, name);
            ctx.spawn(CHILD, "lives-on", name);
            return "done";
        });
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().messages())
                .filteredOn(WorkItem.CancelInstance.class::isInstance)
                .extracting(WorkItem::instance)
                .containsExactly("order-1:1.2");
    }

    @Test
    void end_ofAChild_tellsItsParent() {
        var parent = new dev.rekindle.provider.ParentLink("boss", "boss-run", 4, 9);
        var rehearsal =
                Rehearsal.of(String.class, String.class, (ctx, name) -> name).childOf(parent);
        rehearsal.start("ann");
        assertThat(rehearsal.commit().effects().messages())
                .containsExactly(new WorkItem.ChildCompleted("boss", "boss-run", 4, 9, "\"ann\""));
    }

    // ---- continue as new

    @Test
    void continueAsNew_carriesMessagesThatNobodyTook() {
        Orchestration<Integer, String> self =
                Orchestration.named("ProcessOrder", Integer.class, String.class).version("1.1");
        var rehearsal = Rehearsal.of(Integer.class, String.class, (ctx, round) -> {
            ctx.event("go", String.class).await();
            return ctx.continueAsNew(self, round + 1);
        });
        rehearsal
                .start(1)
                .tell(
                        Rehearsal.event("kept", "a"),
                        Rehearsal.event("go", "!"),
                        Rehearsal.event("go", "again"),
                        Rehearsal.activityCompleted(99, "stale"));
        TurnCommit.Transition.ContinueAsNew next =
                (TurnCommit.Transition.ContinueAsNew) rehearsal.commit().transition();
        assertThat(next.next().input()).isEqualTo("2");
        assertThat(next.next().version()).isEqualTo("1.1");
        assertThat(next.next().carried()).containsExactly(Rehearsal.event("kept", "a"), Rehearsal.event("go", "again"));
    }

    @Test
    void start_behindOtherMessages_comesFirst() {
        var rehearsal = Rehearsal.of(
                Integer.class,
                String.class,
                (ctx, n) -> ctx.event("go", String.class).await()
                        + ctx.event("go", String.class).await());
        rehearsal.tell(
                Rehearsal.event("go", "newer"),
                new WorkItem.ContinueAsNew(
                        Rehearsal.INSTANCE,
                        Rehearsal.RUN,
                        "ProcessOrder",
                        "1.0",
                        "1",
                        null,
                        List.of(Rehearsal.event("go", "older"))));
        assertThat(rehearsal.output()).isEqualTo("\"oldernewer\"");
    }

    @Test
    void continueAsNew_asAnotherOrchestration_isRefused() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> ctx.continueAsNew(CHILD, name));
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    // ---- deterministic values

    @Test
    void valuesOfTheContext_areTheSameInEveryReplay() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            String values = ctx.newUuid() + " " + ctx.random().nextInt() + " " + ctx.now();
            ctx.call(UPPER, values);
            return values + ctx.newUuid() + ctx.random().nextLong();
        });
        rehearsal.start("x").completes(2, "");
        assertThat(rehearsal.output()).contains("2026-01-01T00:00:01Z");
    }

    @Test
    void newUuid_isARandomUuidOfVersion4() {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            java.util.UUID id = ctx.newUuid();
            return id.version() * 10 + id.variant();
        });
        rehearsal.start("x");
        assertThat(rehearsal.output()).isEqualTo("42");
    }

    @Test
    void setCustomStatus_lastOneOfTheTurn_isShown() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.setCustomStatus("a");
            ctx.setCustomStatus(List.of(1, 2));
            return ctx.call(UPPER, name);
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().customStatus()).isEqualTo(new TurnCommit.CustomStatus("[1,2]"));
        rehearsal.evict();
    }
}
