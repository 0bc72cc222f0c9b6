package dev.rekindle.runtime.replay;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A piece of orchestration code on a virtual thread of its own, which runs only while its driver waits for it.
 *
 * <p><b>Concurrency.</b> Control is handed to and fro: {@link #resume} gives it to the branch and waits, {@link #pause}
 * gives it back and waits. The volatile {@code holder} is the only thing that both sides touch, and orders everything
 * that they did before. An interrupt of either thread never breaks a wait; it is kept for later.
 *
 * <p><b>Eviction.</b> {@link #evict} makes {@code pause} throw {@link EvictedError}, now and whenever the unwinding code
 * tries to wait again, until the thread has ended.
 */
final class Branch {
    private enum Holder {
        DRIVER,
        BRANCH
    }

    private final Thread thread;
    private volatile Holder holder = Holder.DRIVER;
    private volatile @Nullable Thread driver;
    private volatile boolean ended;
    private boolean started;
    private boolean evicted;
    private boolean ready;
    private int shields;

    Branch(String name, Runnable code, boolean shielded) {
        this.shields = shielded ? 1 : 0;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                code.run();
            } catch (EvictedError expected) {
                // The execution has left memory: there is nothing more to do.
            } finally {
                ended = true;
                handBack();
            }
        });
    }

    /** Lets the branch run until it pauses or ends. Called by the driver. */
    void resume() {
        if (ended) {
            return;
        }
        ready = false;
        driver = Thread.currentThread();
        holder = Holder.BRANCH;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
        waitUntilHeldBy(Holder.DRIVER);
    }

    /** Gives control back to the driver until the branch is resumed. Called on the branch's thread. */
    void pause() {
        if (evicted) {
            throw new EvictedError();
        }
        handBack();
        waitUntilHeldBy(Holder.BRANCH);
        if (evicted) {
            throw new EvictedError();
        }
    }

    /** Ends the branch's thread. Called by the driver while the branch is paused. */
    void evict() {
        evicted = true;
        if (started) {
            resume();
        } else {
            ended = true;
        }
    }

    /** Marks the branch as waiting for its turn. Returns whether it was not marked before. */
    boolean markReady() {
        boolean before = ready;
        ready = true;
        return !before;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    boolean isShielded() {
        return shields > 0;
    }

    void shield() {
        shields++;
    }

    void unshield() {
        shields--;
    }

    /** Where the branch is at the moment. */
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    private void handBack() {
        Thread waiting = driver;
        holder = Holder.DRIVER;
        LockSupport.unpark(waiting);
    }

    private void waitUntilHeldBy(Holder wanted) {
        boolean interrupted = false;
        while (holder != wanted) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
