package dev.rekindle.sqlite;

import dev.rekindle.InstanceSnapshot;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for the end of an instance. Thread-safe. */
final class EndWatch {
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable InstanceSnapshot end;

    void tell(InstanceSnapshot ended) {
        end = ended;
        told.countDown();
    }

    /** Nobody will tell: whoever waits looks for itself. */
    void giveUp() {
        told.countDown();
    }

    /** Waits until the end was told, or the time is over. */
    Optional<InstanceSnapshot> await(long nanos) throws InterruptedException {
        return told.await(nanos, TimeUnit.NANOSECONDS) ? Optional.ofNullable(end) : Optional.empty();
    }
}
