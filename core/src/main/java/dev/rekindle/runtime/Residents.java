package dev.rekindle.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The instances in memory. Those at rest without a lease may keep a bounded number of bytes together; beyond it the least
 * recently used ones are evicted.
 *
 * <p>Whoever takes a resident out of the resting ones, by {@link #wake} or for eviction, is alone with it.
 */
final class Residents {
    private final long maxRestingBytes;
    private final Map<String, Resident> all = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Resident, Long> resting = new LinkedHashMap<>();
    private final LongAdder evictions = new LongAdder();
    private long restingBytes;

    Residents(long maxRestingBytes) {
        this.maxRestingBytes = maxRestingBytes;
    }

    Optional<Resident> find(String instance) {
        return Optional.ofNullable(all.get(instance));
    }

    Collection<Resident> all() {
        return all.values();
    }

    /**
     * The instance's resident, for a caller who has just got its lease: the one at rest, or a new one. One that is just
     * coming to rest is waited for; one that is busy otherwise belongs to a lease that was lost, and is left to its end.
     */
    Resident wake(String instance) {
        Resident busy = null;
        while (true) {
            lock.lock();
            try {
                Resident present = all.get(instance);
                Long bytes = present == null ? null : resting.remove(present);
                if (present != null && bytes != null) {
                    restingBytes -= bytes;
                    return present;
                }
                if (present == null || present == busy) {
                    Resident fresh = new Resident(instance);
                    all.put(instance, fresh);
                    return fresh;
                }
                busy = present;
            } finally {
                lock.unlock();
            }
            if (busy.awaitSettled()) {
                busy = null;
            }
        }
    }

    /**
     * A resident for an instance that is about to be started here; empty when there is one of this id. It is not settled
     * yet: whoever is given the instance meanwhile waits for that.
     */
    Optional<Resident> admit(String instance) {
        Resident fresh = new Resident(instance);
        fresh.unsettle();
        lock.lock();
        try {
            return all.putIfAbsent(instance, fresh) == null ? Optional.of(fresh) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a resident without a lease rest, and evicts others if that is too much; itself if it alone is. */
    void rest(Resident resident, long bytes) {
        List<Resident> evicted = new ArrayList<>();
        lock.lock();
        try {
            if (all.get(resident.instance()) != resident) {
                evicted.add(resident);
            } else if (bytes > maxRestingBytes) {
                all.remove(resident.instance(), resident);
                evicted.add(resident);
                evictions.increment();
            } else {
                resting.put(resident, bytes);
                restingBytes += bytes;
            }
            Iterator<Map.Entry<Resident, Long>> oldest = resting.entrySet().iterator();
            while (restingBytes > maxRestingBytes && oldest.hasNext()) {
                Map.Entry<Resident, Long> victim = oldest.next();
                oldest.remove();
                restingBytes -= victim.getValue();
                all.remove(victim.getKey().instance(), victim.getKey());
                evicted.add(victim.getKey());
                evictions.increment();
            }
        } finally {
            lock.unlock();
        }
        evicted.forEach(Resident::evict);
    }

    /** Lets go of a resident whose instance has ended or can't go on here. */
    void drop(Resident resident) {
        all.remove(resident.instance(), resident);
        resident.evict();
    }

    /** Evicts all that are at rest. */
    void clear() {
        List<Resident> evicted;
        lock.lock();
        try {
            evicted = List.copyOf(resting.keySet());
            resting.clear();
            restingBytes = 0;
            evicted.forEach(resident -> all.remove(resident.instance(), resident));
        } finally {
            lock.unlock();
        }
        evicted.forEach(Resident::evict);
    }

    int count() {
        return all.size();
    }

    long restingBytes() {
        lock.lock();
        try {
            return restingBytes;
        } finally {
            lock.unlock();
        }
    }

    long evictionCount() {
        return evictions.sum();
    }
}
