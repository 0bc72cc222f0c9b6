package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Failure;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Calls that wait: they come back when something is there, when their time is over, or when they are interrupted. */
abstract class WaitChecks extends Checks {
    WaitChecks(Bench bench) {
        super(bench);
    }

    /** What a call answers that has begun before something happens. */
    private static <T> T meanwhile(Callable<T> call, Runnable happens) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<T> answer = threads.submit(() -> {
                begun.countDown();
                return call.call();
            });
            begun.await();
            happens.run();
            return Crowd.get(answer);
        }
    }

    @Test
    void fetch_nothingThere_comesBackAtOnceOrInTime() {
        assertThat(node.fetch(1, Duration.ZERO)).isEmpty();
        assertThat(node.fetch(1, Duration.ofMillis(30))).isEmpty();
        assertThat(node.dequeue(1, Duration.ZERO)).isEmpty();
        assertThat(node.dequeue(1, Duration.ofMillis(30))).isEmpty();
    }

    @Test
    void fetch_somethingThere_doesNotWait() {
        node.start("a");
        assertThat(node.fetch(100, TestNode.LONG)).hasSize(1);
        node.begin("b").schedule().commit();
        assertThat(node.dequeue(100, TestNode.LONG)).hasSize(1);
    }

    @Test
    void fetch_waiting_wakesForAStart() throws Exception {
        assertThat(meanwhile(node::fetchOne, () -> node.start("a")).lease().instance())
                .isEqualTo("a");
    }

    @Test
    void fetch_waiting_wakesForAMessage() throws Exception {
        node.settle("a");
        assertThat(TestNode.payloads(meanwhile(node::fetchOne, () -> node.raise("a", "1"))))
                .containsExactly("1");
    }

    @Test
    void fetch_waiting_wakesForATurnThatSends() throws Exception {
        node.settle("a");
        TestTurn sender = node.begin("b").note("\"x\"").send(TestNode.raised("a", "1"));
        assertThat(TestNode.payloads(meanwhile(node::fetchOne, sender::commit))).containsExactly("1");
    }

    @Test
    void fetch_waiting_wakesForACompletion() throws Exception {
        node.begin("a").schedule().commit();
        LeasedWork leased = node.dequeueOne();
        OrchestrationItem item = meanwhile(node::fetchOne, () -> node.complete(leased, "1"));
        assertThat(TestNode.works(item)).containsExactly(TestNode.completion(leased.work(), "1"));
    }

    @Test
    void fetch_waiting_wakesForALeaseThatIsGivenBack() throws Exception {
        node.start("a");
        OrchestrationItem item = node.fetchOne();
        TestNode other = bench.node(provider, "other");
        assertThat(meanwhile(other::fetchOne, () -> node.abandon(item)).lease().instance())
                .isEqualTo("a");
    }

    @Test
    void fetch_waiting_wakesForANodeThatLetsGo() throws Exception {
        TestNode other = bench.node(provider, "other");
        node.start("a");
        other.start("b");
        List<OrchestrationItem> both = node.fetch(2, TestNode.LONG);
        assertThat(both).hasSize(2);
        TestTurn.of(node, both.getFirst()).commit();
        OrchestrationItem item = meanwhile(
                () -> {
                    List<OrchestrationItem> items = other.fetch(1, TestNode.LONG);
                    return items.isEmpty() ? other.fetchOne() : items.getFirst();
                },
                node::release);
        assertThat(item.lease().instance()).isEqualTo(both.getLast().lease().instance());
    }

    @Test
    void fetch_waiting_wakesForATimer() throws Exception {
        node.begin("a").timer(Duration.ofHours(2)).commit();
        assertThat(meanwhile(node::fetchOne, () -> move(Duration.ofHours(2))).messages())
                .hasSize(1);
    }

    @Test
    void fetch_waiting_wakesForADelayedMessage() throws Exception {
        node.settle("a");
        node.send(TestNode.raised("a", "1"), Duration.ofMinutes(5));
        assertThat(TestNode.payloads(meanwhile(node::fetchOne, () -> move(Duration.ofMinutes(5)))))
                .containsExactly("1");
    }

    @Test
    void fetch_waiting_wakesWhenAnAbandonedInstanceMayGoOn() throws Exception {
        node.start("a");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofMinutes(1), "no code"));
        assertThat(meanwhile(node::fetchOne, () -> move(Duration.ofMinutes(1))).messages())
                .hasSize(1);
    }

    @Test
    void dequeue_waiting_wakesForANewActivity() throws Exception {
        TestTurn turn = node.begin("a").schedule();
        assertThat(meanwhile(node::dequeueOne, turn::commit).work().scheduledId())
                .isEqualTo(2);
    }

    @Test
    void dequeue_waiting_wakesForAnActivityThatIsHandedBack() throws Exception {
        node.begin("a").schedule().commit();
        LeasedWork leased = node.dequeueOne();
        assertThat(meanwhile(
                                node::dequeueOne,
                                () -> provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null)))
                        .attempt())
                .isEqualTo(1);
    }

    @Test
    void dequeue_waiting_wakesForARetry() throws Exception {
        node.begin("a").schedule().commit();
        provider.abandonWorker(
                node.dequeueOne().lease(),
                WorkAbandonment.retry(Duration.ofMinutes(1), new Failure("Boom", "no", null, true), null));
        assertThat(meanwhile(node::dequeueOne, () -> move(Duration.ofMinutes(1)))
                        .attempt())
                .isEqualTo(2);
    }

    @Test
    void fetch_interrupted_throwsAndLeasesNothing() throws Exception {
        interrupted(() -> provider.fetchOrchestrationItem(new FetchRequest(node.id(), 1, TestNode.LONG)));
        node.start("a");
        assertThat(bench.node(provider, "other").fetch()).hasSize(1);
    }

    @Test
    void dequeue_interrupted_throwsAndLeasesNothing() throws Exception {
        interrupted(() -> provider.dequeueWorkerPeekLock(new FetchRequest(node.id(), 1, TestNode.LONG)));
        node.begin("a").schedule().commit();
        assertThat(bench.node(provider, "other").dequeue()).hasSize(1);
    }

    private static void interrupted(Callable<?> call) throws InterruptedException {
        CountDownLatch thrown = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                call.call();
            } catch (InterruptedException e) {
                thrown.countDown();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        waiter.interrupt();
        waiter.join();
        assertThat(thrown.getCount()).as("InterruptedException").isZero();
    }

    @Test
    void fetches_manyWaiting_oneIsWokenForEachInstance() {
        List<Integer> sizes = Crowd.of(12, i -> () -> {
            if (i >= 10) {
                node.start("a" + i);
                return 0;
            }
            return bench.node(provider, "n" + i)
                    .fetch(1, Duration.ofMillis(200))
                    .size();
        });
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(2);
    }
}
