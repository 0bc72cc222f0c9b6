package dev.rekindle.runtime;

import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Fetches instances that have messages, as many as may take turns at once, and runs each on a virtual thread. */
final class OrchestrationDispatcher implements Dispatcher.Step {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_FETCHED = 256;

    private final RuntimeParts parts;
    private final InstanceRunner runner;
    private final int allPermits;
    private final Semaphore permits;

    OrchestrationDispatcher(RuntimeParts parts, InstanceRunner runner) {
        this.parts = parts;
        this.runner = runner;
        this.allPermits = parts.options().maxConcurrentTurns();
        this.permits = new Semaphore(allPermits);
    }

    @Override
    public int runOnce() throws InterruptedException {
        permits.acquire();
        int taken = 1;
        while (taken < MAX_FETCHED && permits.tryAcquire()) {
            taken++;
        }
        List<OrchestrationItem> items = List.of();
        try {
            items = parts.provider().fetchOrchestrationItem(new FetchRequest(parts.node(), taken, PATIENCE));
        } finally {
            permits.release(taken - items.size());
        }
        for (OrchestrationItem item : items) {
            Thread.ofVirtual().name(item.lease().instance()).start(() -> {
                try {
                    runner.run(item);
                } finally {
                    permits.release();
                }
            });
        }
        return items.size();
    }

    /** Waits for the turns under way. Returns whether all ended in time. */
    boolean drain(Duration timeout) throws InterruptedException {
        return permits.tryAcquire(allPermits, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
}
