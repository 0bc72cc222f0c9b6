package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Activity;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that starts what it has the code of. */
@Timeout(60)
class EagerStartTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Activity<String, String> GREET = Activity.named("Greet", String.class, String.class);
    private static final Orchestration<String, String> HELLO = Orchestration.named("Hello", String.class, String.class);

    private final Store store = new Store();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    /** Counts in which way instances are started. */
    private static final class Store extends ForwardingProvider {
        private final AtomicInteger eager = new AtomicInteger();
        private final AtomicInteger ordinary = new AtomicInteger();
        private final CountDownLatch arrived = new CountDownLatch(1);
        private volatile boolean away;
        private volatile @Nullable CountDownLatch slow;

        Store() {
            super(new InMemoryProvider());
        }

        @Override
        public <C extends Capability> Optional<C> capability(Class<C> type) {
            return type == EagerStartCapability.class
                    ? Optional.of(type.cast((EagerStartCapability) this::startEagerly))
                    : super.capability(type);
        }

        private Optional<EagerStart.Receipt> startEagerly(EagerStart start) {
            if (away) {
                away = false;
                throw new RekindleException(ErrorCode.STORE_UNAVAILABLE, "the store is away: 'memory'");
            }
            CountDownLatch wait = slow;
            if (wait != null) {
                arrived.countDown();
                awaitOpen(wait);
            }
            Optional<EagerStart.Receipt> receipt =
                    super.capability(EagerStartCapability.class).orElseThrow().startEagerly(start);
            eager.addAndGet(receipt.isPresent() ? 1 : 0);
            return receipt;
        }

        @Override
        public void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
            super.enqueueOrchestratorWork(work, delay);
            ordinary.addAndGet(work instanceof WorkItem.StartOrchestration ? 1 : 0);
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        store.close();
    }

    private Rekindle.Builder node() {
        return Rekindle.on(store).activity(GREET, (ctx, name) -> "Hello " + name);
    }

    /** A node whose activity waits for the gate when it is told to. */
    private Rekindle.Builder nodeThatMayWait() {
        return Rekindle.on(store)
                .activity(GREET, (ctx, name) -> {
                    if (name.equals("wait")) {
                        gate.await();
                    }
                    return "Hello " + name;
                })
                .orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name));
    }

    /** A node that runs {@code HELLO} and has asked for work, so that it may start something. */
    private Rekindle started() throws InterruptedException {
        return warm(node().orchestration(HELLO, (ctx, name) -> {
                    runs.incrementAndGet();
                    return ctx.call(GREET, name);
                })
                .start());
    }

    /** The first start may come before the node has asked for anything. */
    private Rekindle warm(Rekindle rekindle) throws InterruptedException {
        rekindle.client().start(HELLO, "first", "x").result(SOON);
        store.eager.set(0);
        store.ordinary.set(0);
        runs.set(0);
        return rekindle;
    }

    private void assertStarts(int eager, int ordinary) {
        assertThat(List.of(store.eager.get(), store.ordinary.get())).isEqualTo(List.of(eager, ordinary));
    }

    @Test
    void start_ofCodeThatIsHere_comesWithItsFirstTurn() throws Exception {
        try (Rekindle rekindle = started()) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "a", "Ann");
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann");
            assertStarts(1, 0);
            assertThat(runs).hasValue(1);
            assertThat(store.read("a")).hasSize(4);
        }
    }

    @Test
    void start_byName_comesWithItsFirstTurnToo() throws Exception {
        try (Rekindle rekindle = started()) {
            rekindle.client().startOrchestration("a", "Hello", "\"Ann\"");
            assertThat(rekindle.client().awaitEnd("a", SOON).output()).isEqualTo("\"Hello Ann\"");
            assertStarts(1, 0);
        }
    }

    @Test
    void start_ofCodeThatIsElsewhere_waitsForIt() throws Exception {
        try (Rekindle rekindle = started()) {
            rekindle.client().startOrchestration("a", "Elsewhere", "1");
            assertThat(store.findInstance("a"))
                    .hasValueSatisfying(its -> assertThat(its.orchestration()).isEqualTo("Elsewhere"));
            assertStarts(0, 1);
        }
    }

    @Test
    void start_withADelay_waitsForItsTime() throws Exception {
        try (Rekindle rekindle = started()) {
            rekindle.client().start(HELLO, "a", "Ann", options -> options.delay(Duration.ofDays(1)));
            assertThat(store.findInstance("a").orElseThrow().status()).isEqualTo(Status.PENDING);
            assertStarts(0, 1);
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void start_whoseTurnDoesMore_goesTheOrdinaryWayAndIsNotTriedForEver() throws Exception {
        try (Rekindle rekindle = warm(node().orchestration(HELLO, (ctx, name) -> {
                    runs.incrementAndGet();
                    if (!name.equals("x")) {
                        ctx.setCustomStatus("greeting");
                    }
                    return ctx.call(GREET, name);
                })
                .start())) {
            for (int i = 0; i < 5; i++) {
                assertThat(rekindle.client().start(HELLO, "a" + i, "Ann").result(SOON))
                        .isEqualTo("Hello Ann");
            }
            assertStarts(0, 5);
            assertThat(runs).as("times that the code began").hasValue(5 + 3);
            assertThat(store.findInstance("a0").orElseThrow().customStatus()).isEqualTo("\"greeting\"");
        }
    }

    @Test
    void start_thatSucceededInBetween_isTriedOn() throws Exception {
        try (Rekindle rekindle = warm(node().orchestration(HELLO, (ctx, name) -> {
                    if (name.equals("more")) {
                        ctx.setCustomStatus("more");
                    }
                    return ctx.call(GREET, name);
                })
                .start())) {
            for (int i = 0; i < 3; i++) {
                rekindle.client().start(HELLO, "more " + i, "more").result(SOON);
                rekindle.client().start(HELLO, "again " + i, "more").result(SOON);
                rekindle.client().start(HELLO, "plain " + i, "Ann").result(SOON);
            }
            assertStarts(3, 6);
        }
    }

    @Test
    void start_ofCodeThatHangs_isNotHeldUpAndNotTriedForEver() throws Exception {
        try (Rekindle rekindle = warm(node().orchestration(HELLO, (ctx, name) -> {
                    runs.incrementAndGet();
                    if (name.equals("hang")) {
                        awaitOpen(gate);
                    }
                    return ctx.call(GREET, name);
                })
                .start())) {
            List<InstanceHandle<String>> handles = IntStream.range(0, 5)
                    .mapToObj(i -> rekindle.client().start(HELLO, "a" + i, "hang"))
                    .toList();
            assertStarts(0, 5);
            gate.countDown();
            for (InstanceHandle<String> handle : handles) {
                assertThat(handle.result(SOON)).isEqualTo("Hello hang");
            }
            assertThat(runs).as("times that the code began").hasValue(5 + 3);
        }
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void start_ofAnIdThatRunsHere_isRefusedAndDisturbsNothing() throws Exception {
        try (Rekindle rekindle = warm(nodeThatMayWait().start())) {
            InstanceHandle<String> handle = rekindle.client().start(HELLO, "a", "wait");
            assertThatThrownBy(() -> rekindle.client().start(HELLO, "a", "again"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_EXISTS));
            gate.countDown();
            assertThat(handle.result(SOON)).isEqualTo("Hello wait");
            assertThat(rekindle.metrics().replays()).isZero();
        }
    }

    @Test
    void start_ofAnIdThatHasEnded_isRefused() throws Exception {
        try (Rekindle rekindle = started()) {
            assertThatThrownBy(() -> rekindle.client().start(HELLO, "first", "again"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_EXISTS));
            assertThat(rekindle.client().awaitEnd("first", SOON).output()).isEqualTo("\"Hello x\"");
        }
    }

    @Test
    void start_ofOneIdByMany_succeedsOnce() throws Exception {
        try (Rekindle rekindle = started();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = IntStream.range(0, 40)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            rekindle.client().start(HELLO, "a", "number " + i);
                            return true;
                        } catch (RekindleException e) {
                            return false;
                        }
                    })
                    .toList();
            int winners = 0;
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                winners += task.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
            assertThat(rekindle.client().awaitEnd("a", SOON).status()).isEqualTo(Status.COMPLETED);
            assertThat(store.read("a")).hasSize(4);
        }
    }

    @Test
    void start_whenTheStoreIsAway_isToldAndLeavesNothing() throws Exception {
        try (Rekindle rekindle = started()) {
            store.away = true;
            assertThatThrownBy(() -> rekindle.client().start(HELLO, "a", "Ann"))
                    .isInstanceOfSatisfying(
                            RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            assertThat(store.findInstance("a")).isEmpty();
            assertThat(rekindle.client().start(HELLO, "a", "Ann").result(SOON)).isEqualTo("Hello Ann");
            assertStarts(1, 0);
        }
    }

    @Test
    void start_withoutAFreeSlot_leavesTheActivityInTheQueue() throws Exception {
        try (Rekindle rekindle = warm(nodeThatMayWait()
                .options(options -> options.maxConcurrentActivities(1))
                .start())) {
            InstanceHandle<String> busy = rekindle.client().start(HELLO, "a", "wait");
            InstanceHandle<String> later = rekindle.client().start(HELLO, "b", "Bob");
            assertThat(store.findInstance("b").orElseThrow().status()).isEqualTo(Status.RUNNING);
            gate.countDown();
            assertThat(busy.result(SOON)).isEqualTo("Hello wait");
            assertThat(later.result(SOON)).isEqualTo("Hello Bob");
        }
    }

    @Test
    void start_committedAfterTheNodeHasClosed_isNotLost() throws Exception {
        Rekindle closing = warm(node().orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .options(options -> options.shutdownTimeout(Duration.ZERO))
                .start());
        store.slow = gate;
        FutureTask<InstanceHandle<String>> late =
                new FutureTask<>(() -> closing.client().start(HELLO, "a", "Ann"));
        Thread.ofVirtual().start(late);
        store.arrived.await();
        closing.close();
        gate.countDown();
        InstanceHandle<String> handle = late.get();
        try (Rekindle next = node().orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start()) {
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann");
        }
    }

    @Test
    void start_afterTheNodeHasClosed_waitsForAnother() throws Exception {
        Rekindle closed = started();
        closed.close();
        InstanceHandle<String> handle = closed.client().start(HELLO, "a", "Ann");
        assertThat(store.findInstance("a").orElseThrow().status()).isEqualTo(Status.PENDING);
        assertStarts(0, 1);
        try (Rekindle next = node().orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .start()) {
            assertThat(handle.result(SOON)).isEqualTo("Hello Ann");
        }
    }
}
