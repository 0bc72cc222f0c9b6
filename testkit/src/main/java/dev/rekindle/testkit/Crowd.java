package dev.rekindle.testkit;

import dev.rekindle.RekindleException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many threads that do something at the same moment. */
final class Crowd {
    private Crowd() {}

    /** Lets {@code size} threads go at once and returns what they answered, by their numbers. */
    static <T> List<T> of(int size, IntFunction<Callable<T>> tasks) {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> answers = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Callable<T> task = tasks.apply(i);
                answers.add(threads.submit(() -> {
                    go.await();
                    return task.call();
                }));
            }
            go.countDown();
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(get(answer));
            }
            return all;
        }
    }

    /** How many of so many threads got through, the others being refused by the provider. */
    static long winners(int size, IntFunction<Runnable> tasks) {
        return of(size, number -> {
                    Runnable task = tasks.apply(number);
                    return () -> {
                        try {
                            task.run();
                            return true;
                        } catch (RekindleException e) {
                            return false;
                        }
                    };
                })
                .stream()
                .filter(won -> won)
                .count();
    }

    /** The answer of a task that runs elsewhere; what it throws is thrown here. */
    static <T> T get(Future<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
