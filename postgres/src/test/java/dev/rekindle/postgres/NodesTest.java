package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes on one store that stand still, leave, or lose their connections. Times are real, and short. */
@Timeout(60)
class NodesTest {
    private static final String SHORT = "&takeover=2";

    /** So long that whatever happens in time is not a takeover, and no look around either. */
    private static final String LONG = "&takeover=600";

    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private final List<AutoCloseable> open = new ArrayList<>();

    NodesTest() {
        SCHEMA.open().close();
        SCHEMA.empty();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Wire wire() {
        Wire wire = Wire.open();
        open.add(wire);
        return wire;
    }

    private PostgresProvider provider(Wire wire, String takeover) {
        PostgresProvider provider =
                PostgresProvider.open(wire.url(SCHEMA) + takeover + "&ApplicationName=" + SCHEMA.name());
        open.add(provider);
        return provider;
    }

    private PostgresProvider provider(String takeover) {
        return provider(wire(), takeover);
    }

    private static <T> CompletableFuture<T> meanwhile(Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(action.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static <T> T soon(CompletableFuture<T> result) throws Exception {
        return result.get(TestNode.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertLost(Runnable call) {
        RekindleException told = catchThrowableOfType(RekindleException.class, call::run);
        assertThat(told).as("what the stale node is told").isNotNull();
        assertThat(told.code()).as(told.getMessage()).isEqualTo(ErrorCode.LEASE_LOST);
    }

    // ---- a node that remembers what is not so

    @Test
    void commit_ofAnInstanceThatSomebodyElseWroteTo_isRefusedAndReadAgain() {
        PostgresProvider provider = provider(LONG);
        TestNode node = new TestNode(provider, "node");
        TestTurn turn = node.begin("a").note("1").keep();
        turn.commit();
        String last = SCHEMA.value("SELECT max(position + events) FROM rekindle.history");
        SCHEMA.sql("INSERT INTO rekindle.history SELECT instance, max(position + events), 1, '[]' FROM rekindle.history"
                + " GROUP BY instance");
        assertLost(() -> turn.followUp().note("2").commit());
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).hasToString(last);
    }

    // ---- instances that come and go while a turn waits

    /** It was not there yet when the turn locked its receivers, and is about to go when the message is written. */
    @Test
    void send_toAnInstanceThatCameAndEndsMeanwhile_isADeadLetter() throws Exception {
        TestNode node = new TestNode(provider(LONG), "node");
        TestNode other = new TestNode(provider(LONG), "other");
        other.settle("slow");
        TestTurn turn = node.begin("sender").send(TestNode.raised("slow", "1")).send(TestNode.raised("brief", "2"));
        try (Connection first = TestServer.connect();
                Connection second = TestServer.connect()) {
            Session holding = hold(first, "SELECT FROM rekindle.queue FOR UPDATE");
            CompletableFuture<TurnReceipt> sent = meanwhile(turn::commit);
            awaitWaitingFor(holding);
            other.start("brief");
            Session ending = hold(
                    second, "DELETE FROM rekindle.queue USING rekindle.instance WHERE instance = key AND id = 'brief'");
            holding.script("ROLLBACK");
            awaitWaitingFor(ending);
            ending.script("COMMIT");
            soon(sent);
        }
        assertThat(SCHEMA.value("SELECT string_agg(instance, ',') FROM rekindle.dead_letter"))
                .isEqualTo("brief");
        assertThat(SCHEMA.value("SELECT count(*) FROM rekindle.message WHERE kind = 'event'"))
                .isEqualTo("1");
    }

    private static Session hold(Connection connection, String sql) throws SQLException {
        Session session = new Session(connection, new Schema(SCHEMA.options()));
        session.script("BEGIN");
        session.script(sql);
        return session;
    }

    private static void awaitWaitingFor(Session holder) throws SQLException {
        String holding =
                holder.first("SELECT pg_backend_pid()", row -> row.getString(1)).orElseThrow();
        SCHEMA.await("SELECT count(*) FROM pg_stat_activity WHERE pg_blocking_pids(pid) @> ARRAY[" + holding + "]");
    }

    // ---- what is told of an end

    /** The store's clock goes on from statement to statement. */
    @Test
    void end_isToldWithTheTimeThatIsStored() throws Exception {
        PostgresProvider provider = provider(LONG);
        TestTurn turn = new TestNode(provider, "node").begin("a").note("1").keep();
        turn.commit();
        String clock = SCHEMA.value("SELECT pg_get_functiondef('%s.store_now'::regproc)".formatted(SCHEMA.name()));
        SCHEMA.sql("""
            CREATE SEQUENCE rekindle.tick;
            CREATE OR REPLACE FUNCTION rekindle.store_now() RETURNS timestamptz LANGUAGE sql
              AS 'SELECT clock_timestamp() + nextval(''rekindle.tick'') * interval ''1 millisecond'''
            """);
        AtomicReference<Optional<InstanceSnapshot>> told = new AtomicReference<>(Optional.empty());
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                told.set(provider.awaitInstance("a", TestNode.LONG));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        turn.followUp().complete("\"done\"").commit();
        waiting.join();
        SCHEMA.sql(String.valueOf(clock));
        assertThat(told.get().orElseThrow().finishedAt())
                .isEqualTo(provider.findInstance("a").orElseThrow().finishedAt());
    }

    // ---- what is too much at once

    /** Each in a transaction of its own or nearly so, though all wait together. */
    @Test
    void send_ofManyLargeMessagesAtOnce_isSeveralTransactions() throws Exception {
        PostgresProvider provider = provider(LONG);
        TestNode node = new TestNode(provider, "node");
        node.settle("a");
        String large = '"' + "x".repeat(9_000_000) + '"';
        long before = provider.writerStats().commits();
        List<CompletableFuture<Boolean>> sent = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sent.add(meanwhile(() -> {
                node.raise("a", large);
                return true;
            }));
        }
        for (CompletableFuture<Boolean> one : sent) {
            assertThat(soon(one)).isTrue();
        }
        assertThat(provider.writerStats().commits() - before).isGreaterThanOrEqualTo(4);
        assertThat(node.fetchOne().messages()).hasSize(8);
    }

    // ---- a node that stands still

    @Test
    void silentNode_itsPlaceTaken_itsWritesAreRefusedAndItGoesOnInANewPlace() {
        PostgresProvider staleProvider = provider(SHORT);
        TestNode stale = new TestNode(staleProvider, "stale");
        TestTurn turn = stale.begin("a").scheduleHere().schedule().keep();
        turn.commit();
        LeasedWork work = stale.dequeueOne();
        staleProvider.mute(true);
        long place = staleProvider.nodeKey();

        PostgresProvider provider = provider(SHORT);
        TestNode node = new TestNode(provider, "node");
        List<LeasedWork> taken = List.of(node.dequeueOne(), node.dequeueOne());
        assertThat(taken).extracting(LeasedWork::nodeDeaths).containsOnly(1);
        assertThat(provider.writerStats().takenOver()).isEqualTo(1);

        assertLost(() -> turn.followUp().note("\"stale\"").commit());
        assertLost(() -> stale.complete(work, "\"stale\""));
        assertThat(staleProvider.renewWorker(work.lease(), "\"stale\"")).isFalse();
        assertThat(staleProvider.writerStats().refusedWrites()).isEqualTo(2);
        assertThat(SCHEMA.value("SELECT count(*) FROM rekindle.history")).isEqualTo("2");
        assertThat(SCHEMA.value("SELECT count(*) FROM rekindle.message")).isEqualTo("0");
        assertThat(SCHEMA.value("SELECT count(heartbeat) FROM rekindle.work")).isEqualTo("0");

        taken.forEach(each -> node.complete(each, "\"done\""));
        assertThat(TestNode.works(node.fetchOne())).hasSize(2);
        assertThat(staleProvider.nodeKey()).isNotEqualTo(place);
        stale.begin("b").complete("1").commit();
    }

    @Test
    void nodeInTheMidstOfATransaction_standingStill_isTakenOver() throws Exception {
        Wire wire = wire();
        TestNode stale = new TestNode(provider(wire, SHORT), "stale");
        TestTurn turn = stale.begin("a").note("\"stale\"");
        wire.stallAtNextCommit();
        CompletableFuture<TurnReceipt> late = meanwhile(turn::commit);
        wire.awaitStall();

        TestNode node = new TestNode(provider(SHORT), "node");
        CompletableFuture<OrchestrationItem> taken = meanwhile(node::fetchOne);
        new TestNode(provider(SHORT), "client").raise("a", "1");
        OrchestrationItem item = soon(taken);
        assertThat(TestNode.payloads(item)).containsExactly("1");
        TestTurn.of(node, item).complete("1").commit();

        wire.repair();
        assertThat(late)
                .failsWithin(TestNode.LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RekindleException.class);
        assertLost(turn::commit);
        assertThat(SCHEMA.value("SELECT string_agg(body, '') FROM rekindle.history"))
                .contains("OrchestrationCompleted")
                .doesNotContain("stale");
    }

    @Test
    void nodeThatWaitsForOneStandingStill_takesItOver() throws Exception {
        Wire wire = wire();
        TestNode stale = new TestNode(provider(wire, SHORT), "stale");
        TestTurn turn = stale.begin("a").note("\"stale\"");
        TestNode node = new TestNode(provider(SHORT), "node");
        node.settle("b");
        wire.stallAtNextCommit();
        CompletableFuture<TurnReceipt> late = meanwhile(turn::commit);
        wire.awaitStall();

        node.raise("a", "1");
        node.raise("b", "2");
        assertThat(List.of(node.fetchOne(), node.fetchOne()))
                .extracting(TestNode::payloads)
                .containsExactlyInAnyOrder(List.of("1"), List.of("2"));

        wire.repair();
        assertThat(late).failsWithin(TestNode.LONG);
    }

    /** As behind a firewall that forgot it: the server waits for the rest of the transaction, and has the node's own row. */
    @Test
    void nodeWhoseConnectionTheServerTakesForWhole_goesOn() throws Exception {
        Wire wire = wire();
        PostgresProvider provider = provider(wire, SHORT);
        TestTurn turn = new TestNode(provider, "node").begin("a").complete("1");
        wire.loseClientAtNextCommit();
        soon(meanwhile(turn::commit));
        assertThat(provider.findInstance("a").orElseThrow().status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void nodesCutOffTogether_theFirstOneBackTakesNothingFromTheOther() throws Exception {
        Wire wire = wire();
        TestNode first = new TestNode(provider(wire, SHORT), "first");
        Wire otherWire = wire();
        PostgresProvider provider = provider(otherWire, SHORT);
        TestNode other = new TestNode(provider, "other");
        other.begin("a").schedule().commit();
        LeasedWork work = other.dequeueOne();
        assertThat(first.fetch()).isEmpty();
        wire.refuse();
        otherWire.refuse();
        String silent = null;
        while (silent == null) {
            silent = SCHEMA.value(
                    "SELECT key FROM rekindle.node WHERE key = ? AND expires_at < rekindle.store_now()",
                    provider.nodeKey());
        }
        wire.repair();
        assertThat(wire.statementsUntilCommits(2)).isPositive();
        otherWire.repair();
        other.complete(work, "1");
        assertThat(other.fetchOne().nodeDeaths()).isZero();
    }

    // ---- a node that leaves

    @Test
    void close_withLeases_anotherNodeHasThemAtOnce() throws Exception {
        PostgresProvider provider = provider(LONG);
        TestNode leaving = new TestNode(provider, "leaving");
        leaving.start("a");
        leaving.fetchOne();
        leaving.begin("b").schedule().commit();
        leaving.dequeueOne();
        String first = awaitListener();

        TestNode node = new TestNode(provider(LONG), "node");
        CompletableFuture<OrchestrationItem> instance = meanwhile(node::fetchOne);
        CompletableFuture<LeasedWork> work = meanwhile(node::dequeueOne);
        awaitListener(first);
        provider.close();

        assertThat(soon(instance).nodeDeaths()).isZero();
        assertThat(soon(work).nodeDeaths()).isZero();
        assertThat(SCHEMA.value("SELECT count(*) FROM rekindle.node WHERE key <> 0"))
                .isEqualTo("1");
    }

    @Test
    void releaseNode_withLeases_anotherNodeHasThemAtOnce() throws Exception {
        TestNode leaving = new TestNode(provider(""), "leaving");
        leaving.start("a");
        leaving.fetchOne();
        String first = awaitListener();

        TestNode node = new TestNode(provider(""), "node");
        CompletableFuture<OrchestrationItem> instance = meanwhile(node::fetchOne);
        awaitListener(first);
        leaving.release();

        assertThat(soon(instance).nodeDeaths()).isZero();
    }

    // ---- hearing of work

    /** Waits until this connection more listens, and returns its process: what is sent from then on is heard. */
    private String awaitListener(String... others) {
        String pid = null;
        while (pid == null) {
            pid = SCHEMA.value("""
                SELECT min(pid) FROM pg_stat_activity
                WHERE application_name = ? AND pid <> ALL (string_to_array(?, ' ')::integer[])
                  AND state = 'idle' AND (query LIKE 'NOTIFY%' OR query = 'SELECT 1')\
                """, SCHEMA.name(), String.join(" ", others));
        }
        return pid;
    }

    private static void end(String pid) {
        SCHEMA.sql("SELECT pg_terminate_backend(%s)".formatted(pid));
    }

    @Test
    void nodeThatListens_hearsOfWorkFromElsewhere() throws Exception {
        TestNode node = new TestNode(provider(LONG), "node");
        CompletableFuture<OrchestrationItem> instance = meanwhile(node::fetchOne);
        awaitListener();
        new TestNode(provider(LONG), "client").start("a");
        assertThat(soon(instance).lease().instance()).isEqualTo("a");
    }

    @Test
    void nodeWhoseConnectionsAreLost_findsWorkAndListensAgain() throws Exception {
        Wire wire = wire();
        TestNode node = new TestNode(provider(wire, LONG), "node");
        TestNode client = new TestNode(provider(LONG), "client");
        List<String> before = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d")) {
            CompletableFuture<OrchestrationItem> next = meanwhile(node::fetchOne);
            before.add(awaitListener(before.toArray(String[]::new)));
            client.start(id);
            assertThat(soon(next).lease().instance()).isEqualTo(id);

            CompletableFuture<OrchestrationItem> found = meanwhile(node::fetchOne);
            if (id.equals("b")) {
                wire.cut();
            } else {
                end(before.getLast());
            }
            client.start(id + "-found");
            assertThat(soon(found).lease().instance()).isEqualTo(id + "-found");
        }
    }

    @Test
    void messagesInQuickSuccession_ofAClient_areAllHeardOf() throws Exception {
        TestNode node = new TestNode(provider(LONG), "node");
        node.settle("a");
        node.settle("b");
        CompletableFuture<List<OrchestrationItem>> first = meanwhile(() -> node.fetch(2, TestNode.LONG));
        awaitListener();
        TestClock clock = new TestClock();
        PostgresProvider provider = PostgresProvider.open(wire().url(SCHEMA) + LONG, clock);
        open.add(provider);
        TestNode client = new TestNode(provider, "client");
        client.raise("a", "1");
        assertThat(soon(first)).hasSize(1);
        assertThat(node.fetch(1, Duration.ofMillis(200))).isEmpty();

        client.raise("b", "2");
        assertThat(node.fetch(1, Duration.ofMillis(200))).as("told of at once").isEmpty();
        clock.move(Duration.ofSeconds(1));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("2");
    }

    // ---- looking around

    @Test
    void idleNode_clockOfItsMachineSetBack_isStillTakenForAlive() {
        AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
        PostgresProvider provider = PostgresProvider.open(
                wire().url(SCHEMA) + SHORT + "&ApplicationName=" + SCHEMA.name(),
                () -> Instant.now().plus(off.get()));
        open.add(provider);
        new TestNode(provider, "node").settle("a");
        awaitListener();
        off.set(Duration.ofHours(-1));
        String until = SCHEMA.value("SELECT expires_at FROM rekindle.node WHERE key = ?", provider.nodeKey());
        String state = null;
        while (state == null) {
            state = SCHEMA.value("""
                SELECT CASE WHEN expires_at > ?::timestamptz THEN 'alive' WHEN expires_at < rekindle.store_now() THEN 'silent' END
                FROM rekindle.node WHERE key = ?\
                """, until, provider.nodeKey());
        }
        assertThat(state).isEqualTo("alive");
    }

    @Test
    void lookAround_thatFails_failsNoOperationAndIsNotRepeatedAtOnce() throws Exception {
        Wire wire = wire();
        PostgresProvider provider = provider(wire, LONG);
        TestNode node = new TestNode(provider, "node");
        assertThat(node.fetch()).isEmpty();
        SCHEMA.sql("ALTER FUNCTION rekindle.store_up_since() RENAME TO hidden");
        try {
            provider.clockMoved();
            node.start("a");
            assertThat(node.fetchOne().lease().instance()).isEqualTo("a");
            CompletableFuture<List<OrchestrationItem>> waited = meanwhile(() -> {
                List<OrchestrationItem> none = node.fetch(1, Duration.ofMillis(700));
                node.start("b");
                return none;
            });
            assertThat(wire.statementsUntilCommits(1)).isLessThan(60);
            assertThat(soon(waited)).isEmpty();
        } finally {
            SCHEMA.sql("ALTER FUNCTION rekindle.hidden() RENAME TO store_up_since");
        }
    }
}
