package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The end of a provider. */
abstract class ClosingChecks extends Checks {
    ClosingChecks(Bench bench) {
        super(bench);
    }

    @Test
    void close_thenAnyCall_isRefused() {
        TestTurn turn = node.begin("a").schedule().keep().commitAndGoOn();
        LeasedWork leased = node.dequeueOne();
        bench.close(node);
        provider.close();
        assertCode(ErrorCode.CLOSED, () -> node.start("b"));
        assertCode(ErrorCode.CLOSED, () -> node.raise("a", "1"));
        assertCode(ErrorCode.CLOSED, node::fetch);
        assertCode(ErrorCode.CLOSED, node::dequeue);
        assertCode(ErrorCode.CLOSED, () -> turn.note("\"x\"").commit());
        assertCode(ErrorCode.CLOSED, () -> provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET));
        assertCode(ErrorCode.CLOSED, () -> node.complete(leased, "1"));
        assertCode(ErrorCode.CLOSED, () -> provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null)));
        assertCode(ErrorCode.CLOSED, () -> provider.renewWorker(leased.lease(), null));
        assertCode(ErrorCode.CLOSED, () -> provider.read("a"));
        assertCode(ErrorCode.CLOSED, () -> provider.readWithExecution("a", 1));
        assertCode(ErrorCode.CLOSED, () -> provider.latestExecutionId("a"));
        assertCode(ErrorCode.CLOSED, () -> provider.findInstance("a"));
        assertCode(ErrorCode.CLOSED, () -> provider.awaitInstance("a", Duration.ZERO));
        assertCode(ErrorCode.CLOSED, () -> provider.appendWithExecution("a", 1, List.of()));
        assertCode(ErrorCode.CLOSED, () -> node.queue(leased.work()));
        assertCode(ErrorCode.CLOSED, node::release);
    }

    @Test
    @Needs(Trait.MANAGEMENT)
    void close_thenManagement_isRefused() {
        bench.close(node);
        assertCode(ErrorCode.CLOSED, () -> management().listInstances());
        assertCode(ErrorCode.CLOSED, () -> management().getSystemMetrics());
        assertCode(ErrorCode.CLOSED, () -> management().getQueueDepths());
    }

    @Test
    void close_whileAFetchWaits_endsTheWait() throws Exception {
        assertEnds(() -> node.fetch(1, TestNode.LONG));
    }

    @Test
    void close_whileADequeueWaits_endsTheWait() throws Exception {
        assertEnds(() -> node.dequeue(1, TestNode.LONG));
    }

    @Test
    void close_whileSomebodyAwaitsAnEnd_endsTheWait() throws Exception {
        node.begin("a");
        assertEnds(() -> {
            Optional<?> found = provider.awaitInstance("a", TestNode.LONG);
            return found.isPresent() ? List.of() : List.of("not found");
        });
    }

    /** Checks that a call comes back with nothing, or is told, when the provider is closed meanwhile. */
    private void assertEnds(Callable<List<?>> call) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<List<?>> answer = threads.submit(() -> {
                waiting.countDown();
                try {
                    return call.call();
                } catch (RekindleException e) {
                    return e.code() == ErrorCode.CLOSED ? List.of() : List.of(e);
                }
            });
            waiting.await();
            bench.close(node);
            assertThat(Crowd.<List<?>>get(answer)).isEmpty();
        }
    }

    @Test
    @Needs(Trait.REOPENS)
    void close_whileCommitsAreUnderWay_eachHappensOrIsRefused() {
        List<OrchestrationItem> items = Crowd.of(30, i -> () -> {
            node.start("i" + i);
            return node.fetchOne();
        });
        long won = Crowd.winners(31, i -> () -> {
                    if (i == 30) {
                        provider.close();
                    } else {
                        TestTurn.of(node, items.get(i)).commit();
                    }
                })
                - 1;
        bench.close(node);
        goOnWith(bench.join("next"));
        long committed = items.stream()
                .map(item -> provider.read(item.lease().instance()))
                .filter(history -> !history.isEmpty())
                .count();
        assertThat(committed).isEqualTo(won);
    }

    @Test
    @Needs(Trait.REOPENS)
    void close_givesBackWhatIsHeld() {
        node.start("a");
        InstanceLease lease = node.fetchOne().lease();
        bench.close(node);
        goOnWith(bench.join("next"));
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo(lease.instance());
        assertThat(item.nodeDeaths()).isZero();
    }
}
