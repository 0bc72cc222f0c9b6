package dev.rekindle.jdbc;

import dev.rekindle.provider.ProviderErrors;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread of a writer, and the calls that wait for it. Thread-safe; {@link #take} and {@link #rest} are for the
 * thread itself.
 *
 * @param <C> the calls
 */
public final class WriterThread<C extends Call<?>> {
    /** A rest that lasts until there is something to do. */
    public static final long UNTIL_WOKEN = Long.MAX_VALUE;

    private final String store;
    private final int maxBatch;
    private final Thread thread;
    private final Queue<C> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock closeLock = new ReentrantLock();
    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean ended;

    /**
     * A thread that has not begun.
     *
     * @param store how errors name the store
     * @param maxBatch how many calls are taken at most at a time
     * @param work what the thread does, until {@link #take} finds nothing and it {@link #isClosing}
     */
    public WriterThread(String store, int maxBatch, Runnable work) {
        this.store = store;
        this.maxBatch = maxBatch;
        this.thread = Thread.ofPlatform().daemon().name("rekindle " + store).unstarted(() -> {
            try {
                work.run();
            } finally {
                end();
            }
        });
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Hands a call over. It fails with {@code CLOSED} when the thread has ended, whatever ended it. */
    public void submit(C call) {
        waiting.add(call);
        if (ended) {
            end();
        } else if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * Adds what waits to a batch until it is full. A call waits until it is in the batch, so an error loses none.
     *
     * @return whether there is anything in the batch
     */
    public boolean take(List<C> batch) {
        for (C call = waiting.peek(); call != null && batch.size() < maxBatch; call = waiting.peek()) {
            batch.add(call);
            waiting.remove();
        }
        return !batch.isEmpty();
    }

    /** Whether the thread is to end when nothing waits any more. */
    public boolean isClosing() {
        return closing;
    }

    /**
     * Pauses until a call is handed over, {@link #wake} or {@link #close} is called or the time is over, or for no reason.
     *
     * @param nanos the time in nanoseconds, or {@link #UNTIL_WOKEN}
     */
    public void rest(long nanos) {
        idle = true;
        if (waiting.isEmpty() && !closing) {
            LockSupport.parkNanos(this, nanos);
        }
        idle = false;
    }

    /** Ends the rest that is under way, or else the next one: there is another reason to go on than a call. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Lets the thread do what waits and end, and waits for that. Repeating it waits for the same end. */
    public void close() {
        closeLock.lock();
        try {
            closing = true;
            LockSupport.unpark(thread);
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join(TimeUnit.SECONDS.toMillis(1));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            closeLock.unlock();
        }
    }

    /** Nobody takes what waits any more. A call is handed over before this is looked at, so none is overlooked. */
    private void end() {
        ended = true;
        failWaiting(ProviderErrors.closed(store));
    }

    /** Fails all that waits at the moment. */
    public void failWaiting(RuntimeException why) {
        for (C call = waiting.poll(); call != null; call = waiting.poll()) {
            call.fail(why);
        }
    }
}
