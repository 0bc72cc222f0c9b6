package dev.rekindle.management;

import dev.rekindle.Status;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts over the whole store. Immutable.
 *
 * @param instancesByStatus how many instances are in each status; statuses without any are absent
 */
public record SystemMetrics(Map<Status, Long> instancesByStatus) {
    /** Makes the map immutable, in the order of the statuses. */
    public SystemMetrics {
        EnumMap<Status, Long> copy = new EnumMap<>(Status.class);
        copy.putAll(instancesByStatus);
        instancesByStatus = Collections.unmodifiableMap(copy);
    }

    /** How many instances there are in all. */
    public long totalInstances() {
        return instancesByStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many instances are in this status. */
    public long instances(Status status) {
        return instancesByStatus.getOrDefault(status, 0L);
    }

    /** How many instances have not ended. */
    public long activeInstances() {
        return instancesByStatus.entrySet().stream()
                .filter(entry -> !entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
