package dev.rekindle.runtime;

import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import dev.rekindle.runtime.replay.Execution;
import dev.rekindle.runtime.replay.TurnOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An instance that this node has in memory, with the lease of it while there is one.
 *
 * <p><b>Who runs.</b> One thread at a time is the runner: the one that brought a fetched item ({@link #begin}), or the
 * one that brought a completion while the lease was held and nobody ran ({@link #offer}). It takes turns until nothing
 * has come in, and then {@link #rest}s. Only the runner touches {@link #execution}.
 *
 * <p><b>Hot.</b> Between a rest and the end of the lease the instance is hot: a completion goes straight into its next
 * turn. Without news for the quiet time the lease is given back ({@link #coolDown}).
 */
final class Resident {
    /** A completion that came straight from an activity of this node. */
    record HotCompletion(WorkLease lease, WorkItem.CompletionWork work) {}

    private final String instance;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private List<HotCompletion> inbox = new ArrayList<>();
    private @Nullable InstanceLease lease;
    private boolean running;
    private boolean watched;
    private boolean unsettled;
    private int leasedActivities;
    private long restingSince;
    private long leasedSince;

    /** The code in memory, if it is; the runner's own. */
    private @Nullable Execution execution;

    private volatile long turnStartedNanos;
    private volatile @Nullable Execution inTurn;

    Resident(String instance) {
        this.instance = instance;
    }

    String instance() {
        return instance;
    }

    // ---- who runs

    /** Becomes the runner, with a lease that was fetched. */
    void begin(InstanceLease fetched, long nowNanos) {
        lock.lock();
        try {
            lease = fetched;
            leasedSince = nowNanos;
            running = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Is hot without anybody having run: the lease came together with its first turn. The caller has to see to a watch for
     * its end.
     */
    void beginHot(InstanceLease granted, int activities, long nowNanos) {
        lock.lock();
        try {
            lease = granted;
            leasedSince = nowNanos;
            leasedActivities = activities;
            restingSince = nowNanos;
            watched = true;
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #offer} did. */
    enum Offer {
        /** The instance is not hot: the completion was not taken. */
        REFUSED,
        /** Somebody runs, and will take it. */
        TAKEN,
        /** It was taken, and the caller is the runner now. */
        TAKEN_AND_YOU_RUN
    }

    /** Takes a completion if the lease is held. */
    Offer offer(HotCompletion completion) {
        lock.lock();
        try {
            InstanceLease held = lease;
            if (held == null || !held.runId().equals(completion.lease().runId())) {
                return Offer.REFUSED;
            }
            inbox.add(completion);
            if (running) {
                return Offer.TAKEN;
            }
            running = true;
            return Offer.TAKEN_AND_YOU_RUN;
        } finally {
            lock.unlock();
        }
    }

    /** Takes what has come in. Called by the runner. */
    List<HotCompletion> takeInbox() {
        lock.lock();
        try {
            if (inbox.isEmpty()) {
                return List.of();
            }
            List<HotCompletion> taken = inbox;
            inbox = new ArrayList<>();
            leasedActivities = Math.max(0, leasedActivities - taken.size());
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #rest} found. */
    enum Rest {
        /** Something has come in: the runner goes on. */
        NOT_YET,
        /** The lease is gone. */
        COLD,
        /** The lease is held, and a watch for its end is running. */
        HOT,
        /** The lease is held, and the caller has to see to a watch for its end. */
        HOT_UNWATCHED
    }

    /** Stops being the runner, unless something has come in. */
    Rest rest(long nowNanos) {
        lock.lock();
        try {
            if (!inbox.isEmpty()) {
                return Rest.NOT_YET;
            }
            running = false;
            restingSince = nowNanos;
            if (lease == null) {
                return Rest.COLD;
            }
            if (watched) {
                return Rest.HOT;
            }
            watched = true;
            return Rest.HOT_UNWATCHED;
        } finally {
            lock.unlock();
        }
    }

    // ---- the lease

    InstanceLease requireLease() {
        lock.lock();
        try {
            InstanceLease held = lease;
            if (held == null) {
                throw new IllegalStateException("a runner without a lease: '" + instance + "'");
            }
            return held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether to keep the lease over the next commit: as long as completions are expected here, but not for ever, because
     * messages from elsewhere wait until it ends.
     */
    TurnOutcome.StayHot stayHot(long nowNanos, long longestHeatNanos) {
        lock.lock();
        try {
            if (nowNanos - leasedSince > longestHeatNanos) {
                return TurnOutcome.StayHot.NO;
            }
            return leasedActivities > 0 ? TurnOutcome.StayHot.YES : TurnOutcome.StayHot.IF_AN_ACTIVITY_IS_LEASED;
        } finally {
            lock.unlock();
        }
    }

    /** Activities of this instance have been leased to this node by its own turn. */
    void expect(int activities) {
        lock.lock();
        try {
            leasedActivities += activities;
        } finally {
            lock.unlock();
        }
    }

    /** The lease has ended. Returns the completions that came in meanwhile; they have to go through the store. */
    List<HotCompletion> loseLease() {
        lock.lock();
        try {
            lease = null;
            leasedActivities = 0;
            List<HotCompletion> stranded = inbox;
            inbox = new ArrayList<>();
            return stranded;
        } finally {
            lock.unlock();
        }
    }

    /** A commit is about to let others fetch the instance; whoever does on this node waits until the runner settles. */
    void unsettle() {
        lock.lock();
        try {
            unsettled = true;
        } finally {
            lock.unlock();
        }
    }

    /** The runner has come to rest, or is to go on with its lease. */
    void settle() {
        lock.lock();
        try {
            unsettled = false;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the runner has settled. Returns whether there was anything to wait for. */
    boolean awaitSettled() {
        lock.lock();
        try {
            boolean waited = unsettled;
            while (unsettled) {
                settled.awaitUninterruptibly();
            }
            return waited;
        } finally {
            lock.unlock();
        }
    }

    /** How long to watch on before the lease has been quiet for long enough; see {@link #coolDown}. */
    sealed interface Watch {
        /** Look again after this time. */
        record Again(long nanos) implements Watch {}

        /** The lease is to be given back; the caller is the runner until it has done that. */
        record GiveBack(InstanceLease lease) implements Watch {}

        /** There is nothing to watch any more. */
        record Over() implements Watch {}
    }

    /** Decides what is to become of a lease that is being watched. */
    Watch coolDown(long nowNanos, long quietNanos) {
        lock.lock();
        try {
            InstanceLease held = lease;
            if (held == null) {
                watched = false;
                return new Watch.Over();
            }
            if (running) {
                return new Watch.Again(quietNanos);
            }
            long left = restingSince + quietNanos - nowNanos;
            if (left > 0) {
                return new Watch.Again(left);
            }
            watched = false;
            running = true;
            return new Watch.GiveBack(held);
        } finally {
            lock.unlock();
        }
    }

    // ---- the code

    /** The code in memory, if it stands exactly where the item says. Called by the runner. */
    Optional<Execution> executionAt(OrchestrationItem item) {
        Execution present = execution;
        if (present == null
                || present.lastEventId() != item.lastEventId()
                || present.identity().executionId() != item.executionId()
                || !present.identity().runId().equals(item.lease().runId())) {
            return Optional.empty();
        }
        return Optional.of(present);
    }

    @Nullable
    Execution execution() {
        return execution;
    }

    void keep(Execution newExecution) {
        execution = newExecution;
    }

    /**
     * Puts the code out of memory. Called by the runner, or by whoever has made sure that there is none. What the code does
     * while it unwinds is its own affair and may take any time, so nobody waits for it.
     */
    void evict() {
        Execution present = execution;
        execution = null;
        if (present != null && present.hasThreads()) {
            Thread.ofVirtual().name("rekindle-evict").start(present::evict);
        }
    }

    // ---- turns that don't end

    void turnBegins(long nowNanos, Execution running) {
        turnStartedNanos = nowNanos;
        inTurn = running;
    }

    void turnEnds() {
        inTurn = null;
    }

    /** The execution whose turn has been running since before the given moment. */
    Optional<Execution> inTurnSince(long nanos) {
        Execution present = inTurn;
        return present != null && turnStartedNanos - nanos <= 0 ? Optional.of(present) : Optional.empty();
    }

    /** Identifies the turn that is running, so that it is reported once. */
    long turnStartedNanos() {
        return turnStartedNanos;
    }
}
