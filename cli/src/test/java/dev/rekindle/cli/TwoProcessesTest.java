package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.InstanceHandle;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two runtimes on one SQLite file, and a client in a third process: this one. */
@Timeout(120)
class TwoProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void standby_whenTheOwnerIsKilled_takesOverWithinTwoSeconds() throws Exception {
        String url = "sqlite:" + folder.resolve("store.db");
        try (JavaProcess first = JavaProcess.start(folder, NodeMain.class, url)) {
            first.until("the first runs", () -> first.out().contains("running"));
            try (JavaProcess second = JavaProcess.start(folder, NodeMain.class, url);
                    Provider provider = Stores.open(url);
                    Visitor visitor = new Visitor(new Client(provider))) {
                second.until("the second stands by", () -> second.out().contains("standby"));
                visitor.awaitResults(20);

                long killed = System.nanoTime();
                first.kill();
                new Client(provider)
                        .start(NodeMain.EIGHTFOLD, "after-the-kill", 5)
                        .result(PATIENCE);
                Duration outage = Duration.ofNanos(System.nanoTime() - killed);

                assertThat(outage).isLessThan(Duration.ofSeconds(2));
                second.until("the second runs", () -> second.out().contains("running"));
                visitor.awaitResults(20);
                visitor.leave();
                visitor.awaitAllResults();
            }
        }
    }

    @Test
    void changes_whileTheOwnerIsKilled_happenOnceEach() throws Exception {
        String url = "sqlite:" + folder.resolve("store.db");
        int count = 40;
        try (JavaProcess first = JavaProcess.start(folder, NodeMain.class, url);
                Provider provider = Stores.open(url)) {
            first.until("the first runs", () -> first.out().contains("running"));
            Client client = Client.discover(provider);
            ManagementCapability management = client.requireCapability(ManagementCapability.class);
            for (int i = 0; i < count; i++) {
                assertThat(client.start(NodeMain.EIGHTFOLD, "done-" + i, i).result(PATIENCE))
                        .isEqualTo(8 * i);
            }
            for (int i = 0; i < count / 2; i++) {
                delete(management, i);
            }
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> deletions = new ArrayList<>();
                for (int i = count / 2; i < count; i++) {
                    int number = i;
                    deletions.add(callers.submit(() -> delete(management, number)));
                }
                first.kill();
                for (Future<?> deletion : deletions) {
                    deletion.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
            assertThat(management.listInstances()).isEmpty();
            assertThat(management.getSystemMetrics().totalInstances()).isZero();
        }
    }

    private static void delete(ManagementCapability management, int number) {
        assertThat(management.deleteInstances(List.of("done-" + number), DeleteOptions.CAREFUL))
                .satisfies(deleted -> assertThat(deleted.instances()).isEqualTo(1));
    }

    /** Starts instances and looks at them all the while, whoever runs them. */
    private static final class Visitor implements AutoCloseable {
        private final Client client;
        private final BlockingQueue<InstanceHandle<Integer>> started = new LinkedBlockingQueue<>();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<Integer> visit;
        private volatile boolean leaving;

        Visitor(Client client) {
            this.client = client;
            this.visit = thread.submit(this::visit);
        }

        /** The look at each instance is what paces it. */
        private Integer visit() throws InterruptedException {
            int number = 0;
            while (!leaving) {
                number++;
                InstanceHandle<Integer> handle = client.start(NodeMain.EIGHTFOLD, "visit-" + number, number);
                InstanceSnapshot seen = client.awaitEnd(handle.instance(), Duration.ofMillis(20));
                assertThat(seen.status()).isIn(Status.PENDING, Status.RUNNING, Status.COMPLETED);
                started.add(handle);
            }
            return number;
        }

        /** Waits until so many more of the instances have ended. */
        void awaitResults(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                InstanceHandle<Integer> handle = started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(handle).as("an instance that was started").isNotNull();
                int number = Integer.parseInt(handle.instance().replace("visit-", ""));
                assertThat(handle.result(PATIENCE)).isEqualTo(8 * number);
            }
        }

        /** Starts no more. */
        void leave() throws Exception {
            leaving = true;
            visit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        void awaitAllResults() throws InterruptedException {
            awaitResults(started.size());
        }

        @Override
        public void close() {
            leaving = true;
            thread.close();
        }
    }
}
