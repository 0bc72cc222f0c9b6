package dev.rekindle.sqlite;

import dev.rekindle.jdbc.EndWatches;
import dev.rekindle.provider.NodeId;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the owner of a file has in memory: who holds what, and what can be had. Empty while this provider is not the
 * owner.
 *
 * <p><b>Concurrency.</b> Everything but {@link #ends} is guarded by {@link #lock}, which nobody holds while committing.
 * Fetchers give leases under it; only the writer ends them. So a lease that the writer found good when it admitted an
 * operation is still good when the operation was committed.
 */
final class Board {
    final ReentrantLock lock = new ReentrantLock();

    /** Signalled when an instance may be ready, and when this provider is closed or changes its role. */
    final Condition instanceReady = lock.newCondition();

    /** Signalled when an activity may be ready, and when this provider is closed or changes its role. */
    final Condition workReady = lock.newCondition();

    final Instances instances = new Instances();
    final EndWatches ends = new EndWatches();
    final TokenSource tokens = new TokenSource();
    Mail mail = new Mail(instances);
    WorkQueue work = new WorkQueue();
    private Epochs epochs = new Epochs(0, Set.of());
    private volatile boolean owner;

    boolean isOwner() {
        return owner;
    }

    Epochs epochs() {
        return epochs;
    }

    /** This provider is the owner from now on. */
    void open(Epochs taken) {
        empty();
        epochs = taken;
        tokens.begin(taken.current());
        owner = true;
        signalAll();
    }

    /** This provider is not the owner any more; all leases are void. */
    void clear() {
        empty();
        owner = false;
        signalAll();
    }

    private void empty() {
        instances.clear();
        mail = new Mail(instances);
        work = new WorkQueue();
    }

    /** Whether other nodes than this one hold anything. */
    boolean anyLeasedToOthers(NodeId node) {
        return mail.anyLeasedToOthers(node) || work.anyLeasedToOthers(node);
    }

    void promote(long now) {
        mail.promote(now);
        work.promote(now);
    }

    /** Whether rows have to be read into memory. */
    boolean wantsUpkeep(long now) {
        return owner
                && (mail.wantsPage()
                        || mail.timers.wantsPage(now)
                        || mail.delayed.wantsPage(now)
                        || work.wantsPage()
                        || work.delayed.wantsPage(now)
                        || mail.hasOrphans());
    }

    /** Whether rows have to be read into memory before anything is handed out: they are due, and nobody knows them. */
    boolean isBehind(long now) {
        return owner && (mail.timers.isBehind(now) || mail.delayed.isBehind(now) || work.delayed.isBehind(now));
    }

    /** Wakes fetchers if there is something for them. */
    void signalReady() {
        boolean sooner = mail.timers.takeSooner();
        sooner |= mail.delayed.takeSooner();
        if (sooner || mail.hasReady()) {
            instanceReady.signalAll();
        }
        if (work.delayed.takeSooner() || work.hasReady()) {
            workReady.signalAll();
        }
    }

    void signalAll() {
        instanceReady.signalAll();
        workReady.signalAll();
    }
}
