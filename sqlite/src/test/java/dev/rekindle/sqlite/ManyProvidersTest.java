package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several providers on one file: one owner, standbys, and clients that never fetch. Within one JVM as between two. */
@Timeout(60)
class ManyProvidersTest {
    @TempDir
    private Path dir;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider firstProvider;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider secondProvider;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode first;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode second;

    @BeforeEach
    void open() {
        String url = "sqlite:" + dir.resolve("store.db");
        firstProvider = SqliteProvider.open(url, clock);
        secondProvider = SqliteProvider.open(url, clock);
        first = new TestNode(firstProvider, "first");
        second = new TestNode(secondProvider, "second");
    }

    @AfterEach
    void close() {
        firstProvider.close();
        secondProvider.close();
    }

    @Test
    void fetch_anotherOneIsOwner_waitsAsStandby() {
        assertThat(firstProvider.isStandby()).isFalse();
        assertThat(first.fetch()).isEmpty();
        first.start("a");
        assertThat(secondProvider.isStandby()).isFalse();
        assertThat(second.fetch(1, Duration.ofMillis(150))).isEmpty();
        assertThat(second.dequeue(1, Duration.ofMillis(150))).isEmpty();
        assertThat(secondProvider.isStandby()).isTrue();
        assertThat(first.fetch()).hasSize(1);
        assertThat(firstProvider.isStandby()).isFalse();
    }

    @Test
    void owner_dies_standbyTakesOver() throws Exception {
        TestTurn turn = first.begin("a").scheduleHere().keep();
        TurnReceipt receipt = turn.commit();
        first.raise("a", "1");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OrchestrationItem> taken = callers.submit(second::fetchOne);
            firstProvider.dropWithoutRelease();
            OrchestrationItem item = taken.get();
            assertThat(item.lastEventId()).isEqualTo(2);
            assertThat(TestNode.payloads(item)).containsExactly("1");
            assertThat(secondProvider.isStandby()).isFalse();
            assertThat(second.dequeueOne().nodeDeaths()).isEqualTo(1);
        }
        assertThat(receipt.leased()).hasSize(1);
    }

    @Test
    void owner_releasesItsNode_standbyTakesOverWithoutADeath() throws Exception {
        first.start("a");
        OrchestrationItem held = first.fetchOne();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OrchestrationItem> taken = callers.submit(second::fetchOne);
            firstProvider.releaseNode(first.id());
            assertThat(taken.get().nodeDeaths()).isZero();
        }
        assertCode(ErrorCode.LEASE_LOST, () -> TestTurn.of(first, held).commit());
        assertThat(first.fetch(1, Duration.ofMillis(10))).isEmpty();
        assertThat(firstProvider.isStandby()).isTrue();
    }

    @Test
    void owner_cannotWriteItsRelease_standbyTakesOver() {
        first.start("a");
        OrchestrationItem held = first.fetchOne();
        execute("CREATE TRIGGER no_release BEFORE UPDATE ON owner BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
        assertCode(ErrorCode.STORE_UNAVAILABLE, first::release);
        execute("DROP TRIGGER no_release");
        assertThat(second.fetchOne().nodeDeaths()).isEqualTo(1);
        assertCode(ErrorCode.LEASE_LOST, () -> TestTurn.of(first, held).commit());
    }

    @Test
    void owner_releasesAfterAllWasVoid_standbyTakesOver() {
        first.start("a");
        first.fetchOne();
        assertCode(
                ErrorCode.STORE_UNAVAILABLE, () -> firstProvider.write(new BreakOff(new AssertionError("on purpose"))));
        first.release();
        assertThat(second.fetchOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void client_appends_onlyWhileNobodyRuns() {
        TestTurn turn = first.begin("a").note("\"x\"");
        turn.commit();
        var event = new Event.CustomStatusSet(3, TestTurn.AT, null);
        assertCode(ErrorCode.LEASE_LOST, () -> secondProvider.appendWithExecution("a", 1, List.of(event)));
        firstProvider.releaseNode(first.id());
        secondProvider.appendWithExecution("a", 1, List.of(event));
        first.raise("a", "1");
        assertThat(first.fetchOne().lastEventId()).isEqualTo(3);
    }

    @Test
    void bothWrite_keysNeverCollide() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 500).forEach(i -> {
                callers.submit(() -> first.start("first-" + i));
                callers.submit(() -> second.start("second-" + i));
            });
        }
        assertThat(firstProvider.listInstances()).hasSize(1_000);
        int seen = 0;
        while (seen < 1_000) {
            seen += first.fetch(100, TestNode.LONG).size();
        }
        assertThat(first.fetch()).isEmpty();
    }

    @Test
    void client_underFullLoadOfTheOwner_isNotStarved() throws Exception {
        int hot = 64;
        List<TestTurn> turns =
                IntStream.range(0, hot).mapToObj(i -> first.begin("hot-" + i)).toList();
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (TestTurn turn : turns) {
                callers.submit(() -> {
                    TestTurn next = turn;
                    while (!enough.get()) {
                        next = next.note("\"x\"").keep().commitAndGoOn();
                    }
                    return next;
                });
            }
            long commits = firstProvider.writerStats().commits();
            for (int i = 0; i < 50; i++) {
                second.start("foreign-" + i);
            }
            long meanwhile = firstProvider.writerStats().commits() - commits;
            enough.set(true);
            assertThat(meanwhile)
                    .as("commits of the owner during 50 of the client")
                    .isLessThan(50 * 40);
        }
        assertThat(first.fetch(100, TestNode.LONG)).hasSize(50);
    }

    private void execute(String sql) {
        firstProvider.write(new WriterCall<>(session -> {
            session.script(sql);
            return sql;
        }));
    }
}
