package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.DurableFuture;
import dev.rekindle.Limits;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waits for a time, and for messages. */
class WaitsTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);

    // ---- time

    @Test
    void timer_fires_goesOn() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.sleep(Duration.ofDays(3));
            return ctx.now().toString();
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().timers())
                .containsExactly(
                        new TurnCommit.Timer(2, Rehearsal.START.plusSeconds(1).plus(Duration.ofDays(3))));
        rehearsal.fires(2);
        assertThat(rehearsal.output()).isEqualTo("\"2026-01-01T00:00:02Z\"");
    }

    @Test
    void timer_forEver_isSetForTheLatestTime() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.event("words", String.class).await(Duration.ofSeconds(Long.MAX_VALUE)));
        rehearsal.start("");
        assertThat(rehearsal.commit().effects().timers()).containsExactly(new TurnCommit.Timer(3, Limits.LATEST_TIME));
        rehearsal.raises("words", "at last");
        assertThat(rehearsal.output()).isEqualTo("\"at last\"");
    }

    @Test
    void timer_negative_isRefused() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.sleep(Duration.ofSeconds(-1));
            return "";
        });
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    // ---- events

    @Test
    void event_cameBeforeTheWait_wasKept() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.call(UPPER, name);
            return ctx.event("approval", String.class).await()
                    + ctx.event("approval", String.class).await();
        });
        rehearsal.start("x").raises("approval", "first").raises("other", "no").raises("approval", "second");
        rehearsal.completes(2, "X");
        assertThat(rehearsal.output()).isEqualTo("\"firstsecond\"");
        assertThat(rehearsal.commit().effects().deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.work()).isEqualTo(Rehearsal.event("other", "no")));
    }

    @Test
    void event_severalWaits_eachGetsOneInOrder() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> a = ctx.event("c", String.class);
            DurableFuture<String> b = ctx.event("c", String.class);
            return b.await() + a.await();
        });
        rehearsal.start("x").tell(Rehearsal.event("c", "1"), Rehearsal.event("c", "2"));
        assertThat(rehearsal.output()).isEqualTo("\"21\"");
    }

    @Test
    void event_timesOut_isGivenUpAndTheMessageGoesToTheNextWait() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            try {
                return ctx.event("c", String.class).await(Duration.ofMinutes(1));
            } catch (AwaitTimeoutException e) {
                return "late " + ctx.event("c", String.class).await();
            }
        });
        rehearsal.start("x").fires(3);
        assertThat(rehearsal.events())
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("TimerFired", "EventWaitEnded", "EventAwaited");
        rehearsal.raises("c", "message");
        assertThat(rehearsal.output()).isEqualTo("\"late message\"");
    }

    @Test
    void event_comesInTime_timerIsTakenBack() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.event("c", String.class).await(Duration.ofMinutes(1)) + ctx.call(UPPER, "x"));
        rehearsal.start("x").raises("c", "in time");
        assertThat(rehearsal.commit().effects().cancelledTimers()).containsExactly(3L);
        rehearsal.completes(6, "X");
        assertThat(rehearsal.output()).isEqualTo("\"in timeX\"");
    }

    @Test
    void event_ofTheWrongType_failsTheInstanceWithThePayload() {
        var rehearsal = Rehearsal.of(
                String.class,
                Integer.class,
                (ctx, name) -> ctx.event("c", Integer.class).await());
        rehearsal.start("x").raises("c", List.of("not", "a", "number"));
        assertThat(rehearsal.failure().type()).isEqualTo("PAYLOAD_MISMATCH");
        assertThat(rehearsal.failure().message()).contains("java.lang.Integer").contains("not");
    }

    @Test
    void send_toAnotherInstance_isAMessage() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            ctx.send("order-2", "poke", 7);
            return "sent";
        });
        rehearsal.start("x");
        assertThat(rehearsal.commit().effects().messages())
                .containsExactly(new WorkItem.RaiseEvent("order-2", null, "poke", "7"));
    }
}
