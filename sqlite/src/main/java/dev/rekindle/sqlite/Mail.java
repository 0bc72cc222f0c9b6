package dev.rekindle.sqlite;

import dev.rekindle.provider.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are visible, by instance, and who has them. Guarded by the board's lock.
 *
 * <p><b>Order.</b> Memory holds the messages up to a cursor, a key of their table; later ones stay on disk until there
 * is room, and are then read in the order of their keys. So each instance gets its messages in the order in which they
 * were accepted, however many wait.
 *
 * <p><b>Room.</b> Messages of instances that can't be had (suspended, put off, in a turn) must not keep those of others on disk: when
 * there are many, memory keeps their places only ({@link Letter#shelve}), and they are read again when their instance is leased.
 */
final class Mail {
    /** Roughly the bytes of messages in memory that no node has; more stay on disk. */
    private static final long MAX_WEIGHT = 24L << 20;

    /** As much may be of instances that can't be had; it has to be less than what leaves room for a page. */
    private static final long MAX_IDLE_WEIGHT = MAX_WEIGHT / 4;

    /** Roughly the bytes of messages that are handed out with one lease; more come with the next one. */
    private static final long MAX_HANDED = MAX_WEIGHT / 3;

    private final Instances instances;
    private final ArrayDeque<Instance> ready = new ArrayDeque<>();
    private final PriorityQueue<Resting> resting = new PriorityQueue<>(Comparator.comparingLong(Resting::until));
    private final Map<Long, Instance> leases = new HashMap<>();
    private final Set<Long> delayedHere = new HashSet<>();
    private final List<Letter> orphans = new ArrayList<>();
    final DueQueue<Letter> timers = new DueQueue<>();
    final DueQueue<Letter> delayed = new DueQueue<>();
    private long weight;
    private long cursor;
    private boolean moreOnDisk = true;

    /** An instance that nobody gets for a while. */
    private record Resting(long until, Instance instance) {}

    Mail(Instances instances) {
        this.instances = instances;
    }

    /** Takes in a message that the present owner wrote, unless earlier ones wait on disk already. */
    void written(Letter letter) {
        if (!moreOnDisk) {
            arrived(letter);
        }
    }

    /** Takes in the message whose key is the next one. */
    void arrived(Letter letter) {
        cursor = letter.id;
        deliver(letter);
        if (weight > MAX_WEIGHT) {
            moreOnDisk = true;
        }
    }

    /** The row with this key is of no use here; those after it are. */
    void skipped(long key) {
        cursor = key;
    }

    /** Puts a message that is visible into its instance's inbox. */
    void deliver(Letter letter) {
        Instance instance = instances.get(letter.instance);
        if (instance.status.isTerminal()) {
            orphans.add(letter);
            return;
        }
        instance.put(letter);
        weight += letter.weight();
        offer(instance);
        if (!instance.queued && isMuch()) {
            shelve(letter);
        }
        instances.settle(instance);
    }

    /** Remembers a message with a time of its own, read or written. */
    void delay(long due, Letter letter, boolean written) {
        if (written) {
            delayed.written(due, letter.id, letter);
        } else if (!delayedHere.contains(letter.id) && !delayed.contains(letter.id)) {
            delayed.read(due, letter.id, letter);
        }
    }

    /** Makes visible what is due. */
    void promote(long now) {
        for (Letter letter = timers.poll(now); letter != null; letter = timers.poll(now)) {
            deliver(letter);
        }
        for (Letter letter = delayed.poll(now); letter != null; letter = delayed.poll(now)) {
            delayedHere.add(letter.id);
            deliver(letter);
        }
        while (!resting.isEmpty() && resting.element().until() <= now) {
            offer(resting.remove().instance());
        }
    }

    /** Leases ready instances. */
    List<Instance> pick(int max, NodeId node, long now, TokenSource tokens) {
        List<Instance> picked = new ArrayList<>();
        while (picked.size() < max && !ready.isEmpty()) {
            Instance instance = ready.remove();
            instance.queued = false;
            if (instance.lease != 0 || !instance.canGoOn()) {
                shelve(instance);
                continue;
            }
            if (instance.notBefore > now) {
                resting.add(new Resting(instance.notBefore, instance));
                shelve(instance);
                continue;
            }
            instance.lease = tokens.next();
            instance.node = node;
            leases.put(instance.lease, instance);
            hand(instance);
            instances.settle(instance);
            picked.add(instance);
        }
        return picked;
    }

    /** Hands the oldest messages out, and an order to terminate in any case. */
    private void hand(Instance instance) {
        long handed = 0;
        for (Letter letter : instance.inbox().values()) {
            if (handed < MAX_HANDED || letter.terminates()) {
                letter.handed = true;
                weight -= letter.weight();
                handed += letter.size;
                if (letter.isTimer()) {
                    letter.unshelve(letter.work);
                }
            }
        }
    }

    /** Leases an instance to a node that did not fetch it, and so has none of its messages. */
    void leaseUnasked(Instance instance, NodeId node, TokenSource tokens) {
        instance.lease = tokens.next();
        instance.node = node;
        leases.put(instance.lease, instance);
        instances.settle(instance);
    }

    @Nullable
    Instance leased(long token) {
        return leases.get(token);
    }

    List<Instance> leasedTo(NodeId node) {
        return leases.values().stream()
                .filter(instance -> node.equals(instance.node))
                .toList();
    }

    /** Who holds the instances that are held. */
    Stream<NodeId> holders() {
        return leases.values().stream().map(instance -> instance.node).filter(Objects::nonNull);
    }

    boolean anyLeasedToOthers(NodeId node) {
        return leases.values().stream().anyMatch(instance -> !node.equals(instance.node));
    }

    /** Ends a lease; what is in the inbox can be had again, though not before the time given. */
    void release(Instance instance, long notBefore) {
        leases.remove(instance.lease);
        instance.lease = 0;
        instance.node = null;
        instance.notBefore = notBefore;
        for (Letter letter : instance.inbox().values()) {
            weight += letter.handed ? letter.weight() : 0;
            letter.handed = false;
        }
        offer(instance);
        if (!instance.queued) {
            shelve(instance);
        }
        instances.settle(instance);
    }

    /** Removes a message that was used up. */
    void consume(Instance instance, long id) {
        Letter letter = instance.take(id);
        if (letter != null) {
            weight -= letter.handed ? 0 : letter.weight();
            delayedHere.remove(id);
        }
    }

    /** Removes a timer that was taken back. Returns whether it was known here. */
    boolean removeTimer(Instance instance, long key) {
        if (timers.remove(key) != null) {
            return true;
        }
        boolean fired = instance.inbox().containsKey(-key);
        consume(instance, -key);
        return fired;
    }

    /** Removes the timers that became visible, also those that did while the turn was committed that ends their execution. */
    void forgetFiredTimers(Instance instance) {
        for (Letter letter : List.copyOf(instance.inbox().values())) {
            if (letter.isTimer()) {
                consume(instance, letter.id);
            }
        }
    }

    /** Ends a lease of an instance that has ended; what came in the meantime is left to be cleaned up. */
    void finish(Instance instance, Set<Long> removed) {
        for (Letter letter : List.copyOf(instance.inbox().values())) {
            consume(instance, letter.id);
            if (!removed.contains(letter.id)) {
                orphans.add(letter);
            }
        }
        release(instance, Long.MIN_VALUE);
    }

    /** Forgets an instance that was deleted, with its messages and timers. */
    void forget(Instance instance, Collection<Long> messages) {
        for (long message : messages) {
            delayed.remove(message);
        }
        timers.removeAll(instance.key);
        for (Letter letter : List.copyOf(instance.inbox().values())) {
            consume(instance, letter.id);
        }
        release(instance, Long.MIN_VALUE);
        instances.forget(instance);
    }

    /** Messages of instances that have ended, each given once. */
    List<Letter> takeOrphans() {
        List<Letter> taken = List.copyOf(orphans);
        orphans.clear();
        return taken;
    }

    boolean hasOrphans() {
        return !orphans.isEmpty();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    long cursor() {
        return cursor;
    }

    boolean wantsPage() {
        return moreOnDisk && weight < MAX_WEIGHT / 2;
    }

    boolean hasRoom() {
        return weight < MAX_WEIGHT;
    }

    /** Somebody else wrote messages. */
    void moreOnDisk() {
        moreOnDisk = true;
    }

    /** All messages up to this key are in memory, or have a time of their own: nobody has to look at these again. */
    void allRead(long key) {
        cursor = Math.max(cursor, key);
        moreOnDisk = false;
    }

    /** When {@link #promote} will next have something to do. */
    long nextWake() {
        long next = Math.min(timers.nextWake(), delayed.nextWake());
        return resting.isEmpty() ? next : Math.min(next, resting.element().until());
    }

    /** Makes room for the messages of others, if there is need: an instance can't be had any more. */
    private void shelve(Instance instance) {
        if (isMuch()) {
            instance.inbox().values().forEach(this::shelve);
        }
    }

    private void shelve(Letter letter) {
        if (!letter.handed && !letter.terminates()) {
            weight -= letter.weight();
            letter.shelve();
        }
    }

    private boolean isMuch() {
        return weight > MAX_IDLE_WEIGHT;
    }

    /** Puts an instance that anyone may have into the line, at its end. */
    private void offer(Instance instance) {
        if (!instance.queued && instance.lease == 0 && instance.canGoOn()) {
            instance.queued = true;
            ready.add(instance);
        }
    }
}
