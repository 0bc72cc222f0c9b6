package dev.rekindle.runtime.replay;

import dev.rekindle.DurableFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the code of an execution can wait for. Completed by the driver or by a branch, always while nothing else of the
 * execution runs.
 *
 * <p>A value is computed when it is first taken, on the branch that takes it: a payload that does not fit its type, or a
 * function that throws, is that branch's trouble and nobody else's.
 */
abstract sealed class Promise<T> implements DurableFuture<T> permits Promise.Source, Promise.Derived {
    private final Execution execution;
    private final List<Runnable> listeners = new ArrayList<>(1);

    Promise(Execution execution) {
        this.execution = execution;
    }

    /** What it gives. Called only when done. */
    abstract T get();

    /** Whether it is done and {@link #get} is known to throw. */
    abstract boolean hasFailed();

    /** Whether a wait for it ends when the instance is asked to cancel. Waits for branches don't: the branch is told. */
    abstract boolean isInterruptible();

    /** Gives up what this stands for where that makes sense: a wait for an event. */
    abstract void giveUp();

    /** Runs the listener as soon as this is done. */
    final void whenDone(Runnable listener) {
        if (isDone()) {
            listener.run();
        } else {
            listeners.add(listener);
        }
    }

    final void tellListeners() {
        List<Runnable> told = List.copyOf(listeners);
        listeners.clear();
        told.forEach(Runnable::run);
    }

    final Execution execution() {
        return execution;
    }

    @Override
    public final T await() {
        return execution.await(this);
    }

    @Override
    public final T await(Duration timeout) {
        return execution.await(this, timeout);
    }

    @Override
    public final <R> DurableFuture<R> map(Function<? super T, ? extends R> function) {
        return new Derived<>(execution, List.of(this), 1, () -> function.apply(get()));
    }

    /** Done as soon as one of the promises is, with what that one gives. */
    static <T> Promise<T> first(Execution execution, List<? extends Promise<? extends T>> promises) {
        List<Promise<? extends T>> arrived = new ArrayList<>(1);
        promises.forEach(promise -> promise.whenDone(() -> {
            if (arrived.isEmpty()) {
                arrived.add(promise);
            }
        }));
        return new Derived<>(execution, promises, 1, () -> arrived.getFirst().get());
    }

    /** Where a promise's value comes from, when it is taken. */
    @FunctionalInterface
    interface Value<T> {
        T take();
    }

    /** A promise that is completed from outside. */
    static final class Source<T> extends Promise<T> {
        private final boolean interruptible;
        private final Runnable giveUp;
        private @Nullable Value<T> value;
        private boolean failed;

        Source(Execution execution, boolean interruptible, Runnable giveUp) {
            super(execution);
            this.interruptible = interruptible;
            this.giveUp = giveUp;
        }

        Source(Execution execution) {
            this(execution, true, () -> {});
        }

        /** The result of a branch: a cancellation is told to the branch, and not to who waits for it. */
        static <T> Source<T> ofBranch(Execution execution) {
            return new Source<>(execution, false, () -> {});
        }

        /** Completes it, unless it is done already. */
        void complete(Value<T> with) {
            if (value == null) {
                value = new Once<>(with);
                tellListeners();
            }
        }

        /** Fails it, unless it is done already. The exception is made anew for each who takes it. */
        void fail(Value<? extends RuntimeException> exception) {
            if (value == null) {
                failed = true;
                value = () -> {
                    throw exception.take();
                };
                tellListeners();
            }
        }

        @Override
        public boolean isDone() {
            return value != null;
        }

        @Override
        T get() {
            Value<T> known = value;
            if (known == null) {
                throw new IllegalStateException("taken before it was done");
            }
            return known.take();
        }

        @Override
        boolean hasFailed() {
            return failed;
        }

        @Override
        boolean isInterruptible() {
            return interruptible;
        }

        @Override
        void giveUp() {
            if (!isDone()) {
                giveUp.run();
            }
        }
    }

    /** A promise over others: done when enough of them are. */
    static final class Derived<T> extends Promise<T> {
        private final List<? extends Promise<?>> sources;
        private final Value<T> value;
        private int missing;
        private boolean failed;

        /**
         * Done when {@code needed} of the sources are, or one of those that came first failed.
         */
        Derived(Execution execution, List<? extends Promise<?>> sources, int needed, Value<T> value) {
            super(execution);
            this.sources = sources;
            this.value = new Once<>(value);
            this.missing = needed;
            sources.forEach(source -> source.whenDone(() -> came(source)));
        }

        private void came(Promise<?> source) {
            if (isDone()) {
                return;
            }
            failed = source.hasFailed();
            missing--;
            if (isDone()) {
                tellListeners();
            }
        }

        @Override
        public boolean isDone() {
            return missing <= 0 || failed;
        }

        @Override
        T get() {
            return value.take();
        }

        @Override
        boolean hasFailed() {
            return failed;
        }

        @Override
        boolean isInterruptible() {
            return sources.stream().allMatch(Promise::isInterruptible);
        }

        @Override
        void giveUp() {
            sources.forEach(Promise::giveUp);
        }
    }

    /** A value that is computed once, whether it gives something or throws. */
    private static final class Once<T> implements Value<T> {
        private @Nullable Value<T> toCompute;
        private @Nullable Value<T> known;

        Once(Value<T> toCompute) {
            this.toCompute = toCompute;
        }

        @Override
        public T take() {
            Value<T> compute = toCompute;
            if (compute != null) {
                toCompute = null;
                try {
                    T result = compute.take();
                    known = () -> result;
                } catch (RuntimeException e) {
                    known = () -> {
                        throw e;
                    };
                }
            }
            Value<T> answer = known;
            if (answer == null) {
                throw new IllegalStateException("a value that needs itself");
            }
            return answer.take();
        }
    }
}
