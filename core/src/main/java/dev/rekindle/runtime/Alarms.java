package dev.rekindle.runtime;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs short tasks later, on one thread; a task that may block starts a thread for that. Thread-safe. */
final class Alarms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    /** A task that will run. */
    @FunctionalInterface
    interface Alarm {
        /** A task that will not run. */
        Alarm NONE = () -> {};

        /** Takes the task back, if it has not begun. */
        void cancel();
    }

    private final ScheduledThreadPoolExecutor executor;

    Alarms() {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("rekindle-alarms").daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Runs the task once after this time. After {@link #close} nothing runs any more. */
    Alarm after(long nanos, Runnable task) {
        try {
            var future = executor.schedule(() -> run(task), Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return Alarm.NONE;
        }
    }

    /** Runs the task again and again, with this time in between. */
    void every(long nanos, Runnable task) {
        after(nanos, () -> {
            try {
                task.run();
            } finally {
                every(nanos, task);
            }
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("going on after an unexpected error in an alarm", e);
        }
    }
}
