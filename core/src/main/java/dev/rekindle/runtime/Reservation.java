package dev.rekindle.runtime;

import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.WorkItem;

/**
 * Slots for activities that are about to be leased to this node. Each {@link #start} uses one; {@link #close} gives those
 * back that nothing came for. Used by one thread.
 */
final class Reservation implements AutoCloseable {
    private final Attempts attempts;
    private int slots;

    Reservation(Attempts attempts) {
        this.attempts = attempts;
    }

    /** Takes one for work that a turn schedules. Returns whether this node can run it now. */
    boolean add(WorkItem.ActivityExecute work) {
        if (!attempts.canRun(work) || !attempts.slots().tryAcquire()) {
            return false;
        }
        slots++;
        return true;
    }

    /** Takes one, and waits until there is one. */
    void awaitOne() throws InterruptedException {
        attempts.slots().acquire();
        slots++;
    }

    /** Takes all that are free. */
    void addAll() {
        slots += attempts.slots().drainPermits();
    }

    int count() {
        return slots;
    }

    /** Begins work that was leased. */
    void start(LeasedWork leased) {
        slots--;
        attempts.start(leased);
    }

    @Override
    public void close() {
        attempts.slots().release(slots);
        slots = 0;
    }
}
