package dev.rekindle.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what has to end before the node can, and turns away what comes after {@link #close}. Thread-safe. */
final class UnderWay {
    /** Stands in the count from {@link #close} on, so that it is negative however many there are. */
    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);

    /** Counts one in, which {@linkplain #leave leaves} in any case. Returns whether it may begin; never waits. */
    boolean enter() {
        return count.incrementAndGet() > 0;
    }

    /** One has ended. */
    void leave() {
        endWhenNothingIsLeft(count.decrementAndGet());
    }

    /** From now on nothing may begin. Repeating it does nothing. */
    void close() {
        endWhenNothingIsLeft(count.updateAndGet(now -> now < 0 ? now : now + CLOSED));
    }

    boolean isClosed() {
        return count.get() < 0;
    }

    /** Waits, after {@link #close}, for what is under way. Returns whether all ended in time. */
    boolean await(Duration timeout) throws InterruptedException {
        return over.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void endWhenNothingIsLeft(long now) {
        if (now == CLOSED) {
            over.countDown();
        }
    }
}
