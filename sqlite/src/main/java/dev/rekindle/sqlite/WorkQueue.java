package dev.rekindle.sqlite;

import dev.rekindle.provider.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queue of activities: those that are ready, oldest first, and those that are leased. Guarded by the board's lock.
 *
 * <p>When more are ready than memory may hold, the newer ones stay on disk. They are found again by reading the table in
 * the order of its keys and leaving out what is here.
 */
final class WorkQueue {
    /** Roughly the bytes of activities in memory that no node has; more stay on disk. */
    private static final long MAX_WEIGHT = 24L << 20;

    private final TreeMap<Long, WorkEntry> all = new TreeMap<>();
    private final ArrayDeque<WorkEntry> ready = new ArrayDeque<>();
    private final Map<Long, WorkEntry> leases = new HashMap<>();
    private final Set<Long> unreadable = new HashSet<>();
    final DueQueue<WorkEntry> delayed = new DueQueue<>();
    private long weight;
    private boolean moreOnDisk = true;

    /** Takes in an activity that the present owner queued for anyone, unless earlier ones wait on disk already. */
    void written(WorkEntry entry) {
        if (!moreOnDisk) {
            read(entry);
            moreOnDisk = weight > MAX_WEIGHT;
        }
    }

    /** Takes in an activity that is ready. */
    void read(WorkEntry entry) {
        all.put(entry.key, entry);
        addReady(entry);
    }

    /** Takes in an activity with a time of its own that was read. */
    void readDelayed(long due, WorkEntry entry) {
        if (!knows(entry.key)) {
            delayed.read(due, entry.key, entry);
        }
    }

    void lease(WorkEntry entry, NodeId node, TokenSource tokens) {
        all.put(entry.key, entry);
        entry.lease = tokens.next();
        entry.node = node;
        leases.put(entry.lease, entry);
    }

    List<WorkEntry> pick(int max, NodeId node, TokenSource tokens) {
        List<WorkEntry> picked = new ArrayList<>();
        while (picked.size() < max && !ready.isEmpty()) {
            WorkEntry entry = ready.remove();
            if (!entry.gone) {
                weight -= entry.weight;
                lease(entry, node, tokens);
                picked.add(entry);
            }
        }
        return picked;
    }

    /** Makes ready what is due. */
    void promote(long now) {
        for (WorkEntry entry = delayed.poll(now); entry != null; entry = delayed.poll(now)) {
            read(entry);
        }
    }

    @Nullable
    WorkEntry leased(long token) {
        return leases.get(token);
    }

    /** The node that has the activity with this key; null when nobody does. */
    @Nullable
    NodeId holder(long key) {
        WorkEntry entry = all.get(key);
        return entry == null ? null : entry.node;
    }

    List<WorkEntry> leasedTo(NodeId node) {
        return leases.values().stream().filter(entry -> node.equals(entry.node)).toList();
    }

    /** Who holds the activities that are held. */
    Stream<NodeId> holders() {
        return leases.values().stream().map(entry -> entry.node).filter(Objects::nonNull);
    }

    boolean anyLeasedToOthers(NodeId node) {
        return leases.values().stream().anyMatch(entry -> !node.equals(entry.node));
    }

    /** The activities that name the present owner in their rows. */
    List<WorkEntry> counted() {
        return all.values().stream().filter(entry -> entry.counted).toList();
    }

    /** Ends a lease; the activity is ready again. */
    void giveBack(WorkEntry entry) {
        endLease(entry);
        addReady(entry);
    }

    /** Ends a lease; the activity is ready again at a time. */
    void giveBack(WorkEntry entry, long due) {
        endLease(entry);
        all.remove(entry.key);
        delayed.written(due, entry.key, entry);
    }

    /** Takes an activity out of the queue. Returns whether it was known here. */
    boolean remove(long key) {
        WorkEntry entry = all.get(key);
        if (entry == null) {
            return delayed.remove(key) != null;
        }
        remove(entry);
        return true;
    }

    void remove(WorkEntry entry) {
        if (!entry.gone) {
            entry.gone = true;
            weight -= entry.lease == 0 ? entry.weight : 0;
            endLease(entry);
            all.remove(entry.key);
        }
    }

    /** The activities of an instance that are here. */
    List<WorkEntry> of(long instance) {
        List<WorkEntry> its = new ArrayList<>(all.subMap(Keys.first(instance), true, Keys.last(instance), true)
                .values());
        its.addAll(delayed.of(instance));
        return its;
    }

    /** An activity that was put off is ready now; its row says so. */
    void hurry(long key) {
        WorkEntry entry = delayed.remove(key);
        if (entry != null) {
            entry.visibleAt = 0;
            read(entry);
        } else if (!all.containsKey(key)) {
            moreOnDisk = true;
        }
    }

    /** Takes all activities of an instance out of the queue. */
    void removeAll(long instance) {
        List.copyOf(all.subMap(Keys.first(instance), true, Keys.last(instance), true)
                        .values())
                .forEach(this::remove);
        delayed.removeAll(instance);
    }

    boolean knows(long key) {
        return all.containsKey(key) || delayed.contains(key) || unreadable.contains(key);
    }

    /** This row can't be read; it is left where it is. Returns whether that is news. */
    boolean unreadable(long key) {
        return unreadable.add(key);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    boolean wantsPage() {
        return moreOnDisk && weight < MAX_WEIGHT / 2;
    }

    boolean hasRoom() {
        return weight < MAX_WEIGHT;
    }

    void allRead() {
        moreOnDisk = false;
    }

    private void addReady(WorkEntry entry) {
        ready.add(entry);
        weight += entry.weight;
    }

    private void endLease(WorkEntry entry) {
        if (entry.lease != 0) {
            leases.remove(entry.lease);
            entry.lease = 0;
            entry.node = null;
        }
    }
}
