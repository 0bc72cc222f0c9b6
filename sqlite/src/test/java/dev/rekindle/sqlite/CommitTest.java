package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commits cost, and that they are shared. */
class CommitTest {
    @TempDir
    private Path dir;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SqliteProvider provider;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode node;

    @BeforeEach
    void open() {
        provider = SqliteProvider.open("sqlite:" + dir.resolve("store.db"));
        node = new TestNode(provider, "node");
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void turn_hotStep_isThreeStatementsInOneCommit() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        TurnReceipt receipt = turn.commit();
        WriterStats before = provider.writerStats();
        receipt = turn.followUp()
                .consume(receipt.leased().getFirst())
                .scheduleHere()
                .keep()
                .commit();
        assertThat(receipt.leased()).hasSize(1);
        WriterStats after = provider.writerStats();
        assertThat(after.commits() - before.commits()).isEqualTo(1);
        assertThat(after.statements() - before.statements()).isEqualTo(3);
    }

    @Test
    void turns_ofManyInstancesAtOnce_shareCommits() throws Exception {
        List<TestTurn> turns =
                IntStream.range(0, 200).mapToObj(i -> node.begin("i" + i)).toList();
        WriterStats before = provider.writerStats();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TurnReceipt>> commits = new ArrayList<>();
            turns.forEach(
                    turn -> commits.add(callers.submit(() -> turn.schedule().commit())));
            for (Future<TurnReceipt> commit : commits) {
                assertThat(commit.get().leased()).isEmpty();
            }
        }
        assertThat(provider.writerStats().commits() - before.commits()).isLessThan(150);
        assertThat(provider.getQueueDepths().worker()).isEqualTo(200);
        assertThat(provider.writerStats().largestBatch()).isGreaterThan(1);
    }

    @Test
    void client_ofTheProvider_hasItsManagement() {
        node.settle("a");
        assertThat(provider.client().listAllInstances()).hasSize(1);
    }
}
