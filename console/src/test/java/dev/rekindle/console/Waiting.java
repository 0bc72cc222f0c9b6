package dev.rekindle.console;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what gives no signal to outsiders, looking often. */
final class Waiting {
    private static final Duration LOOK_EACH = Duration.ofMillis(5);

    private Waiting() {}

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Shop.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within " + Shop.PATIENCE);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(LOOK_EACH.toNanos());
        }
    }
}
