package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for the end of an instance whose id gets another life meanwhile. */
@Timeout(60)
class AwaitTest {
    /** Does what deleting an instance does for those who wait for its end, while the id is in use again already. */
    private static final class PassAway extends Op<@Nullable Void> {
        private boolean noticed;

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {}

        @Override
        @Nullable
        Void committed(Batch batch) {
            noticed = batch.board().ends.open().contains("a");
            batch.board().ends.giveUp("a");
            return null;
        }
    }

    /** Returns when somebody who waited has been told to look for himself, or waits no longer. */
    private static void passAway(SqliteProvider provider, Future<?> waiting) {
        PassAway last;
        do {
            last = new PassAway();
            provider.write(last);
        } while (!last.noticed && !waiting.isDone());
    }

    @Test
    void awaitInstance_idGetsAnotherLife_waitsForTheEndOfThatOne() throws Exception {
        try (SqliteProvider provider = SqliteProvider.open("sqlite::memory:");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TestTurn turn = new TestNode(provider, "node").begin("a");
            Future<Optional<InstanceSnapshot>> end = threads.submit(() -> provider.awaitInstance("a", TestNode.LONG));
            passAway(provider, end);
            passAway(provider, end);
            turn.complete("\"done\"").commit();
            assertThat(end.get().orElseThrow().status()).isEqualTo(Status.COMPLETED);
        }
    }
}
