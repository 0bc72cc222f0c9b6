package dev.rekindle.jdbc;

import dev.rekindle.InstanceSnapshot;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for the end of an instance. Thread-safe. */
public final class EndWatch {
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable InstanceSnapshot end;

    EndWatch() {}

    void tell(InstanceSnapshot ended) {
        end = ended;
        told.countDown();
    }

    void giveUp() {
        told.countDown();
    }

    /** Whether it was told all it will ever be: the end, or that whoever waits has to look for itself. */
    public boolean isTold() {
        return told.getCount() == 0;
    }

    /**
     * Waits until the end was told, or nobody will tell it, or the time is over.
     *
     * @param nanos the time in nanoseconds
     * @return how it ended; empty if whoever waits has to look for itself
     */
    public Optional<InstanceSnapshot> await(long nanos) throws InterruptedException {
        return told.await(nanos, TimeUnit.NANOSECONDS) ? Optional.ofNullable(end) : Optional.empty();
    }
}
