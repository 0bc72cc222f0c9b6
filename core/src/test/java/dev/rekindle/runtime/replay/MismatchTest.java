package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MismatchTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Activity<String, String> LOWER = Activity.named("Lower", String.class, String.class);

    /** Has called Upper, slept an hour, and waits for Lower. */
    private static Rehearsal<String, String> history() {
        return Rehearsal.of(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    ctx.sleep(Duration.ofHours(1));
                    return ctx.call(LOWER, name);
                })
                .start("ann")
                .completes(2, "ANN")
                .fires(4);
    }

    @Test
    void replay_sameCode_matches() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    ctx.sleep(Duration.ofHours(1));
                    return ctx.call(LOWER, name);
                }))
                .isEmpty();
    }

    @Test
    void replay_otherActivity_saysBothNames() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> ctx.call(LOWER, name)))
                .contains("event '2'")
                .contains("activity: expected 'Upper', found 'Lower'");
    }

    @Test
    void replay_otherInput_saysBothInputs() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> ctx.call(UPPER, name + "!")))
                .contains("input: expected '\"ann\"', found '\"ann!\"'");
    }

    @Test
    void replay_otherTimerLength_isNoticed() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    ctx.sleep(Duration.ofHours(2));
                    return ctx.call(LOWER, name);
                }))
                .contains("event '4'")
                .contains("fireAt");
    }

    @Test
    void replay_stepRemoved_saysWhatIsMissing() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    return ctx.call(LOWER, name);
                }))
                .contains("event '4'")
                .contains("TimerCreated");
    }

    @Test
    void replay_stepAddedAtTheTail_isNoticed() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    ctx.sleep(Duration.ofHours(1));
                    ctx.schedule(LOWER, name);
                    return ctx.call(UPPER, "one more");
                }))
                .contains("event '7'")
                .contains("a new step: ActivityScheduled");
    }

    @Test
    void replay_codeEndsEarly_isNoticed() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.call(UPPER, name);
                    return "enough";
                }))
                .contains("event '4'")
                .contains("OrchestrationCompleted");
    }

    @Test
    void replay_codeWaitsForSomethingElse_isNoticed() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    ctx.schedule(UPPER, name);
                    return ctx.event("never", String.class).await();
                }))
                .contains("event '3'")
                .contains("a new step: EventAwaited");
    }

    @Test
    void replay_mismatchInCodeThatCatchesEverything_isNotSwallowed() {
        assertThat(history().mismatchWith(String.class, String.class, (ctx, name) -> {
                    try {
                        return ctx.call(LOWER, name);
                    } catch (RuntimeException e) {
                        return "swallowed";
                    }
                }))
                .contains("event '2'");
    }
}
