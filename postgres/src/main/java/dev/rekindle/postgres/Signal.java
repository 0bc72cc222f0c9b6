package dev.rekindle.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Whether it is worth asking a queue, and who waits for that. Guarded by the lock of the leases. */
final class Signal {
    private final Condition changed;
    private boolean raised = true;
    private @Nullable Instant wakeAt;
    private int asking;
    private int appetite;

    Signal(ReentrantLock lock) {
        this.changed = lock.newCondition();
    }

    /** Something is there, or may be. */
    void raise() {
        raised = true;
        changed.signalAll();
    }

    /** Lets those who wait look for something else than the queue. */
    void nudge() {
        changed.signalAll();
    }

    /** Something will be there at this time, by the store's clock. */
    void raiseAt(Instant time) {
        Instant known = wakeAt;
        if (known == null || time.isBefore(known)) {
            wakeAt = time;
            changed.signalAll();
        }
    }

    /** Whether the queue should be asked now; the answer is used up. */
    boolean take(Instant now) {
        Instant due = wakeAt;
        if (due != null && !due.isAfter(now)) {
            wakeAt = null;
            raised = true;
        }
        boolean was = raised;
        raised = false;
        return was;
    }

    /** Waits for a reason to look again, as long as {@code nanos} at the most; returns what is left of them. */
    @SuppressWarnings("WaitNotInLoop") // Its caller looks again in a loop.
    long await(long nanos, Instant now) throws InterruptedException {
        Instant due = wakeAt;
        long untilDue = due == null ? Long.MAX_VALUE : nanos(Duration.between(now, due));
        long slice = Math.min(nanos, untilDue);
        return nanos - slice + changed.awaitNanos(slice);
    }

    /** Somebody begins to ask for so many items. */
    void ask(int items) {
        asking++;
        appetite = items;
    }

    /** Somebody has got so many items, or none, and will soon ask for more. */
    void answered(int items) {
        asking--;
        appetite = Math.max(0, appetite - items);
    }

    /** Nobody will ask for more. */
    void sated() {
        appetite = 0;
    }

    /** Whether somebody is asking at the moment. */
    boolean isAsked() {
        return asking > 0;
    }

    /** How many items those who ask, or asked last, would still take. */
    int appetite() {
        return appetite;
    }

    private static long nanos(Duration wait) {
        return wait.compareTo(Duration.ofHours(1)) > 0 ? TimeUnit.HOURS.toNanos(1) : Math.max(1, wait.toNanos());
    }
}
