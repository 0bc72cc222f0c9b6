package dev.rekindle.runtime;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread of a loop: repeats a step until it is closed, and keeps going whatever a single step throws. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(200);

    /** One round of a loop. */
    @FunctionalInterface
    interface Step {
        /** Does what is there to do. Returns how much that was, 0 when there was nothing. */
        int runOnce() throws InterruptedException;
    }

    private final Thread thread;
    private final Step step;
    private final StorePatience patience;
    private volatile boolean closed;

    Dispatcher(String name, Step step, StorePatience patience) {
        this.step = step;
        this.patience = patience;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** Ends the loop after the step under way. */
    void stop() {
        closed = true;
        thread.interrupt();
    }

    /** Waits, after {@link #stop}, for the step under way; an interruption is kept for later, as the step ends soon. */
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        while (!closed) {
            try {
                step.runOnce();
            } catch (InterruptedException e) {
                LOG.debug("{} was woken up", thread.getName(), e);
            } catch (RekindleException e) {
                if (e.code() == ErrorCode.CLOSED) {
                    closed = true;
                } else {
                    LOG.warn("going on after trouble: {}", e.getMessage());
                    patience.pause(PAUSE_AFTER_TROUBLE);
                }
            } catch (RuntimeException | Error e) {
                LOG.error("going on after an unexpected error in {}", thread.getName(), e);
                patience.pause(PAUSE_AFTER_TROUBLE);
            }
        }
    }
}
