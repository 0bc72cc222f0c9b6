package dev.rekindle.memory;

import dev.rekindle.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** The time of a store, and tasks that wait for theirs. Guarded by the gate's lock. */
final class DueTasks {
    private record Task(Instant at, long number, Runnable task) {}

    private final InstantSource clock;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::number));
    private long lastNumber;

    DueTasks(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** The time so long after now. */
    Instant after(Duration delay) {
        return Limits.timeAfter(now(), delay);
    }

    void at(Instant time, Runnable task) {
        tasks.add(new Task(time, ++lastNumber, task));
    }

    /** Runs a task after a delay; at once when there is none. */
    void after(Duration delay, Runnable task) {
        if (delay.isZero()) {
            task.run();
        } else {
            at(after(delay), task);
        }
    }

    /** Runs what is due. Returns whether there was anything. */
    boolean run() {
        Instant now = now();
        boolean any = false;
        for (Task next = tasks.peek(); next != null && !next.at().isAfter(now); next = tasks.peek()) {
            tasks.remove();
            next.task().run();
            any = true;
        }
        return any;
    }

    /** How long until the next task is due: at least a nanosecond, and at most a day. */
    long nanosUntilNext() {
        Task next = tasks.peek();
        Duration wait = next == null ? Duration.ofDays(1) : Duration.between(now(), next.at());
        return wait.compareTo(Duration.ofDays(1)) > 0 ? TimeUnit.DAYS.toNanos(1) : Math.max(1, wait.toNanos());
    }
}
