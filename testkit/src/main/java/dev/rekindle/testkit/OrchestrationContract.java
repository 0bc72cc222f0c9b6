package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.CancelledException;
import dev.rekindle.ChildFailedException;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.NonRetryableException;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationFailedException;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.RetentionPolicy;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the code of a user sees, end to end: a runtime on a provider. A provider's test inherits it and says how to open
 * an empty store.
 */
public abstract class OrchestrationContract {
    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> COUNT =
            Orchestration.named("Count", Integer.class, Integer.class);

    private @Nullable Provider provider;

    /** For subclasses. */
    protected OrchestrationContract() {}

    /** Opens an empty store; it is closed after the test. */
    protected abstract Provider open();

    @AfterEach
    void closeProvider() {
        if (provider != null) {
            provider.close();
        }
    }

    private Rekindle.Builder emptyNode() {
        provider = open();
        return Rekindle.on(provider);
    }

    private List<Event> history(String instance) {
        return provider().read(instance);
    }

    private Provider provider() {
        return Objects.requireNonNull(provider);
    }

    private Rekindle.Builder node() {
        return emptyNode().activity(GREET, (ctx, name) -> "Hello " + name);
    }

    // ---- activities

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

    // ---- waiting

    @Test
    void event_sentBeforeAndAfterTheWait_isTaken() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    String first = ctx.event("words", String.class).await();
                    String greeting = ctx.call(GREET, first);
                    return greeting + " and " + ctx.event("words", String.class).await();
                })
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            rekindle.client().raiseEvent("hello", "words", "Ann");
            rekindle.client().raiseEvent("hello", "words", "Bob");
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann and Bob");
        }
    }

    @Test
    void event_awaitedForEver_isTaken() throws Exception {
        try (Rekindle rekindle = node().orchestration(
                        HELLO,
                        (ctx, name) -> ctx.event("words", String.class).await(Duration.ofSeconds(Long.MAX_VALUE)))
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            rekindle.client().raiseEvent("hello", "words", "at last");
            assertThat(handle.result(SOON)).isEqualTo("at last");
        }
    }

    @Test
    void event_notInTime_timesOut() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    try {
                        return ctx.event("words", String.class).await(Duration.ofMillis(10));
                    } catch (AwaitTimeoutException e) {
                        return "nobody said a word";
                    }
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "").result(SOON)).isEqualTo("nobody said a word");
        }
    }

    @Test
    void event_forNobody_isRefused() throws Exception {
        try (Rekindle rekindle =
                node().orchestration(HELLO, (ctx, name) -> "done").start()) {
            assertThatThrownBy(() -> rekindle.client().raiseEvent("nobody", "words", "x"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND));
            rekindle.client().start(HELLO, "hello", "").result(SOON);
            assertThatThrownBy(() -> rekindle.client().raiseEvent("hello", "words", "x"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_ENDED));
        }
    }

    @Test
    void sleep_ofAWhile_wakesUp() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    ctx.sleep(Duration.ofMillis(5));
                    ctx.sleep(Duration.ZERO);
                    return "rested";
                })
                .start()) {
            assertThat(rekindle.client().start(HELLO, "hello", "").result(SOON)).isEqualTo("rested");
        }
    }

    // ---- other orchestrations

    @Test
    void children_manyAtOnce_allAnswer() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .orchestration(
                        COUNT,
                        (ctx, width) -> ctx.allOf(IntStream.range(0, width)
                                        .mapToObj(i -> ctx.scheduleChild(HELLO, "child " + i))
                                        .toList())
                                .await()
                                .size())
                .start()) {
            assertThat(rekindle.client().start(COUNT, "parent", 200).result(SOON))
                    .isEqualTo(200);
        }
    }

    @Test
    void child_whoseIdIsTaken_failsItsWait() throws Exception {
        try (Rekindle rekindle = node().orchestration(
                        HELLO, (ctx, name) -> ctx.event("x", String.class).await())
                .orchestration(COUNT, (ctx, n) -> {
                    try {
                        ctx.scheduleChild(HELLO, "taken", "x").await();
                        return 0;
                    } catch (ChildFailedException e) {
                        return e.failure().type().equals("INSTANCE_EXISTS") ? 1 : 2;
                    }
                })
                .start()) {
            rekindle.client().start(HELLO, "taken", "");
            assertThat(rekindle.client().start(COUNT, "parent", 1).result(SOON)).isEqualTo(1);
            assertThat(rekindle.client()
                            .getStatus("taken")
                            .orElseThrow()
                            .status()
                            .isTerminal())
                    .isFalse();
        }
    }

    @Test
    void continueAsNew_overManyExecutions_keepsIdAndMessages() throws Exception {
        try (Rekindle rekindle = node().orchestration(COUNT, (ctx, round) -> {
                    int value = ctx.event("numbers", Integer.class).await();
                    return value < 0 ? round : ctx.continueAsNew(COUNT, round + value);
                })
                .start()) {
            InstanceHandle<Integer> handle = rekindle.client().start(COUNT, "sum", 0);
            for (int i = 1; i <= 50; i++) {
                rekindle.client().raiseEvent("sum", "numbers", i);
            }
            rekindle.client().raiseEvent("sum", "numbers", -1);
            assertThat(handle.result(SOON)).isEqualTo(1_275);
            assertThat(handle.snapshot().executionId()).isEqualTo(51);
        }
    }

    @Test
    void continueAsNew_ofAChild_stillAnswersItsParent() throws Exception {
        Orchestration<Integer, Integer> down = Orchestration.named("Down", Integer.class, Integer.class);
        try (Rekindle rekindle = node().orchestration(down, (ctx, n) -> n == 0 ? 42 : ctx.continueAsNew(down, n - 1))
                .orchestration(COUNT, (ctx, n) -> ctx.callChild(down, n))
                .start()) {
            assertThat(rekindle.client().start(COUNT, "parent", 5).result(SOON)).isEqualTo(42);
        }
    }

    // ---- ending

    @Test
    void cancel_waitingInstance_compensatesAndEndsCancelled() throws Exception {
        List<String> undone = new ArrayList<>();
        CountDownLatch waiting = new CountDownLatch(1);
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    undone.add(name);
                    return name;
                })
                .orchestration(HELLO, (ctx, name) -> {
                    try {
                        waiting.countDown();
                        return ctx.event("never", String.class).await();
                    } catch (CancelledException e) {
                        ctx.shielded(() -> ctx.call(GREET, "undo because " + e.reason()));
                        throw e;
                    }
                })
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            waiting.await();
            rekindle.client().cancel("hello", "rain");
            assertThatThrownBy(() -> handle.result(SOON))
                    .isInstanceOfSatisfying(
                            RekindleException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ORCHESTRATION_CANCELLED));
            assertThat(undone).containsExactly("undo because rain");
        }
    }

    @Test
    void cancel_runningActivity_isInterrupted() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Rekindle rekindle = emptyNode()
                .activity(GREET, (ctx, name) -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return "";
                })
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            running.await();
            rekindle.client().cancel("hello", "rain");
            assertThatThrownBy(() -> handle.result(SOON)).hasMessageContaining("Cancelled");
            interrupted.await();
        }
    }

    @Test
    void terminate_instanceThatWaits_endsWithoutItsCode() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> {
                    waiting.countDown();
                    try {
                        return ctx.event("never", String.class).await();
                    } catch (CancelledException e) {
                        return "was asked";
                    }
                })
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            waiting.await();
            rekindle.client().terminate("hello", "enough");
            assertThatThrownBy(() -> handle.result(SOON))
                    .isInstanceOfSatisfying(
                            RekindleException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ORCHESTRATION_TERMINATED));
        }
    }

    @Test
    void terminate_withAMessageBeforeIt_leavesThatAsADeadLetter() throws Exception {
        Rekindle.Builder node = node().orchestration(HELLO, (ctx, name) -> "never runs");
        Client client = new Client(Objects.requireNonNull(provider));
        InstanceHandle<String> handle = client.start(HELLO, "hello", "");
        client.raiseEvent("hello", "words", "unread");
        client.terminate("hello", "enough");
        try (Rekindle ignored = node.start()) {
            assertThatThrownBy(() -> handle.result(SOON)).hasMessageContaining("Terminated");
            assertThat(Bench.image(Objects.requireNonNull(provider)).deadLetters())
                    .singleElement()
                    .satisfies(dead -> {
                        assertThat(((WorkItem.RaiseEvent) dead.work()).payload())
                                .isEqualTo("\"unread\"");
                        assertThat(dead.reason()).isEqualTo(TurnCommit.DeadLetter.UNTAKEN);
                    });
        }
    }

    @Test
    void result_notYetThere_timesOutAndSaysHowItStands() {
        try (Rekindle rekindle = node().orchestration(
                        HELLO, (ctx, name) -> ctx.event("never", String.class).await())
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "hello", "");
            assertThatThrownBy(() -> handle.result(Duration.ofMillis(5)))
                    .isInstanceOf(AwaitTimeoutException.class)
                    .hasMessageContaining("'hello'");
        }
    }

    // ---- retention

    @Test
    void retention_deletesWhatEndedLongEnoughAgo_andNothingYounger() throws Exception {
        Duration keep = Duration.ofSeconds(10);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Rekindle.Builder node = node().clock(now::get).orchestration(HELLO, (ctx, name) -> name);
        assumeTrue(Client.discover(provider()).hasManagementCapability(), "the store has no management");
        try (Rekindle rekindle =
                node.retention(RetentionPolicy.keep(Status.COMPLETED, keep)).start()) {
            Client client = rekindle.client();
            Instant old = end(client, "old");
            Instant young = end(client, "young");
            while (!young.isAfter(old)) {
                client.management().delete(List.of("young"), DeleteOptions.CAREFUL);
                young = end(client, "young");
            }
            now.set(young.plus(keep));
            awaitGone(client, "old");
            assertThat(client.listAllInstances()).containsExactly("young");
            now.set(young.plus(keep).plusMillis(1));
            awaitGone(client, "young");
        }
    }

    /** Runs an instance and says when it ended. */
    private static Instant end(Client client, String instance) throws InterruptedException {
        client.start(HELLO, instance, "");
        return Objects.requireNonNull(client.awaitEnd(instance, SOON).finishedAt());
    }

    private static void awaitGone(Client client, String instance) throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            while (client.getStatus(instance).isPresent()) {
                Thread.onSpinWait();
            }
            gone.countDown();
        });
        assertThat(gone.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
