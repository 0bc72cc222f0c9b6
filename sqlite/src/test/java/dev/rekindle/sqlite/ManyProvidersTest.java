package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
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
    private Node first;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private Node second;

    @BeforeEach
    void open() {
        String url = "sqlite:" + dir.resolve("store.db");
        first = new Node(SqliteProvider.open(url, clock), "first");
        second = new Node(SqliteProvider.open(url, clock), "second");
    }

    @AfterEach
    void close() {
        first.provider.close();
        second.provider.close();
    }

    @Test
    void fetch_anotherOneIsOwner_waitsAsStandby() {
        assertThat(first.provider.isStandby()).isFalse();
        assertThat(first.fetch()).isEmpty();
        first.start("a");
        assertThat(second.provider.isStandby()).isFalse();
        assertThat(second.fetch(1, Duration.ofMillis(150))).isEmpty();
        assertThat(second.dequeue(1, Duration.ofMillis(150))).isEmpty();
        assertThat(second.provider.isStandby()).isTrue();
        assertThat(first.fetch()).hasSize(1);
        assertThat(first.provider.isStandby()).isFalse();
    }

    @Test
    void owner_dies_standbyTakesOver() throws Exception {
        Turn turn = first.begin("a").schedule(true).keep();
        TurnReceipt receipt = turn.commit();
        first.raise("a", "1");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OrchestrationItem> taken = callers.submit(second::fetchOne);
            first.provider.dropWithoutRelease();
            OrchestrationItem item = taken.get();
            assertThat(item.lastEventId()).isEqualTo(2);
            assertThat(Node.payloads(item)).containsExactly("1");
            assertThat(second.provider.isStandby()).isFalse();
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
            first.provider.releaseNode(first.id);
            assertThat(taken.get().nodeDeaths()).isZero();
        }
        SqliteContract.assertCode(
                ErrorCode.LEASE_LOST, () -> Turn.first(first, held).commit());
        assertThat(first.fetch(1, Duration.ofMillis(10))).isEmpty();
        assertThat(first.provider.isStandby()).isTrue();
    }

    @Test
    void client_writes_ownerNoticesAndClientSeesTheEnd() throws Exception {
        assertThat(first.fetch()).isEmpty();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<OrchestrationItem> fetched = callers.submit(first::fetchOne);
            second.start("a");
            Turn turn = Turn.first(first, fetched.get());
            turn.schedule(false).commit();
            fetched = callers.submit(first::fetchOne);
            second.raise("a", "1");
            Future<InstanceSnapshot> end = callers.submit(
                    () -> second.provider.awaitInstance("a", Node.LONG).orElseThrow());
            OrchestrationItem item = fetched.get();
            assertThat(Node.payloads(item)).containsExactly("1");
            Turn.of(first, item).complete("\"done\"").commit();
            assertThat(end.get().output()).isEqualTo("\"done\"");
        }
        assertThat(second.provider.isStandby()).isFalse();
        assertThat(second.provider.getSystemMetrics().instances(Status.COMPLETED))
                .isEqualTo(1);
        SqliteContract.assertCode(ErrorCode.INSTANCE_ENDED, () -> second.raise("a", "2"));
        SqliteContract.assertCode(ErrorCode.INSTANCE_EXISTS, () -> second.start("a"));
    }

    @Test
    void client_queuesWorkAndDelayedMessages_ownerNotices() {
        Turn turn = first.begin("a");
        turn.note("\"x\"").commit();
        second.provider.enqueueWorkerWork(Node.activity(turn.item, 1, 1));
        assertThat(first.dequeueOne().work().scheduledId()).isEqualTo(1);
        second.provider.enqueueOrchestratorWork(Node.raised("a", "later"), Duration.ofSeconds(30));
        second.raise("a", "now");
        assertThat(Node.payloads(first.fetchOne())).containsExactly("now");
    }

    @Test
    void client_appends_onlyWhileNobodyRuns() {
        Turn turn = first.begin("a").note("\"x\"");
        turn.commit();
        var event = new Event.CustomStatusSet(3, Turn.AT, null);
        SqliteContract.assertCode(
                ErrorCode.LEASE_LOST, () -> second.provider.appendWithExecution("a", 1, List.of(event)));
        first.provider.releaseNode(first.id);
        second.provider.appendWithExecution("a", 1, List.of(event));
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
        assertThat(first.provider.listInstances()).hasSize(1_000);
        int seen = 0;
        while (seen < 1_000) {
            seen += first.fetch(100, Node.LONG).size();
        }
        assertThat(first.fetch()).isEmpty();
    }

    @Test
    void client_underFullLoadOfTheOwner_isNotStarved() throws Exception {
        int hot = 64;
        List<Turn> turns =
                IntStream.range(0, hot).mapToObj(i -> first.begin("hot-" + i)).toList();
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Turn turn : turns) {
                callers.submit(() -> {
                    Turn next = turn;
                    while (!enough.get()) {
                        next = next.note("\"x\"").keep().commitAndGoOn();
                    }
                    return next;
                });
            }
            long commits = first.provider.writerStats().commits();
            for (int i = 0; i < 50; i++) {
                second.start("foreign-" + i);
            }
            long meanwhile = first.provider.writerStats().commits() - commits;
            enough.set(true);
            assertThat(meanwhile)
                    .as("commits of the owner during 50 of the client")
                    .isLessThan(50 * 40);
        }
        assertThat(first.fetch(100, Node.LONG)).hasSize(50);
    }

    @Test
    void lifeTogether_messagesOfRunAnswerEachOther() {
        first.start("a");
        Turn.first(first, first.fetchOne()).commit();
        second.provider.enqueueOrchestratorWork(new WorkItem.CancelInstance("a", "run-a", "enough"), Duration.ZERO);
        assertThat(first.fetchOne().messages())
                .extracting(OrchestrationItem.Message::work)
                .containsExactly(new WorkItem.CancelInstance("a", "run-a", "enough"));
    }
}
