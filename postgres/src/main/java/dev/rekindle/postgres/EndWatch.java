package dev.rekindle.postgres;

import dev.rekindle.InstanceSnapshot;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Somebody who waits for the end of an instance. Thread-safe. */
final class EndWatch {
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile Optional<InstanceSnapshot> end = Optional.empty();

    void tell(Optional<InstanceSnapshot> ended) {
        end = ended;
        told.countDown();
    }

    /** Waits until the end was told. Returns false when the time is over before. */
    boolean await(long nanos) throws InterruptedException {
        return told.await(nanos, TimeUnit.NANOSECONDS);
    }

    boolean isTold() {
        return told.getCount() == 0;
    }

    /** How it ended, if whoever told it knew. */
    Optional<InstanceSnapshot> end() {
        return end;
    }
}
