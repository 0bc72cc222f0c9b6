package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ActivityFailedException;
import dev.rekindle.ActivityOptions;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong at the edges of a node, in the user's code or in the store: it is nobody else's trouble. */
@Timeout(60)
class TroubleTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Activity<String, String> STEP = Activity.named("Step", String.class, String.class);
    private static final Activity<String, String> OTHER = Activity.named("Other", String.class, String.class);
    private static final Orchestration<String, String> MAIN = Orchestration.named("Main", String.class, String.class);
    private static final Orchestration<String, String> SECOND =
            Orchestration.named("Second", String.class, String.class);

    private final Store store = new Store();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    /** A store that does something before it does what it is asked; it begins nothing eagerly. */
    private static final class Store extends ForwardingProvider {
        private final CountDownLatch quiet = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile Runnable beforeCommit = () -> {};
        private volatile Runnable beforeCompletion = () -> {};
        private volatile Runnable beforeHandBack = () -> {};

        Store() {
            super(new InMemoryProvider());
        }

        @Override
        public <C extends Capability> Optional<C> capability(Class<C> type) {
            return type == EagerStartCapability.class ? Optional.empty() : super.capability(type);
        }

        @Override
        public TurnReceipt ackOrchestrationItem(TurnCommit commit) {
            beforeCommit.run();
            return super.ackOrchestrationItem(commit);
        }

        @Override
        public void abandonOrchestrationItem(InstanceLease lease, Abandonment why) {
            super.abandonOrchestrationItem(lease, why);
            if (why.equals(Abandonment.QUIET)) {
                quiet.countDown();
            }
        }

        @Override
        public void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
            beforeCompletion.run();
            super.ackWorker(lease, completion);
        }

        @Override
        public void abandonWorker(WorkLease lease, WorkAbandonment why) {
            beforeHandBack.run();
            super.abandonWorker(lease, why);
        }

        @Override
        public void releaseNode(NodeId node) {
            super.releaseNode(node);
            released.countDown();
        }
    }

    /** An exception whose own code fails. */
    private static final class Unreadable extends IllegalStateException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even this");
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        store.close();
    }

    private Rekindle.Builder node() {
        return Rekindle.on(store).options(options -> options.retryDelay(Duration.ofMillis(10)));
    }

    /** A node whose orchestration takes one step. */
    private Rekindle.Builder oneStep() {
        return node().orchestration(MAIN, (ctx, input) -> ctx.call(STEP, input));
    }

    private static Runnable times(int times, Runnable trouble) {
        AtomicInteger left = new AtomicInteger(times);
        return () -> {
            if (left.getAndDecrement() > 0) {
                trouble.run();
            }
        };
    }

    private static void throwError() {
        throw new StackOverflowError("of a provider");
    }

    // ---- activities

    @Test
    void activity_whoseExceptionCannotBeRead_fails() throws Exception {
        assertThat(resultWithOneSlot(options -> options, () -> {
                    throw new Unreadable();
                }))
                .isEqualTo(Unreadable.class.getName());
    }

    @Test
    void activity_withTimesLongerThanTheWorldLasts_runsAndIsTriedAgain() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        UnaryOperator<ActivityOptions> options = its -> its.timeout(forever)
                .totalTimeout(forever)
                .heartbeatTimeout(forever)
                .maxBackoff(forever)
                .backoff(Duration.ofMillis(1))
                .maxAttempts(2);
        assertThat(resultWithOneSlot(options, times(1, () -> {
                    throw new IllegalStateException("once");
                })))
                .isEqualTo("done");
    }

    /** What an activity came to, after another instance has had the only slot. */
    private String resultWithOneSlot(UnaryOperator<ActivityOptions> options, Runnable code) throws Exception {
        try (Rekindle rekindle = node().options(its -> its.maxConcurrentActivities(1))
                .activity(STEP, (ctx, input) -> {
                    code.run();
                    return "done";
                })
                .activity(OTHER, (ctx, input) -> input)
                .orchestration(MAIN, (ctx, input) -> {
                    try {
                        return ctx.call(STEP, input, options);
                    } catch (ActivityFailedException e) {
                        return e.failure().type();
                    }
                })
                .orchestration(SECOND, (ctx, input) -> ctx.call(OTHER, input))
                .start()) {
            String result = rekindle.client().start(MAIN, "main", "x").result(SOON);
            assertThat(rekindle.client().start(SECOND, "second", "y").result(SOON))
                    .isEqualTo("y");
            return result;
        }
    }

    @Test
    void result_waitedForWithoutEnd_comes() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        try (Rekindle rekindle = node().orchestration(
                        SECOND, (ctx, input) -> ctx.event("go", String.class).await())
                .start()) {
            InstanceHandle<String> handle = rekindle.client().start(SECOND, "second", "x");
            rekindle.client().raiseEvent("second", "go", "on");
            assertThat(handle.result(forever)).isEqualTo("on");
            assertThat(rekindle.client().awaitEnd("second", forever).status()).isEqualTo(Status.COMPLETED);
        }
    }

    @Test
    void activity_thatLeavesItsThreadInterrupted_doesNotDisturbTheTurnThatFollows() throws Exception {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        store.beforeCommit = () -> interrupted.add(Thread.currentThread().isInterrupted());
        try (Rekindle rekindle = oneStep()
                .activity(STEP, (ctx, input) -> {
                    Thread.currentThread().interrupt();
                    return input;
                })
                .start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON)).isEqualTo("x");
            assertThat(interrupted).doesNotContain(true).isNotEmpty();
        }
    }

    @Test
    void activity_whoseTimeWasOverInTheQueue_failsWithoutRunning() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (Rekindle rekindle = node().options(its -> its.maxConcurrentActivities(1))
                .clock(now::get)
                .activity(STEP, (ctx, input) -> {
                    if (input.equals("first")) {
                        gate.await();
                    }
                    return "run " + runs.incrementAndGet();
                })
                .orchestration(MAIN, (ctx, input) -> {
                    try {
                        return ctx.call(STEP, input, its -> its.totalTimeout(Duration.ofHours(1)));
                    } catch (ActivityFailedException e) {
                        return e.failure().type();
                    }
                })
                .orchestration(SECOND, (ctx, input) -> ctx.call(STEP, input))
                .start()) {
            InstanceHandle<String> first = rekindle.client().start(SECOND, "first", "first");
            InstanceHandle<String> late = rekindle.client().start(MAIN, "late", "late");
            while (store.read("late").isEmpty() || store.read("first").isEmpty()) {
                Thread.onSpinWait();
            }
            now.set(Instant.EPOCH.plus(Duration.ofHours(2)));
            gate.countDown();
            assertThat(first.result(SOON)).isEqualTo("run 1");
            assertThat(late.result(SOON)).isEqualTo(ErrorCode.ACTIVITY_TIMED_OUT.name());
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void activity_thatNobodyHasTheCodeOf_failsWhenItsTimeIsOver() throws Exception {
        try (Rekindle rekindle = node().options(its -> its.retryDelay(Duration.ofDays(1)))
                .orchestration(MAIN, (ctx, input) -> {
                    try {
                        return ctx.call(STEP, input, its -> its.totalTimeout(Duration.ofMillis(200)));
                    } catch (ActivityFailedException e) {
                        return e.failure().toString();
                    }
                })
                .start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON))
                    .isEqualTo("ACTIVITY_TIMED_OUT: activity 'Step' took too long:"
                            + " expected all attempts to take at most PT0.2S.");
        }
    }

    // ---- the store

    @Test
    void commit_thatDiesOfAnError_isTriedAgain() throws Exception {
        store.beforeCommit = times(1, TroubleTest::throwError);
        try (Rekindle rekindle = oneStep().activity(STEP, (ctx, input) -> input).start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON)).isEqualTo("x");
        }
    }

    @Test
    void commit_afterAnActivityThatDiesOfAnError_isTriedAgain() throws Exception {
        try (Rekindle rekindle = oneStep()
                .activity(STEP, (ctx, input) -> {
                    store.beforeCommit = times(1, TroubleTest::throwError);
                    return input;
                })
                .start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON)).isEqualTo("x");
        }
    }

    @Test
    void completion_thatBreaksOff_letsTheActivityRunAgain() throws Exception {
        store.beforeCompletion = times(1, TroubleTest::throwError);
        try (Rekindle rekindle = oneStep()
                .activity(STEP, (ctx, input) -> {
                    // Its instance is not hot any more, so that the completion goes through the store.
                    store.quiet.await();
                    return "run " + runs.incrementAndGet() + " in attempt " + ctx.attempt();
                })
                .start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON)).isEqualTo("run 2 in attempt 1");
        }
    }

    @Test
    void commit_thatBreaksOff_givesTheSlotsBackThatItHadReserved() throws Exception {
        int slots = 3;
        CountDownLatch together = new CountDownLatch(slots);
        store.beforeCommit = times(5, () -> {
            throw new ArithmeticException("long overflow");
        });
        try (Rekindle rekindle = node().options(its -> its.maxConcurrentActivities(slots))
                .activity(STEP, (ctx, input) -> {
                    together.countDown();
                    together.await();
                    return input;
                })
                .orchestration(
                        MAIN,
                        (ctx, input) -> String.join(
                                "",
                                ctx.allOf(IntStream.range(0, slots)
                                                .mapToObj(i -> ctx.schedule(STEP, input))
                                                .toList())
                                        .await()))
                .start()) {
            assertThat(rekindle.client().start(MAIN, "main", "x").result(SOON)).isEqualTo("xxx");
        }
    }

    // ---- memory

    @Test
    void eviction_ofCodeThatDoesNotUnwind_holdsNobodyUp() throws Exception {
        try (Rekindle rekindle = Rekindle.on(store.inner)
                .options(its -> its.residentBytes(10_000))
                .orchestration(MAIN, (ctx, input) -> {
                    try {
                        return ctx.event("never", String.class).await();
                    } finally {
                        gate.await();
                    }
                })
                .orchestration(
                        SECOND, (ctx, input) -> ctx.event("go", String.class).await())
                .start()) {
            // The first start may come before the node has asked for anything: later ones bring their first turns.
            assertGoesOn(rekindle, "first");
            rekindle.client().start(MAIN, "main", "x");
            assertGoesOn(rekindle, "second");
            assertThat(rekindle.metrics().evictions()).isPositive();
        }
    }

    private static void assertGoesOn(Rekindle rekindle, String instance) throws Exception {
        FutureTask<InstanceHandle<String>> start =
                new FutureTask<>(() -> rekindle.client().start(SECOND, instance, "x"));
        Thread.ofVirtual().start(start);
        InstanceHandle<String> handle = start.get(SOON.toSeconds(), TimeUnit.SECONDS);
        rekindle.client().raiseEvent(instance, "go", "on");
        assertThat(handle.result(SOON)).isEqualTo("on");
    }

    // ---- the end of a node

    @Test
    void close_duringACommit_handsItsActivityBackWithoutRunningIt() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        store.beforeCommit = times(1, () -> {
            committing.countDown();
            awaitOpen();
        });
        Rekindle closing = oneStep()
                .options(its -> its.shutdownTimeout(SOON))
                .activity(STEP, (ctx, input) -> "run on the closed node " + runs.incrementAndGet())
                .start();
        InstanceHandle<String> handle = closing.client().start(MAIN, "main", "x");
        committing.await();
        Thread closer = Thread.ofPlatform().start(closing::close);
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        gate.countDown();
        closer.join();
        try (Rekindle next = oneStep()
                .activity(STEP, (ctx, input) -> "attempt " + ctx.attempt())
                .start()) {
            assertThat(handle.result(SOON)).isEqualTo("attempt 1");
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void close_withAnActivityWhileTheStoreIsAway_endsTheNode() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Rekindle rekindle = oneStep()
                .options(its -> its.shutdownTimeout(Duration.ZERO))
                .activity(STEP, (ctx, input) -> {
                    running.countDown();
                    gate.await();
                    return input;
                })
                .start();
        rekindle.client().start(MAIN, "main", "x");
        running.await();
        store.beforeHandBack = () -> {
            throw new RekindleException(ErrorCode.STORE_UNAVAILABLE, "the store is away: 'memory'");
        };
        rekindle.close();
        assertThat(store.released.getCount()).isZero();
    }

    @Test
    void close_byAThreadThatIsInterrupted_stopsTakingWork() throws Exception {
        Rekindle closed = node().orchestration(MAIN, (ctx, input) -> "closed").start();
        assertThat(closed.client().start(MAIN, "before", "x").result(SOON)).isEqualTo("closed");
        Thread.currentThread().interrupt();
        closed.close();
        assertThat(Thread.interrupted()).isTrue();
        InstanceHandle<String> handle = Client.discover(store).start(MAIN, "after", "x");
        try (Rekindle next = node().orchestration(MAIN, (ctx, input) -> "open").start()) {
            assertThat(handle.result(SOON)).isEqualTo("open");
        }
    }

    private void awaitOpen() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
