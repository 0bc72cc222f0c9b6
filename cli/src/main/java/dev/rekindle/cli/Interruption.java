package dev.rekindle.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when the process is told to (Ctrl-C, SIGTERM): its thread is interrupted, and the process
 * stays until this is closed or its patience is over. So it has to be opened first and closed last.
 */
public final class Interruption implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread command) {
        this.hook = new Thread(() -> stop(command), "rekindle-stop");
    }

    /** From now on a signal interrupts the calling thread. */
    public static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void stop(Thread command) {
        command.interrupt();
        try {
            ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs and sees that the command has ended.
        }
    }
}
