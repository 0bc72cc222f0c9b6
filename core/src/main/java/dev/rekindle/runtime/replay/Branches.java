package dev.rekindle.runtime.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The branches of one execution. They take turns in the order in which they became ready, so that the order of events
 * alone decides who runs when.
 *
 * <p>Used by one driver at a time; {@link #current()} and {@link #makeReady} also by the branch that is running.
 */
final class Branches {
    private final Deque<Branch> ready = new ArrayDeque<>();
    private final Set<Branch> alive = new LinkedHashSet<>();
    private volatile @Nullable Branch running;

    /** Adds a branch, to run after those that are ready already. */
    void add(Branch branch) {
        alive.add(branch);
        makeReady(branch);
    }

    void makeReady(Branch branch) {
        if (!branch.isEnded() && branch.markReady()) {
            ready.add(branch);
        }
    }

    /** Runs branches until none is ready or {@code stop} holds. */
    void runUntilBlocked(BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            Branch next = ready.poll();
            if (next == null) {
                return;
            }
            running = next;
            next.resume();
            running = null;
            if (next.isEnded()) {
                alive.remove(next);
            }
        }
    }

    /** The branch that the calling thread is running, if it is one of these. */
    @Nullable
    Branch current() {
        Branch branch = running;
        return branch != null && branch.isCurrent() ? branch : null;
    }

    /** Where the branch that is running is at the moment. Callable from any thread. */
    Optional<StackTraceElement[]> runningStack() {
        Branch branch = running;
        return branch == null ? Optional.empty() : Optional.of(branch.stack());
    }

    /** Whether any branch has not ended. */
    boolean areAlive() {
        return !alive.isEmpty();
    }

    /** Ends all branches. */
    void evict() {
        ready.clear();
        for (Branch branch : List.copyOf(alive)) {
            running = branch;
            branch.evict();
            running = null;
        }
        alive.clear();
    }
}
