package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that meet in one transaction, in an order that is given. */
@Timeout(60)
class SameTransactionTest {
    private static final NodeId NODE = new NodeId("node");

    private final Board board = new Board();
    private final Writer writer = new Writer(
            "test",
            new StoreFile(SqliteUrl.parse("sqlite::memory:"))::writer,
            Optional.empty(),
            board,
            new TestClock());

    @BeforeEach
    void becomeTheOwner() throws SQLException {
        writer.start();
        writer.run(new OwnerOps.TakeOver(NODE));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    /** Keeps the writer busy until what follows has been handed over. */
    private static final class Pause extends Op<@Nullable Void> {
        private final CountDownLatch over;

        Pause(CountDownLatch over) {
            this.over = over;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }

    /** Hands operations over so that they are tried in one transaction. */
    private void together(Op<?>... ops) {
        CountDownLatch over = new CountDownLatch(1);
        Pause pause = new Pause(over);
        writer.submit(pause);
        List.of(ops).forEach(writer::submit);
        over.countDown();
        pause.await();
    }

    private void inOneTransaction(Op<?>... ops) {
        long before = writer.stats().commits();
        together(ops);
        List.of(ops).forEach(Op::await);
        assertThat(writer.stats().commits() - before).as("transactions").isEqualTo(1);
    }

    /** Makes visible what is due at a time, between what the operations before it wrote and what they remember. */
    private static final class Promote extends Op<@Nullable Void> {
        private final long now;

        Promote(Instant now) {
            this.now = now.toEpochMilli();
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {
            batch.board().lock.lock();
            try {
                batch.board().promote(now);
            } finally {
                batch.board().lock.unlock();
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }

    private OrchestrationItem fetch() {
        Map<Instance, Long> picked = new HashMap<>();
        board.lock.lock();
        try {
            board.mail
                    .pick(1, NODE, TestClock.START.toEpochMilli(), board.tokens)
                    .forEach(its -> picked.put(its, its.lease));
        } finally {
            board.lock.unlock();
        }
        return writer.run(new InstanceOps.HandOut(picked)).getFirst();
    }

    private static SendMessage sending(WorkItem.OrchestratorWork work) {
        return new SendMessage(work, Duration.ZERO);
    }

    private static WorkItem.StartOrchestration starting(String input) {
        return new WorkItem.StartOrchestration("a", "run-" + input.length(), "Orders", "", input, null);
    }

    private List<WorkItem> inbox(String instance) {
        board.lock.lock();
        try {
            Instance its = board.instances.find(instance);
            return its == null
                    ? List.of()
                    : its.inbox().values().stream()
                            .<WorkItem>map(letter -> letter.work)
                            .toList();
        } finally {
            board.lock.unlock();
        }
    }

    @Test
    void message_beforeTheStartOfItsInstance_isInItsInbox() {
        WorkItem.StartOrchestration start = TestNode.starting("a", null);
        WorkItem.RaiseEvent message = TestNode.raised("a", "1");
        inOneTransaction(sending(message), sending(start));
        assertThat(inbox("a")).containsExactly(start, message);
    }

    @Test
    void timer_thatIsDueWhileItsExecutionEnds_isNotOfTheNextOne() {
        writer.run(sending(TestNode.starting("a", null)));
        try (SqliteProvider other = SqliteProvider.open("sqlite::memory:")) {
            TestTurn turn = TestTurn.of(new TestNode(other, "node"), fetch())
                    .timer(Duration.ofMinutes(1))
                    .keep();
            writer.run(new CommitTurn(turn.build()));
            CommitTurn next = new CommitTurn(turn.followUp().continueAsNew("{}").build());
            inOneTransaction(next, new Promote(TestClock.START.plus(Duration.ofMinutes(2))));
        }
        assertThat(inbox("a")).singleElement().isInstanceOf(WorkItem.ContinueAsNew.class);
    }

    /** Otherwise each look for what others wrote would go over all that is delayed. */
    @Test
    void messagesOfALaterTime_areLookedAtOnce() {
        for (int i = 0; i < 3; i++) {
            writer.run(new SendMessage(TestNode.starting("i" + i, null), Duration.ofHours(1)));
        }
        board.mail.moreOnDisk();
        writer.run(new OwnerOps.Nudge());
        assertThat(board.mail.cursor()).isEqualTo(3);
    }

    /** Otherwise an operation of the batch goes on with what is an object of the past. */
    @Test
    void idleInstances_areKeptUntilTheBatchHasEnded() {
        Instances instances = new Instances();
        Instance first = instances.get(1);
        for (long key = 1; key <= 20_000; key++) {
            instances.settle(instances.get(key));
        }
        assertThat(instances.find(1)).isSameAs(first);
        instances.makeRoom();
        assertThat(instances.find(1)).isNull();
        assertThat(instances.find(20_000)).isNotNull();
    }

    @Test
    void message_beforeTheEagerStartOfItsInstance_isInItsInbox() {
        WorkItem.StartOrchestration start = TestNode.starting("a", null);
        WorkItem.RaiseEvent message = TestNode.raised("a", "1");
        Event started = new Event.OrchestrationStarted(1, TestClock.START, "Orders", "1", "{}", null);
        StartEagerly eager = new StartEagerly(new EagerStart(
                NODE, start, "1", List.of(started), new TurnCommit.Scheduled(List.of(), List.of()), false));
        inOneTransaction(sending(message), eager);
        assertThat(inbox("a")).containsExactly(message);
    }

    @Test
    void start_besideAnotherOfItsId_isRefused() {
        WorkItem.StartOrchestration start = starting("1");
        SendMessage first = sending(start);
        SendMessage second = sending(starting("2"));
        together(first, second);
        first.await();
        assertCode(ErrorCode.INSTANCE_EXISTS, second::await);
        assertThat(inbox("a")).containsExactly(start);
    }

    @Test
    void start_besideAnotherOfItsIdThatFindsNoRoom_isNotRefused() {
        writer.run(new WriterCall<>(session -> session.number("PRAGMA max_page_count = 400")));
        WorkItem.StartOrchestration start = starting("1");
        SendMessage large = sending(starting("x".repeat(4_000_000)));
        SendMessage small = sending(start);
        together(large, small);
        assertCode(ErrorCode.STORE_FULL, large::await);
        small.await();
        assertThat(inbox("a")).containsExactly(start);
    }
}
