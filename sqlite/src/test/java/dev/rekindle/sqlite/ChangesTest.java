package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes that management asks for: made by the owner, by somebody while there is no owner, and through the file. */
@Timeout(120)
class ChangesTest {
    private static final Failure FAILURE = new Failure("Boom", "no", null, false);

    @TempDir
    private Path dir;

    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider runner;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider visitor;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode node;

    /** Who asks for the change, and who is the owner then. */
    enum Way {
        OWNER,
        NOBODY,
        THROUGH_THE_FILE
    }

    private String url() {
        return "sqlite:" + dir.resolve("store.db") + "?synchronous=NORMAL";
    }

    @BeforeEach
    void open() {
        runner = SqliteProvider.open(url(), clock);
        visitor = SqliteProvider.open(url(), clock);
        node = new TestNode(runner, "node");
    }

    @AfterEach
    void close() {
        visitor.close();
        runner.close();
    }

    /** Whoever asks for a change in this way. */
    private SqliteProvider asker(Way way) {
        return switch (way) {
            case OWNER -> runner;
            case NOBODY -> {
                runner.releaseNode(node.id());
                yield visitor;
            }
            case THROUGH_THE_FILE -> visitor;
        };
    }

    private StoreImage image() {
        StoreImage image = runner.inspect();
        assertThat(image.orphans()).isEmpty();
        return image;
    }

    private void assertNoRequestIsLeft() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM request")) {
            assertThat(rows.getLong(1)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void suspend_thenResume_holdsWhatArrives(Way way) throws Exception {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        var leased = turn.commit().leased().getFirst();
        SqliteProvider management = asker(way);
        management.suspendInstance("a", "for a while");
        assertThat(management.getInstanceSummary("a").status()).isEqualTo(Status.SUSPENDED);
        assertThat(management.getInstanceSummary("a").problem()).isEqualTo("for a while");
        assertCode(ErrorCode.LEASE_LOST, () -> turn.followUp().note("\"x\"").commit());
        node.raise("a", "1");
        if (way != Way.NOBODY) {
            runner.ackWorker(leased, new WorkItem.ActivityCompleted("a", "run-a", 1, leased.scheduledId(), "1"));
        }
        assertThat(node.fetch()).isEmpty();
        management = asker(way);
        management.resumeInstance("a");
        management.resumeInstance("a");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        assertThat(runner.getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.RUNNING, 1L));
        assertNoRequestIsLeft();
    }

