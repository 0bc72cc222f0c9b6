package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store without room: nothing is half-written, small writes go on where they can, and all goes on with room. */
class FullDiskTest {
    private static final long PLENTY = 1_000_000;

    @TempDir
    private Path dir;

    @Test
    void diskFull_turnIsRefusedWholeAndWorksLater() {
        try (SqliteProvider provider = SqliteProvider.open("sqlite:" + dir.resolve("store.db"))) {
            TestNode node = new TestNode(provider, "node");
            TestTurn turn = node.begin("a");
            TestTurn large = turn.followUp().schedule().note("\"" + "x".repeat(1_000_000) + "\"");
            provider.limitPages(1);
            assertCode(ErrorCode.STORE_FULL, large::commit);
            assertThat(provider.read("a")).hasSize(1);
            assertThat(provider.getQueueDepths().worker()).isZero();
            provider.limitPages(PLENTY);
            large.commit();
            assertThat(provider.read("a")).hasSize(3);
            assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
        }
    }

    @Test
    void diskFull_oneLargeTurnAmongSmallOnes_failsAlone() throws Exception {
        try (SqliteProvider provider = SqliteProvider.open("sqlite:" + dir.resolve("store.db"))) {
            TestNode node = new TestNode(provider, "node");
            List<TestTurn> turns = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestTurn turn = node.begin("i" + i);
                turns.add(turn.note(i == 7 ? "\"" + "x".repeat(4_000_000) + "\"" : "\"small\"")
                        .keep());
            }
            provider.limitPages(400);
            List<ErrorCode> failures = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> commits = new ArrayList<>();
                turns.forEach(turn -> commits.add(callers.submit(turn::commit)));
                for (Future<?> commit : commits) {
                    try {
                        commit.get();
                    } catch (ExecutionException e) {
                        assertThat(e.getCause())
                                .isInstanceOfSatisfying(
                                        RekindleException.class, refused -> failures.add(refused.code()));
                    }
                }
            }
            assertThat(failures).containsExactly(ErrorCode.STORE_FULL);
            assertThat(provider.read("i7")).hasSize(1);
            assertThat(provider.read("i8")).hasSize(2);
            provider.limitPages(PLENTY);
            turns.get(7).commit();
            assertThat(provider.read("i7")).hasSize(2);
        }
    }
}
