package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkLease;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Transactions that happened, though the connection was lost before their client could be told: callers are told as if
 * nothing had been, and nothing is done twice.
 */
@Timeout(60)
class LostAnswerTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private final Wire wire = Wire.open();
    private final PostgresProvider provider = openEmpty(wire);
    private final TestNode node = new TestNode(provider, "node");

    private static PostgresProvider openEmpty(Wire wire) {
        SCHEMA.open().close();
        SCHEMA.empty();
        return PostgresProvider.open(wire.url(SCHEMA) + "&takeover=600");
    }

    @AfterEach
    void close() {
        provider.close();
        wire.close();
    }

    private void losing(Runnable call) throws InterruptedException {
        wire.loseAnswerOfCommit(1);
        try {
            call.run();
        } finally {
            wire.awaitLostAnswer();
        }
    }

    private void assertToldInSpiteOfLoss(ErrorCode code, Runnable call) throws InterruptedException {
        wire.loseAnswerOfCommit(1);
        RekindleException told = catchThrowableOfType(RekindleException.class, call::run);
        wire.awaitLostAnswer();
        assertThat(told).as("what the caller is told").isNotNull();
        assertThat(told.code()).as(told.getMessage()).isEqualTo(code);
    }

    private void assertRows(String table, int count) {
        assertThat(SCHEMA.value("SELECT count(*) FROM rekindle." + table))
                .as("rows of %s", table)
                .isEqualTo(Integer.toString(count));
    }

    // ---- starts and messages

    @Test
    void start_isToldAndThereOnce() throws Exception {
        losing(() -> node.start("a"));
        assertRows("instance", 1);
        assertRows("message", 1);
        assertThat(node.fetchOne().lease().instance()).isEqualTo("a");
    }

    @Test
    void start_idTaken_isRefused() throws Exception {
        node.start("a");
        assertToldInSpiteOfLoss(ErrorCode.INSTANCE_EXISTS, () -> node.start("a"));
        assertRows("instance", 1);
        assertRows("message", 1);
    }

    @Test
    void event_isToldAndThereOnce() throws Exception {
        node.settle("a");
        losing(() -> node.raise("a", "1"));
        assertRows("message", 1);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void event_forNobody_isRefused() throws Exception {
        assertToldInSpiteOfLoss(ErrorCode.INSTANCE_NOT_FOUND, () -> node.raise("a", "1"));
        assertRows("message", 0);
    }

    @Test
    void event_forOneThatHasEnded_isRefused() throws Exception {
        node.begin("a").complete("1").commit();
        assertToldInSpiteOfLoss(ErrorCode.INSTANCE_ENDED, () -> node.raise("a", "1"));
        assertRows("message", 0);
    }

    // ---- turns

    @Test
    void turnWithActivities_isToldAndItsLeasesAreGood() throws Exception {
        TestTurn turn = node.begin("a").scheduleHere().schedule().keep();
        wire.loseAnswerOfCommit(1);
        TurnReceipt receipt = turn.commit();
        wire.awaitLostAnswer();
        assertThat(receipt.leased()).hasSize(1);
        assertRows("work", 2);
        assertRows("history", 2);
        assertThat(provider.renewWorker(receipt.leased().getFirst(), "1")).isTrue();
        turn.followUp().consume(receipt.leased().getFirst()).note("\"done\"").commit();
        assertRows("work", 1);
        assertThat(node.dequeueOne().attempt()).isEqualTo(1);
    }

    @Test
    void turnThatEndsItsInstance_isToldAndEndsItOnce() throws Exception {
        TestTurn turn = node.begin("a").scheduleHere().complete("1");
        losing(turn::commit);
        assertRows("queue", 0);
        assertThat(provider.getSystemMetrics().totalInstances()).isEqualTo(1);
        assertThat(SCHEMA.value("SELECT status FROM rekindle.instance")).isEqualTo("Completed");
    }

    @Test
    void abandonedInstance_isGivenBackOnce() throws Exception {
        node.start("a");
        OrchestrationItem item = node.fetchOne();
        losing(() -> provider.abandonOrchestrationItem(
                item.lease(), Abandonment.stuck(Duration.ofMillis(1), "what is wrong")));
        assertThat(SCHEMA.value("SELECT status || ' ' || problem FROM rekindle.instance"))
                .isEqualTo("Stuck what is wrong");
        assertThat(node.fetchOne().lease().token()).isNotEqualTo(item.lease().token());
    }

    // ---- activities

    private LeasedWork leased() {
        node.begin("a").schedule().commit();
        return node.dequeueOne();
    }

    @Test
    void completion_isToldAndThereOnce() throws Exception {
        LeasedWork work = leased();
        losing(() -> node.complete(work, "1"));
        assertRows("work", 0);
        assertRows("message", 1);
    }

    @Test
    void handBackAfterAFailure_countsOneAttempt() throws Exception {
        LeasedWork work = leased();
        Failure failure = Failure.of(ErrorCode.ACTIVITY_TIMED_OUT, "too long", true);
        losing(() -> provider.abandonWorker(work.lease(), WorkAbandonment.retry(Duration.ZERO, failure, "1")));
        LeasedWork again = node.dequeueOne();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.lastFailure()).isEqualTo(failure);
        assertThat(again.heartbeat()).isEqualTo("1");
    }

    @Test
    void heartbeat_isToldAndStored() throws Exception {
        LeasedWork work = leased();
        wire.loseAnswerOfCommit(1);
        assertThat(provider.renewWorker(work.lease(), "\"half\"")).isTrue();
        wire.awaitLostAnswer();
        assertThat(SCHEMA.value("SELECT heartbeat FROM rekindle.work")).isEqualTo("\"half\"");
        node.complete(work, "1");
        assertRows("work", 0);
    }

    @Test
    void releaseNode_freesAllAndCountsNoDeath() throws Exception {
        LeasedWork work = leased();
        node.start("b");
        node.fetchOne();
        losing(node::release);
        assertThat(node.fetchOne().nodeDeaths()).isZero();
        LeasedWork again = node.dequeueOne();
        assertThat(again.nodeDeaths()).isZero();
        assertThat(again.lease().token()).isNotEqualTo(work.lease().token());
    }

    // ---- fetching

    @Test
    void fetch_whatWasLeasedUnheard_comesAgainAtOnce() throws Exception {
        node.start("a");
        losing(() -> assertThat(node.fetchOne().nodeDeaths()).isZero());
    }

    @Test
    void dequeue_whatWasLeasedUnheard_comesAgainAtOnce() throws Exception {
        node.begin("a").schedule().commit();
        losing(() -> assertThat(node.dequeueOne().nodeDeaths()).isZero());
    }

    // ---- other losses

    @Test
    void heldInstance_connectionCut_staysHeld() {
        TestTurn turn = node.begin("a");
        wire.cut();
        node.start("b");
        turn.note("\"still here\"").commit();
        assertRows("history", 2);
        assertThat(provider.writerStats().refusedWrites()).isZero();
    }

    @Test
    void idleClient_connectionCut_isToldAndThereOnce() {
        node.settle("a");
        try (Wire its = Wire.open();
                PostgresProvider client = PostgresProvider.open(its.url(SCHEMA) + "&takeover=600")) {
            its.cut();
            new TestNode(client, "client").raise("a", "1");
            assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        }
    }

    @Test
    void idleClient_connectionCutAndItsPlaceGone_isToldThatNobodyKnows() {
        node.settle("a");
        try (Wire its = Wire.open();
                PostgresProvider client = PostgresProvider.open(its.url(SCHEMA) + "&takeover=600")) {
            SCHEMA.sql("DELETE FROM rekindle.node WHERE key = " + client.nodeKey());
            its.cut();
            RekindleException told =
                    catchThrowableOfType(RekindleException.class, () -> new TestNode(client, "client").raise("a", "1"));
            assertThat(told).isNotNull();
            assertThat(told.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(told).hasMessageContaining("outcome unknown");
            new TestNode(client, "client").raise("a", "2");
            assertThat(TestNode.payloads(node.fetchOne())).containsExactly("2");
        }
    }

    // ---- a store that lost its last transactions, as one does that was an asynchronous standby

    private void loseTransactions(int count) {
        SCHEMA.sql("UPDATE rekindle.node SET batch = batch - %d WHERE key = %d".formatted(count, provider.nodeKey()));
    }

    @Test
    void turn_storeLostTheOneBefore_isRefusedAndAllComesAgain() {
        TestTurn first = node.begin("a").scheduleHere().scheduleHere().keep();
        List<WorkLease> leased = first.commit().leased();
        SCHEMA.sql("CREATE TABLE rekindle.lost_work AS SELECT * FROM rekindle.work");
        TestTurn second = first.followUp().consume(leased.getFirst()).keep();
        second.commit();

        wire.refuse();
        SCHEMA.sql("""
            DELETE FROM rekindle.history WHERE position = 4;
            DELETE FROM rekindle.work;
            INSERT INTO rekindle.work SELECT * FROM rekindle.lost_work;
            DROP TABLE rekindle.lost_work\
            """);
        loseTransactions(1);
        wire.repair();
        TestTurn third = second.followUp().consume(leased.getLast());
        RekindleException told = catchThrowableOfType(RekindleException.class, third::commit);
        assertThat(told).isNotNull();
        assertThat(told.code()).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(node.dequeue(2, TestNode.LONG))
                .extracting(work -> work.work().scheduledId())
                .containsExactly(2L, 3L);
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(3);
    }

    @Test
    void start_lostOnItsWayToAStoreThatLostOthers_isRepeated() throws Exception {
        node.settle("a");
        wire.stallAtNextCommit();
        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> node.start("b"));
        wire.awaitStall();
        wire.cut();
        loseTransactions(1);
        wire.repair();
        assertThat(start).succeedsWithin(TestNode.LONG);
        assertRows("instance", 2);
        assertThat(node.fetchOne().lease().instance()).isEqualTo("b");
    }

    @Test
    void idleClient_itsKeyGivenToAnother_takesANewPlace() {
        node.settle("a");
        try (Wire its = Wire.open();
                PostgresProvider client = PostgresProvider.open(its.url(SCHEMA) + "&takeover=600")) {
            long key = client.nodeKey();
            SCHEMA.sql("UPDATE rekindle.node SET name = 'another' WHERE key = " + key);
            its.cut();
            RekindleException told =
                    catchThrowableOfType(RekindleException.class, () -> new TestNode(client, "client").raise("a", "1"));
            assertThat(told).isNotNull();
            assertThat(told).hasMessageContaining("outcome unknown");
            assertThat(client.nodeKey()).isNotEqualTo(key);
        }
    }
}
