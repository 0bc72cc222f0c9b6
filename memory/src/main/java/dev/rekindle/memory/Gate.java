package dev.rekindle.memory;

import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.ProviderErrors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The one lock of a store, and waiting for a change. Every change wakes whoever waits to look again: simple rather than
 * fast. Thread-safe.
 */
final class Gate {
    private final String store;
    private final DueTasks due;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    Gate(String store, DueTasks due) {
        this.store = store;
        this.due = due;
    }

    <T> T look(Supplier<T> question) {
        lock.lock();
        try {
            checkOpen();
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    <T> T change(Supplier<T> change) {
        return look(() -> {
            T answer = change.get();
            changed.signalAll();
            return answer;
        });
    }

    void run(Runnable change) {
        change(() -> {
            change.run();
            return true;
        });
    }

    /** Takes what there is, waiting for the first as long as the request says. */
    <T> List<T> take(FetchRequest request, Supplier<List<T>> attempt) throws InterruptedException {
        return await(request.maxWait(), attempt, taken -> !taken.isEmpty());
    }

    /** Asks until the answer will do or the time is over, and returns the last answer. */
    <T> T await(Duration wait, Supplier<T> question, Predicate<T> enough) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = wait.toNanos();
            while (true) {
                checkOpen();
                if (due.run()) {
                    changed.signalAll();
                }
                T answer = question.get();
                if (enough.test(answer) || left <= 0) {
                    return answer;
                }
                long slice = Math.min(left, due.nanosUntilNext());
                left -= slice - Math.max(0, changed.awaitNanos(slice));
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw ProviderErrors.closed(store);
        }
    }
}
