package dev.rekindle.jdbc;

import dev.rekindle.InstanceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All who wait in this process for ends of instances. Thread-safe. */
public final class EndWatches {
    private final Map<String, List<EndWatch>> watches = new ConcurrentHashMap<>();

    /** Nobody waits yet. */
    public EndWatches() {}

    /** Begins to wait for the end of an instance; whoever does has to {@link #remove} it. */
    public EndWatch add(String instance) {
        EndWatch watch = new EndWatch();
        watches.compute(instance, (id, known) -> {
            List<EndWatch> all = known == null ? new CopyOnWriteArrayList<>() : known;
            all.add(watch);
            return all;
        });
        return watch;
    }

    /** Waits no longer. */
    public void remove(String instance, EndWatch watch) {
        watches.computeIfPresent(instance, (id, known) -> {
            known.remove(watch);
            return known.isEmpty() ? null : known;
        });
    }

    /** Whether nobody waits. */
    public boolean isEmpty() {
        return watches.isEmpty();
    }

    /** The instances that somebody waits for who has not been told. */
    public List<String> open() {
        return watches.entrySet().stream()
                .filter(watched -> !watched.getValue().stream().allMatch(EndWatch::isTold))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells those who wait for an instance how it ended. */
    public void tell(InstanceSnapshot ended) {
        of(ended.instance()).forEach(watch -> watch.tell(ended));
    }

    /** Nobody will tell how this instance ended: who waits for it looks for itself. */
    public void giveUp(String instance) {
        of(instance).forEach(EndWatch::giveUp);
    }

    /** Nobody will tell any end: all who wait look for themselves. */
    public void giveUp() {
        watches.values().forEach(all -> all.forEach(EndWatch::giveUp));
    }

    private List<EndWatch> of(String instance) {
        return watches.getOrDefault(instance, List.of());
    }
}
