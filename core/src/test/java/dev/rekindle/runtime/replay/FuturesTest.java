package dev.rekindle.runtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.DurableFuture;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the code makes of futures: joins of many, and chains of any length. */
class FuturesTest {
    private static final Activity<String, String> UPPER = Activity.named("Upper", String.class, String.class);
    private static final Activity<Integer, Integer> DOUBLE = Activity.named("Double", Integer.class, Integer.class);

    // ---- joins

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 10_000})
    void allOf_completionsInAnyOrder_givesResultsInOrder(int width) {
        var rehearsal =
                Rehearsal.of(
                        Integer.class,
                        Integer.class,
                        (ctx, count) -> ctx
                                .allOf(IntStream.range(0, count)
                                        .mapToObj(i -> ctx.schedule(DOUBLE, i))
                                        .toList())
                                .await()
                                .stream()
                                .reduce(0, (sum, value) -> sum * 7 + value));
        rehearsal.start(width);
        List<Long> ids = new ArrayList<>(LongStream.range(2, 2 + width).boxed().toList());
        Collections.shuffle(ids, new Random(42));
        rehearsal.tell(ids.stream()
                .map(id -> Rehearsal.activityCompleted(id, (id - 2) * 2))
                .toArray(WorkItem.OrchestratorWork[]::new));
        int expected = IntStream.range(0, width).map(i -> i * 2).reduce(0, (sum, value) -> sum * 7 + value);
        assertThat(rehearsal.output()).isEqualTo(String.valueOf(expected));
    }

    @Test
    void allOf_oneFails_failsAtOnce() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            List<DurableFuture<String>> both = List.of(ctx.schedule(UPPER, "a"), ctx.schedule(UPPER, "b"));
            try {
                return String.join(",", ctx.allOf(both).await());
            } catch (ActivityFailedException e) {
                return "failed";
            }
        });
        rehearsal.start("x").fails(3, "no");
        assertThat(rehearsal.output()).isEqualTo("\"failed\"");
        assertThat(rehearsal.lastTurn().unwantedActivities()).containsExactly(2L);
    }

    @Test
    void anyOf_loserComesLater_doesNotDisturbTheNextWait() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> a = ctx.schedule(UPPER, "a");
            DurableFuture<String> b = ctx.schedule(UPPER, "b");
            String winner = ctx.anyOf(List.of(a, b)).await();
            String third = ctx.call(UPPER, "c");
            return winner + third + a.isDone() + b.isDone();
        });
        rehearsal.start("x").completes(3, "B");
        rehearsal.tell(Rehearsal.activityCompleted(2, "A"), Rehearsal.activityCompleted(5, "C"));
        assertThat(rehearsal.output()).isEqualTo("\"BCtruetrue\"");
    }

    @Test
    void anyOf_thatIsDone_listensNoLonger() {
        AtomicReference<DurableFuture<String>> seen = new AtomicReference<>();
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> never = ctx.event("never", String.class);
            seen.set(never);
            for (int i = 0; i < 3; i++) {
                ctx.anyOf(List.of(never, ctx.schedule(UPPER, name), never)).await();
            }
            return never.await();
        });
        rehearsal.start("x").completes(3, "A").completes(4, "B").completes(5, "C");
        assertThat(((Promise<?>) seen.get()).listenerCount())
                .as("the code, and what measures its waits")
                .isEqualTo(2);
        rehearsal.raises("never", "now");
        assertThat(rehearsal.output()).isEqualTo("\"now\"");
    }

    @Test
    void anyOf_nothing_isRefused() {
        var rehearsal = Rehearsal.of(
                String.class,
                String.class,
                (ctx, name) -> ctx.<String>anyOf(List.of()).await());
        rehearsal.start("x");
        assertThat(rehearsal.failure().type()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void futures_nestedFreely_resolve() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> timeout = ctx.timer(Duration.ofHours(1)).map(nothing -> "timeout");
            DurableFuture<String> work = ctx.allOf(List.of(ctx.schedule(UPPER, "a"), ctx.schedule(UPPER, "b")))
                    .map(results -> String.join("+", results));
            return ctx.anyOf(List.of(timeout, work)).await();
        });
        rehearsal.start("x").completes(4, "B").completes(3, "A");
        assertThat(rehearsal.output()).isEqualTo("\"A+B\"");
    }

    @Test
    void map_functionDiesOfAnError_throwsItEachTimeItIsTaken() {
        var rehearsal = Rehearsal.of(String.class, String.class, (ctx, name) -> {
            DurableFuture<String> broken = ctx.schedule(UPPER, name).map(value -> {
                throw new AssertionError("not upper: " + value);
            });
            String both = "";
            for (int i = 0; i < 2; i++) {
                try {
                    both += broken.await();
                } catch (AssertionError e) {
                    both += e.getMessage() + ";";
                }
            }
            return both;
        });
        rehearsal.start("ann").completes(2, "ann");
        assertThat(rehearsal.output()).isEqualTo("\"not upper: ann;not upper: ann;\"");
    }

    // ---- chains

    @ParameterizedTest
    @ValueSource(strings = {"map", "anyOf", "allOf"})
    void chain_ofTenThousand_completes(String kind) {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            DurableFuture<Integer> never = ctx.event("never", Integer.class);
            DurableFuture<Integer> chain = ctx.schedule(DOUBLE, 1);
            for (int i = 0; i < 10_000; i++) {
                chain = switch (kind) {
                    case "map" -> chain.map(value -> value + 1);
                    case "anyOf" -> ctx.anyOf(List.of(never, chain));
                    default -> ctx.<Integer>allOf(List.of(chain)).map(List::getFirst);
                };
            }
            return chain.await(Duration.ofHours(1));
        });
        rehearsal.start("").completes(3, 2);
        assertThat(rehearsal.output()).isEqualTo(kind.equals("map") ? "10002" : "2");
    }

    @Test
    void chain_ofTenThousandTimesOut_givesUpItsEvent() {
        var rehearsal = Rehearsal.of(String.class, Integer.class, (ctx, name) -> {
            DurableFuture<Integer> chain = ctx.event("numbers", Integer.class);
            for (int i = 0; i < 10_000; i++) {
                chain = ctx.anyOf(List.of(chain, chain));
            }
            try {
                return chain.await(Duration.ofHours(1));
            } catch (AwaitTimeoutException e) {
                return ctx.event("numbers", Integer.class).await();
            }
        });
        rehearsal.start("").fires(3).raises("numbers", 42);
        assertThat(rehearsal.output()).isEqualTo("42");
    }
}
