package dev.rekindle.integration;

import static dev.rekindle.integration.Words.GREET;
import static dev.rekindle.integration.Words.HELLO;
import static dev.rekindle.integration.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.InstanceHandle;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.sqlite.SqliteProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go, code that changes between them, and memory that is bounded. */
class LifeOfANodeTest {
    @TempDir
    private Path dir;

    private String url() {
        return "sqlite:" + dir.resolve("life.db");
    }

    @Test
    void restart_betweenSteps_goesOnWhereItWas() throws Exception {
        AtomicInteger greetings = new AtomicInteger();
        try (Rekindle first = waiting(greetings)) {
            InstanceHandle<String> handle = first.client().start(HELLO, "hello", "Ann");
            first.client().raiseEvent("hello", "go", 1);
            awaitGreetings(handle, greetings, 1);
        }
        try (Rekindle second = waiting(greetings)) {
            InstanceHandle<String> handle = second.client().handle(HELLO, "hello");
            second.client().raiseEvent("hello", "go", 2);
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann, Hello Ann");
            assertThat(greetings).hasValue(2);
            assertThat(second.metrics().replays()).isEqualTo(1);
        }
    }

    private Rekindle waiting(AtomicInteger greetings) {
        return Rekindle.open(url())
                .activity(GREET, (ctx, name) -> {
                    greetings.incrementAndGet();
                    return "Hello " + name;
                })
                .orchestration(HELLO, (ctx, name) -> {
                    ctx.event("go", Integer.class).await();
                    String one = ctx.call(GREET, name);
                    ctx.setCustomStatus("greeted once");
                    ctx.event("go", Integer.class).await();
                    return one + ", " + ctx.call(GREET, name);
                })
                .start();
    }

    private static void awaitGreetings(InstanceHandle<String> handle, AtomicInteger greetings, int expected) {
        while (handle.snapshot().customStatus() == null) {
            Thread.onSpinWait();
        }
        assertThat(greetings).hasValue(expected);
    }

    @Test
    void close_activityUnderWay_isLetFinish() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Rekindle first = slow(running, mayEnd, runs);
        first.client().start(HELLO, "hello", "Ann");
        running.await();
        Thread closing = Thread.ofVirtual().start(first::close);
        mayEnd.countDown();
        closing.join();
        try (Rekindle second = slow(running, mayEnd, runs)) {
            assertThat(second.client().handle(HELLO, "hello").result(SOON)).isEqualTo("Hello Ann");
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void close_activityThatDoesNotEnd_isInterruptedAndRunsAgainLater() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (Rekindle first = slow(running, new CountDownLatch(1), runs)) {
            first.client().start(HELLO, "hello", "Ann");
            running.await();
        }
        try (Rekindle second = slow(running, new CountDownLatch(0), runs)) {
            assertThat(second.client().handle(HELLO, "hello").result(SOON)).isEqualTo("Hello Ann");
            assertThat(runs).hasValue(2);
        }
    }

    private Rekindle slow(CountDownLatch running, CountDownLatch mayEnd, AtomicInteger runs) {
        return Rekindle.open(url())
                .options(options -> options.shutdownTimeout(Duration.ofMillis(200)))
                .activity(GREET, (ctx, name) -> {
                    assertThat(ctx.attempt()).isEqualTo(1);
                    runs.incrementAndGet();
                    running.countDown();
                    mayEnd.await();
                    return "Hello " + name;
                })
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start();
    }

    @Test
    void code_notRegistered_waitsForANodeThatHasIt() throws Exception {
        try (Rekindle without = Rekindle.open(url()).start()) {
            without.client().start(HELLO, "hello", "Ann");
            InstanceSnapshot snapshot = awaitProblem(without, "hello");
            assertThat(snapshot.status()).isEqualTo(Status.PENDING);
            assertThat(snapshot.problem())
                    .contains("ORCHESTRATION_NOT_REGISTERED")
                    .contains("'Hello 1.0'");
        }
        try (Rekindle with = Rekindle.open(url())
                .orchestration(HELLO, (ctx, name) -> "here I am")
                .start()) {
            InstanceHandle<String> handle = with.client().handle(HELLO, "hello");
            assertThat(handle.result(SOON)).isEqualTo("here I am");
            assertThat(handle.snapshot().problem()).isNull();
        }
    }

