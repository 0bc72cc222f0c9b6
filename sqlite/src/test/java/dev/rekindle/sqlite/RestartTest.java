package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there after a restart, clean or not, beyond what holds for every provider: deaths, paging, orphans. */
class RestartTest {
    @TempDir
    private Path dir;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider provider;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode node;

    @BeforeEach
    void open() {
        provider = SqliteProvider.open("sqlite:" + dir.resolve("store.db"), clock);
        node = new TestNode(provider, "node");
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private void restart() {
        provider.close();
        open();
    }

    private void crash() {
        provider.dropWithoutRelease();
        open();
    }

    @Test
    void crash_whileARetryWaits_isNoDeathOfIt() {
        node.begin("a").schedule().commit();
        node.dequeueOne();
        crash();
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.nodeDeaths()).isEqualTo(1);
        provider.abandonWorker(
                leased.lease(),
                WorkAbandonment.retry(Duration.ofMinutes(10), new Failure("Boom", "no", null, true), null));
        for (int i = 0; i < 3; i++) {
            crash();
            assertThat(node.dequeue()).isEmpty();
        }
        restart();
        clock.move(Duration.ofMinutes(10));
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
        crash();
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(2);
    }

    @Test
    void crash_whileAnAbandonedInstanceWaits_isNoDeathOfIt() {
        node.start("a");
        node.fetchOne();
        crash();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.nodeDeaths()).isEqualTo(1);
        provider.abandonOrchestrationItem(item.lease(), Abandonment.waiting(Duration.ofMinutes(10), "no code here"));
        for (int i = 0; i < 3; i++) {
            assertThat(node.fetch()).isEmpty();
            crash();
            item = node.fetchOne();
            assertThat(item.nodeDeaths()).isEqualTo(1);
            provider.abandonOrchestrationItem(
                    item.lease(), Abandonment.waiting(Duration.ofMinutes(10), "no code here"));
        }
        clock.move(Duration.ofMinutes(10));
        node.fetchOne();
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(2);
    }

    @Test
    void crash_whatCameWhenNobodyRan_isNoDeathOfIt() {
        node.begin("a").note("\"x\"").commit();
        crash();
        node.raise("a", "1");
        node.start("b");
        assertThat(node.fetch())
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.nodeDeaths()).isZero());
    }

    @Test
    void crash_beforeAMessageIsVisible_isNoDeathOfIt() {
        node.begin("a").note("\"x\"").commit();
        provider.enqueueOrchestratorWork(TestNode.raised("a", "1"), Duration.ofMinutes(1));
        crash();
        assertThat(node.fetch()).isEmpty();
        clock.move(Duration.ofMinutes(1));
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void crash_whatMerelyWaited_countsOnceAtMost() {
        node.begin("a");
        node.raise("a", "1");
        for (int i = 0; i < 3; i++) {
            crash();
            assertThat(node.dequeue()).isEmpty();
        }
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void inspect_rowsOfNobody_areOrphans() throws SQLException {
        TestTurn turn = node.begin("gone");
        turn.schedule().timer(Duration.ofHours(1)).commit();
        node.raise("gone", "1");
        node.start("there");
        provider.close();
        sql("DELETE FROM instance WHERE id = 'gone'");
        sql("INSERT INTO execution (instance, execution, base, started_at) VALUES (2, 2, 5, 0)");
        sql("INSERT INTO history (key, events, body) SELECT (2 << 28) + 9, events, body FROM history LIMIT 1");
        open();
        StoreImage image = provider.inspect();
        assertThat(image.instances()).singleElement().satisfies(instance -> {
            assertThat(instance.snapshot().instance()).isEqualTo("there");
            assertThat(instance.histories()).isEmpty();
        });
        assertThat(image.orphans())
                .satisfiesExactlyInAnyOrder(
                        orphan -> assertThat(orphan).isEqualTo("execution 2 of instance key 2"),
                        orphan -> assertThat(orphan).startsWith("events at position 1 of instance key 1"),
                        orphan -> assertThat(orphan).startsWith("events at position 2 of instance key 1"),
                        orphan -> assertThat(orphan).startsWith("events at position 9 of instance key 2"),
                        orphan -> assertThat(orphan)
                                .startsWith("message 2 of instance key 1: {")
                                .contains("RaiseEvent"),
                        orphan -> assertThat(orphan).isEqualTo("timer at position 3 of instance key 1"),
                        orphan -> assertThat(orphan).startsWith("activity at position 2 of instance key 1: {"));
    }

    @Test
    void inspect_unreadableRow_isRefused() throws SQLException {
        node.start("a");
        provider.close();
        sql("UPDATE message SET body = 'rubbish'");
        open();
        assertThatThrownBy(provider::inspect)
                .isInstanceOf(RekindleException.class)
                .hasMessageStartingWith("HISTORY_UNREADABLE ");
    }

    @Test
    void manyTimersOnDisk_fireInTheirOrder() {
        int timers = 3 * DueQueue.PAGE;
        TestTurn turn = node.begin("a");
        IntStream.range(0, timers).forEach(i -> turn.timer(Duration.ofMillis(1_000 + i)));
        turn.keep().commit();
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        restart();
        clock.move(Duration.ofMillis(1_000 + timers));
        int fired = 0;
        while (fired < timers) {
            OrchestrationItem item = node.fetchOne();
            List<Long> ids = item.messages().stream()
                    .map(message -> ((WorkItem.TimerFired) message.work()).scheduledId())
                    .toList();
            int before = fired;
            assertThat(ids)
                    .containsExactlyElementsOf(IntStream.range(0, ids.size())
                            .mapToObj(i -> (long) before + i + 2)
                            .toList());
            fired += ids.size();
            TestTurn.of(node, item).commit();
        }
        assertThat(provider.getQueueDepths().timers()).isZero();
    }

    @Test
    void moreMessagesThanMemoryHolds_allComeInOrder() {
        String payload = "\"" + "x".repeat(1_000_000) + "\"";
        node.begin("a").note("\"x\"").commit();
        node.begin("b").note("\"x\"").commit();
        int messages = 60;
        for (int i = 0; i < messages; i++) {
            node.raise(i % 2 == 0 ? "a" : "b", payload.replace("\"x", "\"" + i + "x"));
        }
        int seen = 0;
        long[] last = {-1, -1};
        while (seen < messages) {
            OrchestrationItem item = node.fetchOne();
            int which = item.lease().instance().equals("a") ? 0 : 1;
            for (String text : TestNode.payloads(item)) {
                long number = Long.parseLong(text.substring(1, text.indexOf('x')));
                assertThat(number).isGreaterThan(last[which]);
                last[which] = number;
                seen++;
            }
            TestTurn.of(node, item).commit();
        }
        assertThat(provider.getQueueDepths().orchestrator()).isZero();
    }

    @Test
    void moreMessagesLeasedThanMemoryHolds_othersStillCome() {
        String payload = "\"" + "x".repeat(1_000_000) + "\"";
        int count = 40;
        for (int i = 0; i < count; i++) {
            node.begin("i" + i).note("\"x\"").commit();
            node.raise("i" + i, payload);
            assertThat(TestNode.payloads(node.fetchOne())).hasSize(1);
        }
        node.start("another");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("another");
    }

    private static final String LARGE = '"' + "x".repeat(1_000_000) + '"';

    private void raiseMany(String instance) {
        for (int i = 0; i < 40; i++) {
            node.raise(instance, LARGE);
        }
    }

    @Test
    void moreMessagesThanMemoryHolds_ofASuspendedInstance_othersStillCome() {
        node.settle("a");
        provider.suspendInstance("a", "look first");
        raiseMany("a");
        node.start("another");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("another");
        crash();
        node.start("third");
        assertThat(List.of(node.fetchOne(), node.fetchOne()))
                .extracting(item -> item.lease().instance())
                .containsExactlyInAnyOrder("another", "third");

        provider.resumeInstance("a");
        int taken = 0;
        while (taken < 40) {
            OrchestrationItem item = node.fetchOne();
            assertThat(TestNode.payloads(item)).hasSizeBetween(1, 10).allMatch(LARGE::equals);
            TestTurn.of(node, item).commit();
            taken += item.messages().size();
        }
        assertThat(node.fetch()).isEmpty();
        assertThat(provider.getQueueDepths().orchestrator()).isEqualTo(2);
    }

    @Test
    void moreMessagesThanMemoryHolds_ofAnInstanceThatIsPutOff_othersStillCome() {
        OrchestrationItem stuck = node.begin("a").item();
        provider.abandonOrchestrationItem(stuck.lease(), Abandonment.stuck(Duration.ofHours(1), "no such code"));
        raiseMany("a");
        node.start("another");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("another");

        node.send(new WorkItem.TerminateInstance("a", null, "enough"));
        clock.move(Duration.ofHours(1));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.messages().getLast().work()).isInstanceOf(WorkItem.TerminateInstance.class);
        TestTurn.of(node, item).complete("1").commit();
        assertThat(provider.inspect().deadLetters())
                .hasSize(40 - TestNode.payloads(item).size());
        assertThat(provider.getQueueDepths().orchestrator()).isEqualTo(1);
    }

    @Test
    void instanceThatIsNotReadable_holdsUpNoOther() throws SQLException {
        node.start("bad");
        node.start("good");
        provider.close();
        sql("UPDATE instance SET status = 'Later' WHERE id = 'bad'");
        open();
        assertThat(node.fetchOne().lease().instance()).isEqualTo("good");
    }

    @Test
    void moreActivitiesThanMemoryHolds_allCome() {
        int count = 60;
        String input = "\"" + "x".repeat(1_000_000) + "\"";
        TestTurn turn = node.begin("a");
        for (int i = 1; i <= count; i++) {
            provider.enqueueWorkerWork(new WorkItem.ActivityExecute(
                    "a", turn.lease().runId(), 1, 100 + i, "Ship", input, ActivityOptions.DEFAULT, TestTurn.AT));
        }
        for (int i = 1; i <= count; i++) {
            LeasedWork leased = node.dequeueOne();
            assertThat(leased.work().scheduledId()).isEqualTo(100 + i);
            node.complete(leased, "1");
        }
        assertThat(node.dequeue()).isEmpty();
        assertThat(provider.getQueueDepths().worker()).isZero();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                Statement sql = connection.createStatement()) {
            sql.executeUpdate(statement);
        }
    }
}
