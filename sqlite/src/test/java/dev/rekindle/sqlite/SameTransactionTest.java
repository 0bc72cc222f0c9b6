package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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

    private void inOneTransaction(Op<?>... ops) {
        CountDownLatch over = new CountDownLatch(1);
        Pause pause = new Pause(over);
        writer.submit(pause);
        long before = writer.stats().commits();
        List.of(ops).forEach(writer::submit);
        over.countDown();
        pause.await();
        List.of(ops).forEach(Op::await);
        assertThat(writer.stats().commits() - before).as("transactions").isEqualTo(1);
    }

    private static SendMessage sending(WorkItem.OrchestratorWork work) {
        return new SendMessage(work, Duration.ZERO);
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
    void message_beforeTheEagerStartOfItsInstance_isInItsInbox() {
        WorkItem.StartOrchestration start = TestNode.starting("a", null);
        WorkItem.RaiseEvent message = TestNode.raised("a", "1");
        Event started = new Event.OrchestrationStarted(1, TestClock.START, "Orders", "1", "{}", null);
        StartEagerly eager = new StartEagerly(new EagerStart(
                NODE, start, "1", List.of(started), new TurnCommit.Scheduled(List.of(), List.of()), false));
        inOneTransaction(sending(message), eager);
        assertThat(inbox("a")).containsExactly(message);
    }
}
