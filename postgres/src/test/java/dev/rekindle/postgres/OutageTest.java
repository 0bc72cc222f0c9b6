package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.testkit.SoundStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A runtime whose store goes away and comes back, or loses answers all the time: nobody has to do anything about it. */
@Timeout(180)
class OutageTest {
    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> STEPS =
            Orchestration.named("Steps", Integer.class, Integer.class);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int INSTANCES = 60;
    private static final int LENGTH = 6;

    private final TestSchema schema = new TestSchema();
    private final Wire wire = Wire.open();

    @AfterEach
    void close() {
        wire.close();
        schema.close();
    }

    /** Steps one after the other, with a timer and a message in the middle, then some at once. */
    private static Integer steps(OrchestrationContext ctx, Integer start) {
        int value = start;
        for (int i = 0; i < LENGTH; i++) {
            value = ctx.call(STEP, value);
        }
        ctx.sleep(Duration.ofMillis(1));
        value += ctx.event("more", Integer.class).await();
        int base = value;
        return ctx
                .<Integer>allOf(IntStream.range(0, LENGTH)
                        .mapToObj(i -> ctx.schedule(STEP, base + i))
                        .toList())
                .await()
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
    }

    private static int expected(int start) {
        return start + LENGTH + 1_000 + LENGTH;
    }

    private static String id(int number) {
        return "steps-" + number;
    }

    private static void startAll(Client client) {
        for (int i = 0; i < INSTANCES; i++) {
            client.start(STEPS, id(i), i);
            client.raiseEvent(id(i), "more", 1_000);
        }
    }

    private static void assertAllWell(Client client, PostgresProvider provider) throws InterruptedException {
        for (int i = 0; i < INSTANCES; i++) {
            assertThat(client.handle(STEPS, id(i)).result(LONG)).as(id(i)).isEqualTo(expected(i));
        }
        StoreImage image = provider.inspect();
        SoundStore.check(image);
        assertThat(image.statusCounts()).containsOnlyKeys(Status.COMPLETED);
        assertThat(image.deadLetters()).isEmpty();
        for (StoreImage.StoredInstance its : image.instances()) {
            List<Event> history = its.histories().get(1L);
            assertThat(history)
                    .filteredOn(Event.ActivityCompleted.class::isInstance)
                    .hasSize(2 * LENGTH);
            assertThat(its.snapshot().problem()).isNull();
        }
    }

    @Test
    void runtime_storeAwayForLongerThanItsPatience_resumesByItself() throws Exception {
        CountDownLatch underWay = new CountDownLatch(INSTANCES);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (PostgresProvider provider = PostgresProvider.open(wire.url(schema));
                Rekindle node = Rekindle.on(provider)
                        .activity(STEP, (ctx, value) -> {
                            runs.incrementAndGet();
                            underWay.countDown();
                            gate.await();
                            return value + 1;
                        })
                        .orchestration(STEPS, OutageTest::steps)
                        .start()) {
            startAll(node.client());
            underWay.await();
            wire.refuse();
            gate.countDown();
            long cut = System.nanoTime();
            RekindleException told = catchThrowableOfType(
                    RekindleException.class, () -> node.client().start(STEPS, "in vain", 0));
            assertThat(told).isNotNull();
            assertThat(told.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(30));
            wire.repair();
            assertAllWell(node.client(), provider);
            assertThat(runs.get())
                    .as("attempts: only those were repeated whose commit nobody could tell of in time")
                    .isBetween(INSTANCES * 2 * LENGTH, INSTANCES * (2 * LENGTH + 1));
        }
    }

    private static void lost(Wire wire) {
        try {
            wire.awaitLostAnswer();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runtime_answersAreLostAgainAndAgain_doesAllOnce() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (PostgresProvider provider = PostgresProvider.open(wire.url(schema));
                Rekindle node = Rekindle.on(provider)
                        .activity(STEP, (ctx, value) -> {
                            runs.incrementAndGet();
                            return value + 1;
                        })
                        .orchestration(STEPS, OutageTest::steps)
                        .start()) {
            Thread losing = Thread.ofVirtual().start(() -> {
                for (int loss = 0; over.getCount() > 0; loss++) {
                    wire.loseAnswerOfCommit(1 + loss % 5);
                    lost(wire);
                }
            });
            startAll(node.client());
            for (int i = 0; i < INSTANCES; i++) {
                node.client().awaitEnd(id(i), LONG);
            }
            over.countDown();
            losing.join();
            assertAllWell(node.client(), provider);
            assertThat(runs.get())
                    .as("attempts: only those were repeated whose commit nobody could tell of in time")
                    .isBetween(INSTANCES * 2 * LENGTH, INSTANCES * (2 * LENGTH + 1));
        }
    }
}
