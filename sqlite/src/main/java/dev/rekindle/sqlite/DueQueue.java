package dev.rekindle.sqlite;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table that become visible at a time of their own: the next ones in memory, the others only on disk.
 * All rows up to the frontier are here, or were here and became due; but for those that somebody else wrote, which a
 * review of these rows finds. Guarded by the board's lock.
 */
final class DueQueue<E> {
    /** How far ahead rows are read. */
    static final long HORIZON_MILLIS = 60_000;

    /** How many rows are read at once, and what a queue holds at least before it is cut. */
    static final int PAGE = 10_000;

    private static final long REFILL_MILLIS = 5_000;
    private static final Place BEGINNING = new Place(Long.MIN_VALUE, Long.MIN_VALUE);

    private final TreeMap<Place, E> waiting = new TreeMap<>();
    private final TreeMap<Long, Place> places = new TreeMap<>();
    private Place frontier = BEGINNING;

    /** How far the review is that is under way. */
    private @Nullable Place reviewed;

    private boolean reviewAgain;
    private boolean more = true;
    private boolean sooner;

    /** A place in the order of the rows: by time, then by key. */
    record Place(long due, long key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(key, other.key);
        }
    }

    /** Adds a row that was just written, if it is near enough; later ones are read when their time comes. */
    void written(long due, long key, E entry) {
        Place place = new Place(due, key);
        if (place.compareTo(frontier) > 0) {
            return;
        }
        put(place, entry);
        if (waiting.size() > 4 * PAGE) {
            while (waiting.size() > 2 * PAGE) {
                places.remove(waiting.pollLastEntry().getKey().key());
            }
            frontier = waiting.lastKey();
            more = true;
        }
    }

    /** Adds a row that was read after the {@link #position()}. */
    void read(long due, long key, E entry) {
        put(new Place(due, key), entry);
    }

    /** A page was read up to this time; {@code last} is its last row if it was full. */
    void pageRead(long until, @Nullable Place last) {
        Place reached = last != null ? last : new Place(until, Long.MAX_VALUE);
        if (reviewed == null) {
            advance(reached, last != null);
            return;
        }
        if (last != null && reached.compareTo(frontier) < 0) {
            reviewed = reached;
            return;
        }
        reviewed = reviewAgain ? BEGINNING : null;
        reviewAgain = false;
        if (reached.compareTo(frontier) > 0) {
            advance(reached, last != null);
        }
    }

    private void advance(Place reached, boolean isFull) {
        frontier = reached;
        more = isFull;
    }

    /** Somebody else may have written rows that are to be found. A review that is under way is not broken off: it would never end. */
    void review() {
        if (reviewed != null) {
            reviewAgain = true;
        } else if (!frontier.equals(BEGINNING)) {
            reviewed = BEGINNING;
        }
    }

    /** The place after which the next page begins. */
    Place position() {
        Place place = reviewed;
        return place == null ? frontier : place;
    }

    boolean contains(long key) {
        return places.containsKey(key);
    }

    /** Whether the next page has to be read. */
    boolean wantsPage(long now) {
        return reviewed != null || lacksRows(now);
    }

    private boolean lacksRows(long now) {
        return frontier.equals(BEGINNING) || (more ? waiting.size() < PAGE / 4 : now >= frontier.due() - REFILL_MILLIS);
    }

    /** Whether rows may be due that were not read, as when the clock has jumped. */
    boolean isBehind(long now) {
        return frontier.due() < now && lacksRows(now);
    }

    /** Whether something came since the last call that is due before everything else: who waits has to look again. */
    boolean takeSooner() {
        boolean was = sooner;
        sooner = false;
        return was;
    }

    /** Takes the next entry that is due, if one is. */
    @Nullable
    E poll(long now) {
        if (waiting.isEmpty() || waiting.firstKey().due() > now) {
            return null;
        }
        Map.Entry<Place, E> first = waiting.pollFirstEntry();
        places.remove(first.getKey().key());
        return first.getValue();
    }

    @Nullable
    E remove(long key) {
        Place place = places.remove(key);
        return place == null ? null : waiting.remove(place);
    }

    /** The entries of an instance that are here. */
    List<E> of(long instance) {
        return places.subMap(Keys.first(instance), true, Keys.last(instance), true).values().stream()
                .map(waiting::get)
                .toList();
    }

    /** Removes all entries of an instance. */
    void removeAll(long instance) {
        Map<Long, Place> its = places.subMap(Keys.first(instance), true, Keys.last(instance), true);
        its.values().forEach(waiting::remove);
        its.clear();
    }

    /** When {@link #poll} or {@link #wantsPage} will next have an answer. */
    long nextWake() {
        long page = more ? Long.MAX_VALUE : frontier.due() - REFILL_MILLIS;
        return waiting.isEmpty() ? page : Math.min(page, waiting.firstKey().due());
    }

    private void put(Place place, E entry) {
        waiting.put(place, entry);
        places.put(place.key(), place);
        sooner |= waiting.firstKey().equals(place);
    }
}