    @Test
    void code_doesNotMatchTheHistory_isStuckUntilMatchingCodeArrives() throws Exception {
        try (Rekindle original = greetThenWait("Ann")) {
            original.client().start(HELLO, "hello", "Ann");
            while (original.client().readExecutionHistory("hello", 1).size() < 4) {
                Thread.onSpinWait();
            }
        }
        try (Rekindle changed = greetThenWait("Bob")) {
            changed.client().raiseEvent("hello", "go", 1);
            InstanceSnapshot snapshot = awaitProblem(changed, "hello");
            assertThat(snapshot.status()).isEqualTo(Status.STUCK);
            assertThat(snapshot.problem()).contains("HISTORY_MISMATCH").contains("expected '\"Ann\"', found '\"Bob\"'");
        }
        try (Rekindle fixed = greetThenWait("Ann")) {
            assertThat(fixed.client().handle(HELLO, "hello").result(SOON)).isEqualTo("Hello Ann");
        }
    }

    private Rekindle greetThenWait(String whom) {
        return Rekindle.open(url())
                .activity(GREET, (ctx, name) -> "Hello " + name)
                .orchestration(HELLO, (ctx, name) -> {
                    String greeting = ctx.call(GREET, whom);
                    ctx.event("go", Integer.class).await();
                    return greeting;
                })
                .start();
    }

    private static InstanceSnapshot awaitProblem(Rekindle rekindle, String instance) {
        InstanceSnapshot snapshot = rekindle.client().getStatus(instance).orElseThrow();
        while (snapshot.problem() == null) {
            Thread.onSpinWait();
            snapshot = rekindle.client().getStatus(instance).orElseThrow();
        }
        return snapshot;
    }

    @Test
    void version_ofAnInstance_staysWhatItBeganWith() throws Exception {
        var v2 = HELLO.version("2.0");
        try (Rekindle first = Rekindle.open(url())
                .orchestration(
                        HELLO,
                        (ctx, name) -> "one " + ctx.event("go", String.class).await())
                .start()) {
            first.client().startOrchestration("hello", "Hello", "\"Ann\"");
            while (first.client().getStatus("hello").orElseThrow().status() == Status.PENDING) {
                Thread.onSpinWait();
            }
        }
        try (Rekindle second = Rekindle.open(url())
                .orchestration(
                        HELLO,
                        (ctx, name) -> "one " + ctx.event("go", String.class).await())
                .orchestration(v2, (ctx, name) -> "two")
                .start()) {
            second.client().raiseEvent("hello", "go", "!");
            assertThat(second.client().handle(HELLO, "hello").result(SOON)).isEqualTo("one !");
            second.client().startOrchestration("latest", "Hello", "\"Ann\"");
            assertThat(second.client().handle(v2, "latest").result(SOON)).isEqualTo("two");
            assertThat(second.client().getStatus("latest").orElseThrow().version())
                    .isEqualTo("2.0");
        }
    }

    @Test
    void residency_tenThousandWaiting_staysWithinItsBytes() throws Exception {
        int instances = 10_000;
        long limit = 4L << 20;
        try (SqliteProvider provider = SqliteProvider.open(url());
                Rekindle rekindle = Rekindle.on(provider)
                        .options(options -> options.residentBytes(limit))
                        .activity(GREET, (ctx, name) -> "Hello " + name)
                        .orchestration(HELLO, (ctx, name) -> {
                            String go = ctx.event("go", String.class).await();
                            return ctx.call(GREET, name) + go;
                        })
                        .start()) {
            List<InstanceHandle<String>> handles = new ArrayList<>();
            for (int i = 0; i < instances; i++) {
                handles.add(rekindle.client().start(HELLO, "waiting-" + i, "Ann"));
            }
            while (rekindle.metrics().turns() < instances) {
                Thread.onSpinWait();
            }
            assertThat(rekindle.metrics().residentBytes()).isLessThanOrEqualTo(limit);
            assertThat(rekindle.metrics().evictions()).isGreaterThan(instances - limit / 4_096 - 100);
            for (int i = 0; i < instances; i += 100) {
                rekindle.client().raiseEvent("waiting-" + i, "go", "!");
            }
            for (int i = 0; i < instances; i += 100) {
                assertThat(handles.get(i).result(SOON)).isEqualTo("Hello Ann!");
            }
            assertThat(rekindle.metrics().replays()).isPositive();
        }
    }
}
