package dev.rekindle.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Tasks that wait for their time. Guarded by the lock of its provider. */
final class DueTasks {
    private record Task(Instant at, long number, Runnable task) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::number));
    private long lastNumber;

    void at(Instant time, Runnable task) {
        tasks.add(new Task(time, ++lastNumber, task));
    }

    /** Runs what is due. Returns whether there was anything. */
    boolean run(Instant now) {
        boolean any = false;
        for (Task next = tasks.peek(); next != null && !next.at().isAfter(now); next = tasks.peek()) {
            tasks.remove();
            next.task().run();
            any = true;
        }
        return any;
    }

    /** How long until the next task is due: at least a nanosecond, and at most a day. */
    long nanosUntilNext(Instant now) {
        Task next = tasks.peek();
        Duration wait = next == null ? Duration.ofDays(1) : Duration.between(now, next.at());
        return wait.compareTo(Duration.ofDays(1)) > 0 ? TimeUnit.DAYS.toNanos(1) : Math.max(1, wait.toNanos());
    }
}
