package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file beside a database that says who is its owner, and at which its writers queue up. It is held with locks of the
 * operating system, so a process that dies holds nothing.
 *
 * <p>Such locks belong to the process, and closing any descriptor of the file drops them all. So within one JVM there is
 * one of these for each database, shared by its providers and closed with the last, and what keeps providers of one JVM
 * apart is in memory. The database file itself is never opened here: that would drop SQLite's own locks.
 *
 * <p><b>The turnstile.</b> The owner writes nearly all the time, and SQLite lets others wait with sleeps between their
 * tries, so they could wait for ever. Whoever is not the owner passes the turnstile for each transaction; the owner looks
 * there before each of its own, and lets others go first for a while.
 */
final class LockFile {
    private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);
    private static final ReentrantLock REGISTRY_LOCK = new ReentrantLock();
    private static final Map<Path, LockFile> REGISTRY = new HashMap<>();
    private static final long OWNER_BYTE = 0;
    private static final long TURNSTILE_BYTE = 1;
    private static final long MAX_YIELD_NANOS = 100_000_000;
    private static final long YIELD_STEP_NANOS = 200_000;

    private final Path key;
    private final FileChannel channel;
    private final ReentrantLock turnstile = new ReentrantLock();
    private final AtomicInteger passing = new AtomicInteger();
    private int users;
    private @Nullable Ownership owner;
    private @Nullable FileLock ownerLock;

    private LockFile(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /** The lock file of a database that exists. */
    static LockFile of(Path database) {
        REGISTRY_LOCK.lock();
        try {
            Path key = database.toRealPath();
            LockFile file = REGISTRY.get(key);
            if (file == null) {
                Path path = key.resolveSibling(key.getFileName() + "-owner");
                file = new LockFile(key, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                REGISTRY.put(key, file);
            }
            file.users++;
            return file;
        } catch (IOException e) {
            throw unavailable(database, e);
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    /** One user less; each calls it once. */
    void leave() {
        REGISTRY_LOCK.lock();
        try {
            if (--users == 0) {
                REGISTRY.remove(key);
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("Closing the lock file of {} failed", key, e);
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    /** Makes somebody the owner, unless another one is. */
    boolean tryOwn(Ownership who) {
        REGISTRY_LOCK.lock();
        try {
            if (owner != null) {
                return owner == who;
            }
            FileLock lock = channel.tryLock(OWNER_BYTE, 1, false);
            if (lock == null) {
                return false;
            }
            owner = who;
            ownerLock = lock;
            return true;
        } catch (IOException e) {
            throw unavailable(key, e);
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    /** Whether anybody is the owner, in this process or another. */
    boolean isOwned() {
        REGISTRY_LOCK.lock();
        try {
            if (owner != null) {
                return true;
            }
            FileLock lock = channel.tryLock(OWNER_BYTE, 1, false);
            release(lock);
            return lock == null;
        } catch (IOException e) {
            throw unavailable(key, e);
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    /** Lets others become the owner. Does nothing when somebody else is. */
    void disown(Ownership who) {
        REGISTRY_LOCK.lock();
        try {
            if (owner == who) {
                owner = null;
                release(ownerLock);
                ownerLock = null;
            }
        } finally {
            REGISTRY_LOCK.unlock();
        }
    }

    /** Waits until it is the caller's turn; he writes, and calls {@link #leaveTurnstile}. */
    @Nullable
    FileLock passTurnstile() {
        passing.incrementAndGet();
        turnstile.lock();
        try {
            return channel.lock(TURNSTILE_BYTE, 1, false);
        } catch (IOException e) {
            LOG.warn("The turnstile of {} does not work; writing without it", key, e);
            return null;
        }
    }

    void leaveTurnstile(@Nullable FileLock turn) {
        release(turn);
        turnstile.unlock();
        passing.decrementAndGet();
    }

    /** Lets those at the turnstile go first, for a while. */
    void yieldToOthers() {
        for (long waited = 0; waited < MAX_YIELD_NANOS && othersWait(); waited += YIELD_STEP_NANOS) {
            LockSupport.parkNanos(this, YIELD_STEP_NANOS);
        }
    }

    private boolean othersWait() {
        if (passing.get() > 0 || !turnstile.tryLock()) {
            return true;
        }
        try {
            FileLock lock = channel.tryLock(TURNSTILE_BYTE, 1, false);
            release(lock);
            return lock == null;
        } catch (IOException e) {
            return false;
        } finally {
            turnstile.unlock();
        }
    }

    private void release(@Nullable FileLock lock) {
        try {
            if (lock != null) {
                lock.release();
            }
        } catch (IOException e) {
            LOG.warn("Releasing a lock of {} failed", key, e);
        }
    }

    private static RekindleException unavailable(Path database, IOException e) {
        return new RekindleException(
                ErrorCode.STORE_UNAVAILABLE,
                "can't lock: '%s-owner'; found: %s. Make its directory writable.".formatted(database, e),
                e);
    }
}
