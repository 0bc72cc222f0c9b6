package dev.rekindle.runtime;

import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.LeasedWork;
import java.time.Duration;
import java.util.List;

/**
 * Takes activities from the queue: those that no committed turn leased to this node directly.
 *
 * <p>It holds one slot while it waits for the first item, and takes all free slots while items keep coming, so that the
 * number of activities at once never exceeds the slots.
 */
final class ActivityDispatcher implements Dispatcher.Step {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RuntimeParts parts;
    private final Attempts attempts;
    private boolean itemsCome;

    ActivityDispatcher(RuntimeParts parts, Attempts attempts) {
        this.parts = parts;
        this.attempts = attempts;
    }

    @Override
    public int runOnce() throws InterruptedException {
        try (Reservation slots = new Reservation(attempts)) {
            slots.awaitOne();
            if (itemsCome) {
                slots.addAll();
            }
            Duration wait = itemsCome ? Duration.ZERO : PATIENCE;
            List<LeasedWork> work =
                    parts.provider().dequeueWorkerPeekLock(new FetchRequest(parts.node(), slots.count(), wait));
            itemsCome = !work.isEmpty();
            work.forEach(slots::start);
            return work.size();
        }
    }
}
