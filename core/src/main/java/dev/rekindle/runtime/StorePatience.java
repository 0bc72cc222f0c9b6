package dev.rekindle.runtime;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what a store could not do at the moment, with growing waits, until it works or the node closes. No instance
 * fails because its store was away.
 */
final class StorePatience {
    private static final Logger LOG = LoggerFactory.getLogger(StorePatience.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final CountDownLatch closing = new CountDownLatch(1);

    /** Ends all waits: what does not work now is given up. */
    void close() {
        closing.countDown();
    }

    /**
     * Does it, again and again while the store is in trouble.
     *
     * @throws RekindleException what the call threw, when that was not trouble of the store or the node closes
     */
    <T> T persist(Supplier<T> call) {
        Duration wait = FIRST_WAIT;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return call.get();
                } catch (RekindleException e) {
                    if (!isPassing(e) || isClosing()) {
                        throw e;
                    }
                    LOG.warn("trying again in {} ms: {}", wait.toMillis(), e.getMessage());
                }
                interrupted |= sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        } finally {
            restore(interrupted);
        }
    }

    void persist(Runnable call) {
        persist(() -> {
            call.run();
            return true;
        });
    }

    /** Waits, but not beyond the closing of the node. An interrupt is kept for later. */
    void pause(Duration wait) {
        restore(sleep(wait));
    }

    /** Waits, at most until an interrupt that comes now; one from before does not count. Returns whether there was one. */
    private boolean sleep(Duration wait) {
        boolean interrupted = Thread.interrupted();
        try {
            closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        return interrupted;
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    static boolean isPassing(RekindleException e) {
        return e.code() == ErrorCode.STORE_UNAVAILABLE || e.code() == ErrorCode.STORE_FULL;
    }
}
