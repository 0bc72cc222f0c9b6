package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rekindle.AwaitTimeoutException;
import dev.rekindle.CancelledException;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.RetentionPolicy;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How instances end before their code does, what is told of it, and when they are deleted. */
abstract class RuntimeEndChecks extends RuntimeChecks {
    RuntimeEndChecks(OrchestrationContract contract) {
        super(contract);
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
        Client client = new Client(provider());
        InstanceHandle<String> handle = client.start(HELLO, "hello", "");
        client.raiseEvent("hello", "words", "unread");
        client.terminate("hello", "enough");
        try (Rekindle ignored = node.start()) {
            assertThatThrownBy(() -> handle.result(SOON)).hasMessageContaining("Terminated");
            assertThat(Bench.image(provider()).deadLetters()).singleElement().satisfies(dead -> {
                assertThat(((WorkItem.RaiseEvent) dead.work()).payload()).isEqualTo("\"unread\"");
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
