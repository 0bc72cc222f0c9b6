package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ForkOrigin;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ForkTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Orchestration<String, String> CHILD = Orchestration.named("Child", String.class, String.class);

    private static String twoSteps(OrchestrationContext ctx, String name) {
        String first = ctx.call(UPPER, name);
        return ctx.call(UPPER, first + "!");
    }

    @Test
    void fork_withAnotherInput_takesResultsOverAndGoesOn() {
        var source = Rehearsal.of(String.class, String.class, ForkTest::twoSteps)
                .start("ann")
                .completes(2, "ANN");
        var fork = Rehearsal.of(String.class, String.class, ForkTest::twoSteps).forkOf(source.history(), "bob");
        assertThat(fork.events()).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L);
        assertThat(fork.events().getFirst()).isInstanceOfSatisfying(Event.OrchestrationStarted.class, started -> {
            assertThat(started.input()).isEqualTo("\"bob\"");
            assertThat(started.forkedFrom()).isEqualTo(new ForkOrigin("source", "run-0", 1, 4));
        });
        assertThat(fork.events().get(1))
                .isInstanceOfSatisfying(
                        Event.ActivityScheduled.class,
                        scheduled -> assertThat(scheduled.input()).isEqualTo("\"bob\""));
        assertThat(activities(fork))
                .extracting(WorkItem.ActivityExecute::scheduledId)
                .containsExactly(4L);
        assertThat(fork.completes(4, "DONE").output()).isEqualTo("\"DONE\"");
    }

    @Test
    void fork_inTheMiddleOfATurn_codeGoesOnByItself() {
        var source = Rehearsal.of(String.class, String.class, (ctx, name) -> {
                    var first = ctx.schedule(UPPER, "a");
                    var second = ctx.schedule(UPPER, "b");
                    return first.await() + second.await();
                })
                .start("ann");
        var fork = Rehearsal.of(String.class, String.class, (ctx, name) -> {
                    var first = ctx.schedule(UPPER, "a");
                    var second = ctx.schedule(UPPER, "c");
                    return first.await() + second.await();
                })
                .forkOf(source.history().subList(0, 2), "ann");
        assertThat(activities(fork))
                .extracting(WorkItem.ActivityExecute::input)
                .containsExactlyInAnyOrder("\"a\"", "\"c\"");
        assertThat(fork.completes(3, "C").completes(2, "A").output()).isEqualTo("\"AC\"");
    }

    @Test
    void fork_openTimersEventsAndChildren_beginAnew() {
        var code = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            var child = ctx.scheduleChild(CHILD, "in");
            var timer = ctx.timer(Duration.ofHours(1));
            String event = ctx.event("go", String.class).await();
            timer.await();
            return event + child.await();
        });
        var fork = Rehearsal.of(String.class, String.class, (ctx, name) -> {
                    var child = ctx.scheduleChild(CHILD, "in");
                    var timer = ctx.timer(Duration.ofHours(1));
                    String event = ctx.event("go", String.class).await();
                    timer.await();
                    return event + child.await();
                })
                .forkOf(code.start("x").history(), "x");
        TurnCommit.Effects effects = fork.commit().effects();
        assertThat(effects.timers()).extracting(TurnCommit.Timer::scheduledId).containsExactly(3L);
        assertThat(effects.messages())
                .singleElement()
                .isInstanceOfSatisfying(
                        WorkItem.StartOrchestration.class,
                        start -> assertThat(start.parent()).isNotNull());
        fork.raises("go", "now").fires(3);
        fork.tell(new WorkItem.ChildCompleted(Rehearsal.INSTANCE, Rehearsal.RUN, 1, 2, "\"!\""));
        assertThat(fork.output()).isEqualTo("\"now!\"");
    }

    @Test
    void fork_codeTakesAnotherWay_isStuckWithTheDifference() {
        var source = Rehearsal.of(String.class, String.class, ForkTest::twoSteps)
                .start("ann")
                .completes(2, "ANN");
        Rehearsal<String, String> other = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.timer(Duration.ofSeconds(1)).await();
            return name;
        });
        TurnOutcome outcome = Turn.take(
                other.resident(),
                List.of(new WorkItem.StartOrchestration(
                        "fork",
                        "run",
                        "ProcessOrder",
                        "",
                        "\"ann\"",
                        null,
                        Map.of(),
                        new WorkItem.Fork(new ForkOrigin("source", "run-0", 1, 4), source.history()))),
                Rehearsal.START);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TurnOutcome.Stuck.class,
                        stuck -> assertThat(stuck.problem()).contains("ActivityScheduled", "TimerCreated"));
        other.evict();
    }

    @Test
    void fork_deterministicValues_areItsOwnAndReplayTheSame() {
        List<UUID> ids = new ArrayList<>();
        var source = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            String id = ctx.newUuid().toString();
            return ctx.call(UPPER, id);
        });
        var fork = Rehearsal.of(String.class, String.class, (ctx, name) -> {
                    UUID id = ctx.newUuid();
                    ids.add(id);
                    return ctx.call(UPPER, id.toString());
                })
                .forkOf(source.start("x").history(), "x");
        fork.completes(2, "DONE");
        assertThat(ids).isNotEmpty().containsOnly(ids.getFirst());
    }

    @Test
    void fork_customStatusOfThePast_isItsOwn() {
        var source =
                Rehearsal.of(String.class, String.class, ForkTest::withStatus).start("ann");
        var fork =
                Rehearsal.of(String.class, String.class, ForkTest::withStatus).forkOf(source.history(), "bob");
        TurnCommit.CustomStatus status = fork.commit().effects().customStatus();
        assertThat(status).isEqualTo(new TurnCommit.CustomStatus("\"for bob\""));
    }

    private static String withStatus(OrchestrationContext ctx, String name) {
        ctx.setCustomStatus("for " + name);
        return ctx.call(UPPER, name);
    }

    @Test
    void renumbered_gaps_areClosedAndReferencesFollow() {
        List<Event> gaps = List.of(
                new Event.OrchestrationStarted(1, Rehearsal.START, "P", "1", "1", null),
                new Event.ActivityScheduled(5, Rehearsal.START, "A", "1"),
                new Event.ActivityCompleted(9, Rehearsal.START, 5, "2"));
        assertThat(JsonText.renumbered(gaps))
                .containsExactly(
                        gaps.getFirst(),
                        new Event.ActivityScheduled(2, Rehearsal.START, "A", "1"),
                        new Event.ActivityCompleted(3, Rehearsal.START, 2, "2"));
    }

    private static List<WorkItem.ActivityExecute> activities(Rehearsal<?, ?> rehearsal) {
        return rehearsal.commit().effects().activities().stream()
                .map(TurnCommit.NewActivity::work)
                .toList();
    }
}
