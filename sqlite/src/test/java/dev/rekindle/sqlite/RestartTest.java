package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
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

/** What is there after a restart, clean or not. */
class RestartTest {
    @TempDir
    private Path dir;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private Node node;

    @BeforeEach
    void open() {
        node = new Node(SqliteProvider.open("sqlite:" + dir.resolve("store.db"), clock));
    }

    @AfterEach
    void close() {
        node.provider.close();
    }

    private void restart() {
        node.provider.close();
        open();
    }

    private void crash() {
        node.provider.dropWithoutRelease();
        open();
    }

    @Test
    void restart_everythingIsThere() {
        Turn turn = node.begin("a");
        turn.schedule(false)
                .timer(turn.after(Duration.ofHours(1)))
                .customStatus("\"here\"")
                .commit();
        node.raise("a", "1");
        List<Event> history = node.provider.read("a");
        var snapshot = node.provider.findInstance("a");
        restart();
        assertThat(node.provider.read("a")).isEqualTo(history);
        assertThat(node.provider.findInstance("a")).isEqualTo(snapshot);
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lastEventId()).isEqualTo(4);
        assertThat(Node.payloads(item)).containsExactly("1");
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
        Turn.of(node, item).note("\"x\"").commit();
        clock.move(Duration.ofHours(1));
        assertThat(node.fetchOne().messages())
                .singleElement()
                .satisfies(
                        message -> assertThat(message.work()).isEqualTo(new WorkItem.TimerFired("a", "run-a", 1, 3)));
    }

    @Test
    void crash_leasesAreFreeAndCountedAsDeaths() {
        node.start("a");
        Turn.first(node, node.fetchOne()).schedule(true).keep().commit();
        node.start("b");
        node.fetchOne();
        for (int deaths = 1; deaths <= 3; deaths++) {
            crash();
            OrchestrationItem item = node.fetchOne();
            assertThat(item.lease().instance()).isEqualTo("b");
            assertThat(item.nodeDeaths()).isEqualTo(deaths);
            LeasedWork leased = node.dequeueOne();
            assertThat(leased.nodeDeaths()).isEqualTo(deaths);
            assertThat(leased.attempt()).isEqualTo(1);
        }
    }

    @Test
    void close_whatWasLeasedIsNoDeath() {
        node.start("a");
        Turn.first(node, node.fetchOne()).schedule(true).keep().commit();
        node.raise("a", "1");
        for (int i = 0; i < 3; i++) {
            restart();
            assertThat(node.fetchOne().nodeDeaths()).isZero();
            assertThat(node.dequeueOne().nodeDeaths()).isZero();
        }
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
        restart();
        assertThat(node.fetchOne().nodeDeaths()).isEqualTo(1);
        assertThat(node.dequeueOne().nodeDeaths()).isEqualTo(1);
    }

    @Test
    void releaseNode_thenCrash_isNoDeath() {
        node.start("a");
        node.fetchOne();
        node.provider.releaseNode(node.id);
        crash();
        assertThat(node.fetchOne().nodeDeaths()).isZero();
    }

    @Test
    void crash_whileARetryWaits_isNoDeathOfIt() {
        node.begin("a").schedule(false).commit();
        node.dequeueOne();
        crash();
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.nodeDeaths()).isEqualTo(1);
        node.provider.abandonWorker(
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
        node.provider.abandonOrchestrationItem(
                item.lease(), Abandonment.waiting(Duration.ofMinutes(10), "no code here"));
        for (int i = 0; i < 3; i++) {
            assertThat(node.fetch()).isEmpty();
            crash();
            item = node.fetchOne();
            assertThat(item.nodeDeaths()).isEqualTo(1);
            node.provider.abandonOrchestrationItem(
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
        node.provider.enqueueOrchestratorWork(Node.raised("a", "1"), Duration.ofMinutes(1));
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
    void restart_retryWaitsForItsTime() {
        node.begin("a").schedule(false).commit();
        node.provider.abandonWorker(
                node.dequeueOne().lease(),
                WorkAbandonment.retry(Duration.ofMinutes(10), new Failure("Boom", "no", null, true), null));
        crash();
        assertThat(node.dequeue()).isEmpty();
        clock.move(Duration.ofMinutes(10));
        assertThat(node.dequeueOne().attempt()).isEqualTo(2);
    }

    @Test
    void restart_continuedAsNew_openingComesBeforeOlderMessages() {
        Turn turn = node.begin("a");
        node.raise("a", "older");
        turn.continueAsNew("2").commit();
        restart();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(item.messages().getFirst().work()).isInstanceOf(WorkItem.ContinueAsNew.class);
        assertThat(Node.payloads(item)).containsExactly("older");
    }

    @Test
    void restart_finishedInstance_hasItsEnd() {
        node.begin("a").complete("\"done\"").commit();
        restart();
        var end = node.provider.findInstance("a").orElseThrow();
        assertThat(end.status()).isEqualTo(Status.COMPLETED);
        assertThat(end.output()).isEqualTo("\"done\"");
        node.begin("b").complete("1").commit();
        assertThat(node.provider.listInstances()).containsExactly("b", "a");
    }

    @Test
    void unreadableRows_holdUpNobodyElse() throws SQLException {
        node.begin("bad").schedule(false).commit();
        node.raise("bad", "1");
        node.start("good");
        Turn.first(
                        node,
                        node.fetch().stream()
                                .filter(item -> item.lease().instance().equals("good"))
                                .findFirst()
                                .orElseThrow())
                .schedule(false)
                .commit();
        node.raise("good", "2");
        node.provider.close();
        sql("UPDATE message SET body = '{\"kind\":\"FromTheFuture\"}' WHERE instance = 1");
        sql("UPDATE work SET body = 'rubbish' WHERE key >> 28 = 1");
        open();
        OrchestrationItem item = node.fetchOne();
        assertThat(Node.payloads(item)).containsExactly("2");
        assertThat(node.dequeueOne().work().instance()).isEqualTo("good");
        assertThat(node.fetch()).isEmpty();
        assertThat(node.provider.findInstance("bad").orElseThrow().problem()).contains("HISTORY_UNREADABLE");
        assertThat(node.provider.getQueueDepths()).isEqualTo(new QueueDepths(2, 2, 0, 0));
    }

    @Test
    void inspect_rowsOfNobody_areOrphans() throws SQLException {
        Turn turn = node.begin("gone");
        turn.schedule(false).timer(turn.after(Duration.ofHours(1))).commit();
        node.raise("gone", "1");
        node.start("there");
        node.provider.close();
        sql("DELETE FROM instance WHERE id = 'gone'");
        sql("INSERT INTO execution (instance, execution, base, started_at) VALUES (2, 2, 5, 0)");
        sql("INSERT INTO history (key, events, body) SELECT (2 << 28) + 9, events, body FROM history LIMIT 1");
        open();
        StoreImage image = node.provider.inspect();
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
        node.provider.close();
        sql("UPDATE message SET body = 'rubbish'");
        open();
        assertThatThrownBy(node.provider::inspect)
                .isInstanceOf(RekindleException.class)
                .hasMessageStartingWith("HISTORY_UNREADABLE ");
    }

    @Test
    void manyTimersOnDisk_fireInTheirOrder() {
        int timers = 3 * DueQueue.PAGE;
        Turn turn = node.begin("a");
        IntStream.range(0, timers).forEach(i -> turn.timer(turn.after(Duration.ofMillis(1_000 + i))));
        turn.keep().commit();
        node.provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        restart();
        clock.move(Duration.ofMillis(1_000 + timers));
        int fired = 0;
        long last = 1 + timers;
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
            Turn.of(node, item).at(1, last++).note("\"x\"").commit();
        }
        assertThat(node.provider.getQueueDepths().timers()).isZero();
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
        long[] events = {2, 2};
        while (seen < messages) {
            OrchestrationItem item = node.fetchOne();
            int which = item.lease().instance().equals("a") ? 0 : 1;
            for (String text : Node.payloads(item)) {
                long number = Long.parseLong(text.substring(1, text.indexOf('x')));
                assertThat(number).isGreaterThan(last[which]);
                last[which] = number;
                seen++;
            }
            Turn.of(node, item).at(1, events[which]++).note("\"x\"").commit();
        }
        assertThat(node.provider.getQueueDepths().orchestrator()).isZero();
    }

    @Test
    void moreMessagesLeasedThanMemoryHolds_othersStillCome() {
        String payload = "\"" + "x".repeat(1_000_000) + "\"";
        int count = 40;
        for (int i = 0; i < count; i++) {
            node.begin("i" + i).note("\"x\"").commit();
            node.raise("i" + i, payload);
            assertThat(Node.payloads(node.fetchOne())).hasSize(1);
        }
        node.start("another");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("another");
    }

    @Test
    void moreActivitiesThanMemoryHolds_allCome() {
        int count = 60;
        String input = "\"" + "x".repeat(1_000_000) + "\"";
        Turn turn = node.begin("a");
        for (int i = 1; i <= count; i++) {
            node.provider.enqueueWorkerWork(new WorkItem.ActivityExecute(
                    "a", turn.lease().runId(), 1, 100 + i, "Ship", input, ActivityOptions.DEFAULT, Turn.AT));
        }
        for (int i = 1; i <= count; i++) {
            LeasedWork leased = node.dequeueOne();
            assertThat(leased.work().scheduledId()).isEqualTo(100 + i);
            node.complete(leased, "1");
        }
        assertThat(node.dequeue()).isEmpty();
        assertThat(node.provider.getQueueDepths().worker()).isZero();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                Statement sql = connection.createStatement()) {
            sql.executeUpdate(statement);
        }
    }
}
