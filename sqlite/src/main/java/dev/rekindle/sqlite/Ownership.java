package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.ProviderErrors;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this provider becomes the owner of its file, and stops being it. Thread-safe. */
final class Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

    private final String store;
    private final Optional<LockFile> lockFile;
    private final Board board;
    private final Writer writer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean standby;
    private final AtomicLong releases = new AtomicLong();
    private boolean ended;

    Ownership(String store, Optional<LockFile> lockFile, Board board, Writer writer) {
        this.store = store;
        this.lockFile = lockFile;
        this.board = board;
        this.writer = writer;
    }

    boolean isStandby() {
        return standby;
    }

    /** How often this provider stopped being the owner; who waits for work stops waiting then. */
    long releases() {
        return releases.get();
    }

    /** Becomes the owner, if nobody else is. Returns whether this provider is the owner now. */
    boolean acquire(NodeId node) {
        if (board.isOwner()) {
            return true;
        }
        lock.lock();
        try {
            if (ended) {
                throw ProviderErrors.closed(store);
            }
            if (!board.isOwner()) {
                if (lockFile.isPresent() && !lockFile.get().tryOwn(this)) {
                    if (!standby) {
                        LOG.info("{}: another one runs the instances of {}; standing by", node, store);
                    }
                    standby = true;
                    return false;
                }
                takeOver(node);
            }
            standby = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void takeOver(NodeId node) {
        boolean taken = false;
        try {
            writer.run(new OwnerOps.TakeOver(node));
            taken = true;
        } finally {
            if (!taken) {
                lockFile.ifPresent(file -> file.disown(this));
            }
        }
    }

    /**
     * Runs something that only the owner may do: as the owner, or while nobody can become it.
     *
     * @return false when another one is the owner; then nothing was done
     */
    boolean tryAsOwner(Op<?> op) {
        lock.lock();
        try {
            if (ended) {
                throw ProviderErrors.closed(store);
            }
            boolean borrowed = !board.isOwner() && lockFile.isPresent();
            if (borrowed && !lockFile.get().tryOwn(this)) {
                return false;
            }
            try {
                writer.run(op);
                return true;
            } finally {
                if (borrowed) {
                    lockFile.get().disown(this);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what a node holds, or all; when nobody holds anything then, lets others become the owner. */
    void release(@Nullable NodeId node) {
        lock.lock();
        try {
            standby = false;
            releaseAsOwner(node);
        } finally {
            lock.unlock();
        }
    }

    /** The lock goes with the leases: also when they could not be given back, or were void before. */
    private void releaseAsOwner(@Nullable NodeId node) {
        try {
            if (board.isOwner()) {
                writer.run(new OwnerOps.Release(node));
            }
        } finally {
            if (!board.isOwner()) {
                disown();
            }
        }
    }

    /** Ends it at the end of this provider: cleanly if possible. */
    void end(boolean cleanly) {
        if (cleanly) {
            try {
                release(null);
            } catch (RekindleException e) {
                LOG.warn("Giving {} back failed; what was under way counts as a node's death", store, e);
            }
        }
        lock.lock();
        try {
            ended = true;
            standby = false;
            disown();
        } finally {
            lock.unlock();
        }
    }

    private void disown() {
        releases.incrementAndGet();
        lockFile.ifPresent(file -> file.disown(this));
    }
}
