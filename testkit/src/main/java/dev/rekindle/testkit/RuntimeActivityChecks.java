package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.InstanceHandle;
import dev.rekindle.NonRetryableException;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationFailedException;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Activities as the code of a user sees them: how often they run, how they fail, and what ends them. */
abstract class RuntimeActivityChecks extends RuntimeChecks {
    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> COUNT =
            Orchestration.named("Count", Integer.class, Integer.class);

    RuntimeActivityChecks(OrchestrationContract contract) {
        super(contract);
    }

    @Test
    void sequence_ofAThousandSteps_completes() throws Exception {
        try (Rekindle rekindle = node().activity(STEP, (ctx, n) -> n + 1)
                .orchestration(COUNT, (ctx, steps) -> {
                    int value = 0;
                    for (int i = 0; i < steps; i++) {
                        value = ctx.call(STEP, value);
                    }
                    return value;
                })
                .start()) {
            assertThat(rekindle.client().start(COUNT, "count", 1_000).result(SOON))
                    .isEqualTo(1_000);
            assertThat(history("count")).hasSize(2_002);
            assertThat(rekindle.metrics().replays()).isZero();
        }
    }

    @Test
    void fanOut_ofAThousandActivities_completesEachOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Rekindle rekindle = node().activity(STEP, (ctx, n) -> {
                    runs.incrementAndGet();
                    return n;
                })
                .orchestration(
                        COUNT,
                        (ctx, width) -> ctx
                                .<Integer>allOf(IntStream.range(0, width)
                                        .mapToObj(i -> ctx.schedule(STEP, i))
                                        .toList())
                                .await()
                                .stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .start()) {
            assertThat(rekindle.client().start(COUNT, "fan", 1_000).result(SOON))
                    .isEqualTo(499_500);
            assertThat(runs).hasValue(1_000);
            assertThat(history("fan"))
                    .filteredOn(Event.ActivityCompleted.class::isInstance)
                    .hasSize(1_000)
                    .extracting(event -> ((Event.ActivityCompleted) event).scheduledId())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void activity_moreThanSlots_runsAsManyAtOnceAsThereAreSlots() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch together = new CountDownLatch(3);
        try (Rekindle rekindle = node().options(options -> options.maxConcurrentActivities(3))
                .activity(STEP, (ctx, n) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    together.countDown();
                    together.await();
                    now.decrementAndGet();
                    return n;
                })
                .orchestration(
                        COUNT,
                        (ctx, width) -> ctx.allOf(IntStream.range(0, width)
                                        .mapToObj(i -> ctx.schedule(STEP, i))
                                        .toList())
                                .await()
                                .size())
                .start()) {
            assertThat(rekindle.client().start(COUNT, "fan", 200).result(SOON)).isEqualTo(200);
            assertThat(most).hasValue(3);
        }
    }

    @Test
    void activity_failsTwice_isTriedAgainAndLeavesOnePairOfEvents() throws Exception {
        ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    keys.add(ctx.idempotencyKey());
                    if (ctx.attempt() < 3) {
                        throw new IOException("attempt " + ctx.attempt());
                    }
                    return "Hello " + name + " at last";
                })
                .orchestration(
                        HELLO,
                        (ctx, name) -> ctx.call(
                                GREET, name, retry -> retry.maxAttempts(5).backoff(Duration.ofMillis(1))))
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "Ann").result(SOON))
                    .isEqualTo("Hello Ann at last");
            assertThat(keys).hasSize(3);
            assertThat(keys.stream().distinct()).hasSize(1);
            assertThat(history("hello")).hasSize(4);
        }
    }

    @Test
    void activity_failsForGood_tellsTheCodeAfterTheLastAttempt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    attempts.incrementAndGet();
                    throw new IOException("no route to " + name);
                })
                .orchestration(HELLO, (ctx, name) -> {
                    try {
                        return ctx.call(
                                GREET, name, retry -> retry.maxAttempts(3).backoff(Duration.ZERO));
                    } catch (ActivityFailedException e) {
                        return e.failure().type() + " " + e.failure().message();
                    }
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "Ann").result(SOON))
                    .isEqualTo("java.io.IOException no route to Ann");
            assertThat(attempts).hasValue(3);
        }
    }

    @Test
    void activity_saysThatRetriesAreOfNoUse_isNotTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    attempts.incrementAndGet();
                    throw new NonRetryableException("bad name");
                })
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name, retry -> retry.maxAttempts(9)))
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "Ann");
            assertThatThrownBy(() -> handle.result(SOON))
                    .isInstanceOfSatisfying(OrchestrationFailedException.class, e -> {
                        assertThat(e.status()).isEqualTo(Status.FAILED);
                        assertThat(e.failure().message()).contains("bad name");
                    });
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void activity_takesTooLong_isInterruptedAndTriedAgain() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    if (ctx.attempt() == 1) {
                        never.await();
                    }
                    return "attempt " + ctx.attempt();
                })
                .orchestration(
                        HELLO,
                        (ctx, name) -> ctx.call(
                                GREET,
                                name,
                                options -> options.timeout(Duration.ofMillis(20))
                                        .maxAttempts(2)
                                        .backoff(Duration.ZERO)))
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "Ann").result(SOON))
                    .isEqualTo("attempt 2");
        }
    }

    @Test
    void activity_silentForTooLong_failsWithTheReason() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    ctx.heartbeat(1);
                    never.await();
                    return "";
                })
                .orchestration(HELLO, (ctx, name) -> {
                    try {
                        return ctx.call(GREET, name, options -> options.heartbeatTimeout(Duration.ofMillis(20)));
                    } catch (ActivityFailedException e) {
                        return e.failure().type();
                    }
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "Ann").result(SOON))
                    .isEqualTo("ACTIVITY_TIMED_OUT");
        }
    }

    @Test
    void activity_heartbeat_isThereForTheNextAttempt() throws Exception {
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    int done = ctx.lastHeartbeat(Integer.class).orElse(0);
                    ctx.heartbeat(done + 10);
                    ctx.heartbeat(done + 20);
                    if (ctx.attempt() < 3) {
                        throw new IOException("crashed half-way");
                    }
                    return "went on from " + done;
                })
                .orchestration(
                        HELLO,
                        (ctx, name) -> ctx.call(
                                GREET, name, retry -> retry.maxAttempts(3).backoff(Duration.ZERO)))
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "Ann").result(SOON))
                    .isEqualTo("went on from 40");
        }
    }

    @Test
    void activity_nobodyWaitsFor_isTakenBackAtTheEnd() throws Exception {
        AtomicInteger greetings = new AtomicInteger();
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> "greeting " + greetings.incrementAndGet())
                .orchestration(HELLO, (ctx, name) -> {
                    ctx.schedule(GREET, "nobody waits");
                    return "done";
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "").result(SOON)).isEqualTo("done");
        }
        assertThat(greetings).hasValue(0);
    }

    @Test
    void activity_ofHalfACharacter_isTheSameWhenReplayed() throws Exception {
        String half = "\uD83D";
        CountDownLatch greeted = new CountDownLatch(1);
        try (Rekindle rekindle = node().options(options -> options.residentBytes(0))
                .orchestration(HELLO, (ctx, name) -> {
                    String greeting = ctx.call(GREET, half);
                    greeted.countDown();
                    return greeting + ctx.event("words", String.class).await();
                })
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            greeted.await();
            rekindle.client().raiseEvent("hello", "words", "!");
            assertThat(handle.result(SOON)).isEqualTo("Hello " + half + "!");
        }
    }
}