    @Test
    void suspended_isToldToTerminate_isHandedOutForThat() {
        node.settle("a");
        runner.suspendInstance("a", "held");
        node.raise("a", "1");
        assertThat(node.fetch()).isEmpty();
        runner.dropWithoutRelease();
        TestNode next = new TestNode(visitor, "next");
        assertThat(next.fetch()).isEmpty();
        next.send(new WorkItem.TerminateInstance("a", null, "enough"));
        var item = next.fetchOne();
        assertThat(item.messages()).hasSize(2);
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> TestTurn.of(next, item).note("\"x\"").commit());
        TestTurn.of(next, item).terminated(FAILURE).commit();
        assertThat(visitor.getSystemMetrics().instancesByStatus()).isEqualTo(Map.of(Status.TERMINATED, 1L));
    }

    @ParameterizedTest
    @EnumSource
    void reopen_ofAFailedInstance_isHandedOutAgain(Way way) throws Exception {
        node.begin("a").fail(FAILURE).commit();
        node.begin("b").complete("1").commit();
        SqliteProvider management = asker(way);
        var message = new WorkItem.ReopenInstance("a", "run-a", 1, 2, List.of());
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management.reopenInstance(message, 1));
        assertCode(
                ErrorCode.WRONG_STATUS,
                () -> management.reopenInstance(new WorkItem.ReopenInstance("b", "run-b", 1, 2, List.of()), 2));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> management.reopenInstance(new WorkItem.ReopenInstance("a", "other", 1, 2, List.of()), 2));
        management.reopenInstance(message, 2);
        assertCode(ErrorCode.WRONG_STATUS, () -> management.reopenInstance(message, 2));
        assertThat(runner.getInstanceSummary("a").finishedAt()).isNull();
        var item = node.fetchOne();
        assertThat(TestNode.works(item)).containsExactly(message);
        assertThat(runner.getSystemMetrics().instancesByStatus())
                .isEqualTo(Map.of(Status.RUNNING, 1L, Status.COMPLETED, 1L));
        assertNoRequestIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void delete_withForce_leavesNothingAndTellsTheParent(Way way) throws Exception {
        node.begin("parent").note("\"x\"").commit();
        node.send(new WorkItem.StartOrchestration(
                "child",
                "run-child",
                "Orders",
                "",
                "{}",
                new ParentLink("parent", "run-parent", 1, 2),
                Map.of("tenant", "acme"),
                null));
        TestTurn turn = TestTurn.of(node, node.fetchOne()).keep().commitAndGoOn();
        TestTurn later =
                turn.scheduleHere().schedule().timer(Duration.ofHours(1)).keep();
        var leased = later.commit().leased().getFirst();
        node.raise("child", "1");
        node.send(TestNode.raised("child", "2"), Duration.ofHours(1));
        SqliteProvider management = asker(way);
        assertCode(ErrorCode.WRONG_STATUS, () -> management.deleteInstances(List.of("child"), DeleteOptions.CAREFUL));
        assertCode(
                ErrorCode.INSTANCE_HAS_CHILDREN,
                () -> management.deleteInstances(List.of("parent"), DeleteOptions.CAREFUL.withForce(true)));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> management.deleteInstances(List.of("child", "x"), DeleteOptions.CAREFUL.withForce(true)));
        Deletion deletion =
                management.deleteInstances(List.of("child", "child"), DeleteOptions.CAREFUL.withForce(true));
        assertThat(deletion).isEqualTo(new Deletion(1, 1, 4, 5));
        assertThat(runner.findInstance("child")).isEmpty();
        assertCode(ErrorCode.LEASE_LOST, () -> later.followUp().note("\"x\"").commit());
        assertThat(runner.renewWorker(leased, null)).isFalse();
        assertThat(management.queryInstances(InstanceQuery.ALL.withAttribute("tenant", "acme"), PageRequest.first(1)))
                .isEqualTo(Page.empty());
        assertThat(TestNode.works(node.fetchOne()))
                .singleElement()
                .isInstanceOfSatisfying(
                        WorkItem.ChildFailed.class,
                        told -> assertThat(told.failure().type()).isEqualTo("INSTANCE_NOT_FOUND"));
        assertThat(image().instances()).hasSize(1);
        node.start("child");
        assertThat(node.fetchOne().lastEventId()).isZero();
        assertThat(management
                        .deleteInstances(
                                List.of("parent"),
                                DeleteOptions.CAREFUL.withForce(true).withCascade(true))
                        .instances())
                .isEqualTo(1);
        assertNoRequestIsLeft();
    }

    @Test
    void delete_whileSomebodyWaitsForTheEnd_answersNothing() throws Exception {
        node.settle("a");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> waits = new ArrayList<>();
            for (SqliteProvider provider : List.of(runner, visitor)) {
                waits.add(callers.submit(
                        () -> provider.awaitInstance("a", Duration.ofMinutes(1)).isPresent()));
            }
            visitor.deleteInstances(List.of("a"), DeleteOptions.CAREFUL.withForce(true));
            for (Future<Boolean> wait : waits) {
                assertThat(wait.get()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void prune_keepsTheLast_andTheOthersWereNever(Way way) {
        TestTurn turn = node.begin("a");
        for (int i = 2; i <= 5; i++) {
            turn.notes(i).continueAsNew("" + i).commit();
            turn = TestTurn.of(node, node.fetchOne());
        }
        turn.note("\"x\"").keep().commit();
        SqliteProvider management = asker(way);
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> management.pruneExecutions("a", 0));
        assertThat(management.pruneExecutions("a", 2)).isEqualTo(new Deletion(0, 3, 4 + 5 + 6, 0));
        assertThat(management.pruneExecutions("a", 2)).isEqualTo(Deletion.NONE);
        assertThat(management.listExecutions("a")).containsExactly(4L, 5L);
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.getExecutionInfo("a", 3));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> management.readExecutionHistory("a", 1));
        assertThat(management.getExecutionInfo("a", 4).events()).isEqualTo(7);
        assertThat(management.readExecutionHistory("a", 5)).hasSize(2);
        assertThat(runner.readWithExecution("a", 2)).isEmpty();
        if (way != Way.NOBODY) {
            turn.followUp().note("\"still mine\"").commit();
        }
    }

    @ParameterizedTest
    @EnumSource
    void export_intoAnotherStore_isTheSameThere(Way way) throws Exception {
        node.begin("a").notes(3).continueAsNew("2").commit();
        TestTurn.of(node, node.fetchOne()).notes(2).continueAsNew("3").commit();
        TestTurn.of(node, node.fetchOne())
                .schedule()
                .schedule()
                .timer(Duration.ofHours(1))
                .commit();
        runner.abandonWorker(
                node.dequeueOne().lease(), WorkAbandonment.retry(Duration.ofHours(2), FAILURE, "\"half\""));
        node.raise("a", "1");
        node.send(TestNode.raised("a", "2"), Duration.ofHours(3));
        node.raise("a", "3");
        runner.pruneExecutions("a", 2);
        InstanceExport export = JsonText.toExport(JsonText.ofExport(visitor.exportInstance("a")));
        assertThat(export.executions()).hasSize(2);

        Path other = dir.resolve("other.db");
        try (SqliteProvider there = SqliteProvider.open("sqlite:" + other, clock);
                SqliteProvider beside = SqliteProvider.open("sqlite:" + other, clock)) {
            TestNode stranger = new TestNode(there, "stranger");
            if (way != Way.NOBODY) {
                assertThat(stranger.fetch()).isEmpty();
            }
            SqliteProvider importer = way == Way.OWNER ? there : beside;
            importer.importInstance(export);
            assertCode(ErrorCode.INSTANCE_EXISTS, () -> importer.importInstance(export));
            assertThat(importer.exportInstance("a")).isEqualTo(export);
            assertThat(importer.listExecutions("a")).containsExactly(2L, 3L);
            assertThat(TestNode.payloads(stranger.fetchOne())).containsExactly("1", "3");
            assertThat(stranger.dequeueOne().attempt()).isEqualTo(1);
            clock.move(Duration.ofHours(4));
            there.clockMoved();
            assertThat(stranger.dequeueOne().lastFailure()).isEqualTo(FAILURE);
            assertThat(there.inspect().orphans()).isEmpty();
        }
    }

    @Test
    void changes_ofManyThroughTheFile_allHappenOnce() throws Exception {
        int count = 60;
        for (int i = 0; i < count; i++) {
            node.settle("i" + i);
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Deletion>> changes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<String> its = List.of("i" + i);
                changes.add(callers.submit(() -> visitor.deleteInstances(its, DeleteOptions.CAREFUL.withForce(true))));
            }
            for (Future<Deletion> change : changes) {
                assertThat(change.get().instances()).isEqualTo(1);
            }
        }
        assertThat(image().instances()).isEmpty();
        assertNoRequestIsLeft();
    }

    @Test
    void ownerEnds_whileSomebodyAsks_changeHappensOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = "a" + round;
            node.settle(id);
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Deletion> change = callers.submit(
                        () -> visitor.deleteInstances(List.of(id), DeleteOptions.CAREFUL.withForce(true)));
                runner.dropWithoutRelease();
                assertThat(change.get().instances()).isEqualTo(1);
            }
            runner.close();
            runner = SqliteProvider.open(url(), clock);
            node = new TestNode(runner, "node");
        }
        assertThat(image().instances()).isEmpty();
        assertNoRequestIsLeft();
    }

    @Test
    void request_ofSomebodyWhoDied_isForgottenUnperformed() throws Exception {
        node.settle("a");
        runner.releaseNode(node.id());
        visitor.write(new RequestOps.Post(new Change.Suspend("a", "long ago")));
        clock.move(Duration.ofHours(1));
        while (requests() > 0) {
            assertThat(node.fetch(1, Duration.ofMillis(20))).isEmpty();
        }
        assertThat(runner.getInstanceSummary("a").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void request_thatNobodyKnows_isRefused() throws Exception {
        assertThat(node.fetch()).isEmpty();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO request (at, body) VALUES (" + clock.millis() + ", '{\"kind\":\"Later\"}')");
            String answer = null;
            while (answer == null) {
                node.fetch(1, Duration.ofMillis(20));
                try (var rows = statement.executeQuery("SELECT answer FROM request")) {
                    answer = rows.getString(1);
                }
            }
            assertThat(answer).contains("STORE_NEWER");
        }
    }

    private long requests() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM request")) {
            return rows.getLong(1);
        }
    }

    @Test
    void deadLetters_areListedAndDeleted() {
        node.begin("a")
                .bury(TestNode.raised("a", "1"), "no use")
                .bury(TestNode.raised("a", "2"), "none")
                .commit();
        var first = visitor.listDeadLetters(PageRequest.first(1));
        assertThat(first.items().getFirst().reason()).isEqualTo("none");
        var second = visitor.listDeadLetters(PageRequest.first(1).after(String.valueOf(first.next())));
        assertThat(second.next()).isNull();
        assertThat(visitor.deleteDeadLetters(List.of(first.items().getFirst().key(), 99L)))
                .isEqualTo(1);
        assertThat(visitor.getQueueDepths().deadLetters()).isEqualTo(1);
    }

    @Test
    void nodes_askedByAnotherProcess_areAliveWithUnknownHoldings() {
        node.settle("a");
        assertThat(runner.listNodes())
                .singleElement()
                .satisfies(its -> assertThat(its.holdingsKnown()).isTrue());
        assertThat(visitor.listNodes()).singleElement().satisfies(its -> {
            assertThat(its.alive()).isTrue();
            assertThat(its.holdingsKnown()).isFalse();
        });
    }

    @Test
    void readOnly_ofACopyAndOfALiveFile_readsAndChangesNothing() throws Exception {
        node.settle("a");
        Path copy = Files.createDirectory(dir.resolve("copies")).resolve("copy.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("store.db"));
                var statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + copy + "'");
        }
        byte[] before = Files.readAllBytes(copy);
        for (Path file : List.of(copy, dir.resolve("store.db"))) {
            try (SqliteReader reader = SqliteProvider.readOnly("sqlite:" + file)) {
                assertThat(reader.listInstances()).containsExactly("a");
                assertThat(reader.exportInstance("a")).isEqualTo(runner.exportInstance("a"));
                assertThat(reader.listNodes())
                        .singleElement()
                        .satisfies(its -> assertThat(its.name()).isEqualTo("node"));
                assertCode(ErrorCode.READ_ONLY, () -> reader.suspendInstance("a", "no"));
                assertCode(ErrorCode.READ_ONLY, () -> reader.deleteInstances(List.of("a"), DeleteOptions.CAREFUL));
            }
        }
        assertThat(Files.readAllBytes(copy)).isEqualTo(before);
        assertCode(ErrorCode.STORE_UNREADABLE, () -> SqliteProvider.readOnly("sqlite:" + dir.resolve("none.db")));
        assertThat(dir.resolve("none.db")).doesNotExist();
    }
}
