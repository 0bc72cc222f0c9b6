package dev.rekindle.runtime.replay;

import dev.rekindle.DurableFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the code of an execution can wait for. Completed by the driver or by a branch, always while nothing else of the
 * execution runs.
 *
 * <p>A value is computed when it is first taken, on the branch that takes it: a payload that does not fit its type, or a
 * function that throws, is that branch's trouble and nobody else's.
 *
 * <p><b>Depth.</b> A loop makes chains of any length of them ({@code d = d.map(f)}), so nothing here goes along a chain by
 * calling itself.
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
    final void giveUp() {
        Set<Promise<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Promise<?>> ahead = new ArrayDeque<>(List.of(this));
        for (Promise<?> next = ahead.poll(); next != null; next = ahead.poll()) {
            if (seen.add(next)) {
                switch (next) {
                    case Source<?> source -> source.withdraw();
                    case Derived<?, ?> derived -> ahead.addAll(derived.sources);
                }
            }
        }
    }

    /** Runs the listener as soon as this is done. */
    final void whenDone(Runnable listener) {
        if (isDone()) {
            listener.run();
        } else {
            listeners.add(listener);
        }
    }

    /** Takes back what {@link #whenDone} was given, and is of no use any more. */
    final void forget(Runnable listener) {
        listeners.remove(listener);
    }

    final int listenerCount() {
        return listeners.size();
    }

    final void tellListeners() {
        List<Runnable> told = List.copyOf(listeners);
        listeners.clear();
        execution.tell(told);
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
        return new Derived<T, R>(
                execution,
                List.of(this),
                1,
                its -> function.apply(its.getFirst().get()));
    }

    /** Done as soon as one of the promises is, with what that one gives. */
    static <T> Promise<T> first(Execution execution, List<? extends Promise<? extends T>> promises) {
        return new Derived<T, T>(execution, promises, 1, its -> its.getFirst().get());
    }

    /** A promise that is completed from outside. */
    static final class Source<T> extends Promise<T> {
        private final boolean interruptible;
        private final Runnable giveUp;
        private @Nullable Supplier<T> value;
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
        void complete(T with) {
            end(() -> with, false);
        }

        /** Fails it, unless it is done already. The exception is made anew for each who takes it. */
        void fail(Supplier<? extends Throwable> exception) {
            end(() -> throwAgain(exception.get()), true);
        }

        private void end(Supplier<T> with, boolean fails) {
            if (value == null) {
                failed = fails;
                value = with;
                tellListeners();
            }
        }

        @Override
        public boolean isDone() {
            return value != null;
        }

        @Override
        T get() {
            Supplier<T> known = value;
            if (known == null) {
                throw new IllegalStateException("taken before it was done");
            }
            return known.get();
        }

        @Override
        boolean hasFailed() {
            return failed;
        }

        @Override
        boolean isInterruptible() {
            return interruptible;
        }

        private void withdraw() {
            if (!isDone()) {
                giveUp.run();
            }
        }
    }

    /**
     * A promise over others: done when enough of them are, or one of those that came first failed.
     *
     * @param <S> what the others give
     */
    static final class Derived<S, T> extends Promise<T> {
        private final List<? extends Promise<? extends S>> sources;
        private final int needed;
        private final Function<List<? extends Promise<? extends S>>, T> function;
        private final boolean interruptible;
        private final List<Runnable> listening;
        private int came;
        private @Nullable List<? extends Promise<? extends S>> ingredients;
        private boolean failed;
        private int prepared;
        private @Nullable Supplier<T> known;

        /**
         * Makes one of these.
         *
         * @param needed how many of the sources it takes: one, or all
         * @param function makes the value of that one, or of all in their order; of the one that failed, if one did
         */
        Derived(
                Execution execution,
                List<? extends Promise<? extends S>> sources,
                int needed,
                Function<List<? extends Promise<? extends S>>, T> function) {
            super(execution);
            this.sources = sources;
            this.needed = needed;
            this.function = function;
            this.interruptible = sources.stream().allMatch(Promise::isInterruptible);
            this.listening = new ArrayList<>(sources.size());
            if (needed == 0) {
                this.ingredients = List.of();
            }
            for (int i = 0; i < sources.size() && !isDone(); i++) {
                listenTo(sources.get(i));
            }
        }

        private void listenTo(Promise<? extends S> source) {
            Runnable listener = () -> came(source);
            listening.add(listener);
            source.whenDone(listener);
        }

        /** A loop may wait for the same event again and again, beside something else that comes each time. */
        private void stopListening() {
            for (int i = 0; i < listening.size(); i++) {
                sources.get(i).forget(listening.get(i));
            }
            listening.clear();
        }

        private void came(Promise<? extends S> source) {
            if (isDone()) {
                return;
            }
            came++;
            failed = source.hasFailed();
            if (failed || needed == 1) {
                ingredients = List.of(source);
            } else if (came == needed) {
                ingredients = sources;
            }
            if (isDone()) {
                stopListening();
                tellListeners();
            }
        }

        @Override
        public boolean isDone() {
            return ingredients != null;
        }

        @Override
        T get() {
            Deque<Derived<?, ?>> unfinished = new ArrayDeque<>(List.of(this));
            Supplier<T> answer = known;
            while (answer == null) {
                Derived<?, ?> last = unfinished.getLast();
                Derived<?, ?> missing = last.nextUnknownIngredient();
                if (missing != null) {
                    unfinished.add(missing);
                } else {
                    last.make();
                    unfinished.removeLast();
                    answer = known;
                }
            }
            return answer.get();
        }

        /** What has to be made before this can be, if anything is left; each is named once. */
        private @Nullable Derived<?, ?> nextUnknownIngredient() {
            List<? extends Promise<? extends S>> its = requireIngredients();
            while (prepared < its.size()) {
                if (its.get(prepared++) instanceof Derived<?, ?> derived && derived.known == null) {
                    return derived;
                }
            }
            return null;
        }

        private void make() {
            known = () -> {
                throw new IllegalStateException("a value that needs itself");
            };
            try {
                T made = function.apply(requireIngredients());
                known = () -> made;
            } catch (EvictedError e) {
                throw e;
            } catch (Throwable e) {
                known = () -> throwAgain(e);
            }
        }

        private List<? extends Promise<? extends S>> requireIngredients() {
            List<? extends Promise<? extends S>> its = ingredients;
            if (its == null) {
                throw new IllegalStateException("taken before it was done");
            }
            return its;
        }

        @Override
        boolean hasFailed() {
            return failed;
        }

        @Override
        boolean isInterruptible() {
            return interruptible;
        }
    }

    /** Throws what the user's code has thrown, which may be a checked exception that it did not declare. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is not to know what is thrown
    private static <T, E extends Throwable> T throwAgain(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
