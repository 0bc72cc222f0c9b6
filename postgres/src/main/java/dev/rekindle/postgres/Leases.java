package dev.rekindle.postgres;

import dev.rekindle.jdbc.EndWatches;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.WorkItem;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has leased, and who waits for what. The store only knows that the node has it; to whom here it was given,
 * and by which token, is known here.
 */
final class Leases {
    final ReentrantLock lock = new ReentrantLock();
    final Signal instanceSignal = new Signal(lock);
    final Signal workSignal = new Signal(lock);
    final EndWatches ends = new EndWatches();

    private final InstantSource clock;
    private final SecureRandom tokens = new SecureRandom();
    private final Map<Long, HeldInstance> instances = new HashMap<>();
    private final Map<Long, HeldInstance> instancesByKey = new HashMap<>();
    private final Map<String, HeldInstance> instancesById = new HashMap<>();
    private final Map<Long, HeldWork> work = new HashMap<>();
    private final Map<Long, Map<Long, HeldWork>> workByInstance = new HashMap<>();
    private final Deque<HeldInstance> ready = new ArrayDeque<>();
    private Duration storeAhead = Duration.ZERO;
    private final AtomicLong releases = new AtomicLong();

    Leases(InstantSource clock) {
        this.clock = clock;
    }

    /** Does something with the lock held. */
    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Does something with the lock held. */
    void with(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    /** Lets those who wait ask both queues. */
    void raiseAll() {
        with(() -> {
            instanceSignal.raise();
            workSignal.raise();
        });
    }

    // ---- time

    /** The store said what time it is. */
    void storeTime(Instant now) {
        storeAhead = Duration.between(clock.instant(), now);
    }

    /** The clock of this machine. */
    InstantSource clock() {
        return clock;
    }

    /** The store's time as far as it can be known here. */
    Instant now() {
        return clock.instant().plus(storeAhead);
    }

    // ---- instances

    long newToken() {
        return tokens.nextLong();
    }

    void add(HeldInstance held) {
        instances.put(held.token, held);
        instancesByKey.put(held.key, held);
        instancesById.put(held.id, held);
    }

    @Nullable
    HeldInstance instance(long token) {
        return instances.get(token);
    }

    boolean holdsInstance(long key) {
        return instancesByKey.containsKey(key);
    }

    boolean holdsInstance(String id) {
        return instancesById.containsKey(id);
    }

    /** Takes out a lease that ended. What was leased anew in the same transaction stays. */
    void remove(Held held) {
        switch (held) {
            case HeldInstance instance -> remove(instance);
            case HeldWork activity -> remove(activity);
        }
    }

    private void remove(HeldInstance held) {
        if (instances.remove(held.token) != null) {
            instancesByKey.remove(held.key, held);
            instancesById.remove(held.id, held);
            ready.remove(held);
        }
    }

    List<HeldInstance> instancesOf(NodeId node) {
        return instances.values().stream()
                .filter(held -> node.equals(held.node) || held.node == null)
                .toList();
    }

    Collection<HeldInstance> allInstances() {
        return List.copyOf(instances.values());
    }

    /** How many more instances those who wait here would take than are ready for them. */
    int spareDemand() {
        return instanceSignal.appetite() - ready.size();
    }

    /** Leased, and to be handed to whoever asks first. */
    void makeReady(HeldInstance held) {
        add(held);
        ready.add(held);
        instanceSignal.nudge();
    }

    /** Takes what waits to be handed out. */
    List<HeldInstance> takeReady(int max, NodeId node) {
        List<HeldInstance> taken = new ArrayList<>();
        while (taken.size() < max && !ready.isEmpty()) {
            HeldInstance held = ready.remove();
            held.node = node;
            taken.add(held);
        }
        return taken;
    }

    /** Takes what nobody has come for, so that nobody gets it while it is given back. */
    List<HeldInstance> takeUnwanted() {
        List<HeldInstance> unwanted = instanceSignal.isAsked() ? List.of() : List.copyOf(ready);
        ready.removeAll(unwanted);
        return unwanted;
    }

    // ---- activities

    HeldWork addWork(long instance, long position, NodeId node, WorkItem.ActivityExecute item) {
        HeldWork held = new HeldWork(newToken(), instance, position, node, item);
        work.put(held.token, held);
        workByInstance.computeIfAbsent(instance, key -> new HashMap<>()).put(position, held);
        return held;
    }

    @Nullable
    HeldWork work(long token) {
        return work.get(token);
    }

    @Nullable
    HeldWork work(long instance, long position) {
        return workByInstance.getOrDefault(instance, Map.of()).get(position);
    }

    private void remove(HeldWork held) {
        if (work.remove(held.token) != null) {
            workByInstance.computeIfPresent(held.instance, (instance, siblings) -> {
                siblings.remove(held.position, held);
                return siblings.isEmpty() ? null : siblings;
            });
        }
    }

    /** All that is leased here of an instance that ended, or began anew. */
    void removeWorkOf(long instance) {
        List.copyOf(workByInstance.getOrDefault(instance, Map.of()).values()).forEach(this::remove);
    }

    List<HeldWork> workOf(NodeId node) {
        return work.values().stream().filter(held -> node.equals(held.node)).toList();
    }

    Collection<HeldWork> allWork() {
        return List.copyOf(work.values());
    }

    // ---- the node

    /** The node was given up, or gives up: it holds nothing any more. */
    void clear() {
        instances.clear();
        instancesByKey.clear();
        instancesById.clear();
        work.clear();
        workByInstance.clear();
        ready.clear();
    }

    boolean isEmpty() {
        return instances.isEmpty() && work.isEmpty();
    }

    /** Ends the waits of those who fetch. */
    void release() {
        instanceSignal.sated();
        workSignal.sated();
        releases.incrementAndGet();
        instanceSignal.nudge();
        workSignal.nudge();
    }

    long releases() {
        return releases.get();
    }

    /** The instances that somebody waits for and that don't run here. */
    List<String> watchedElsewhere() {
        return ends.open().stream().filter(id -> !instancesById.containsKey(id)).toList();
    }
}
