package dev.rekindle.management;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of many instances. Immutable.
 *
 * @param done for how many it was done
 * @param skippedByReason how many were left as they are, by the reason
 */
public record BulkResult(long done, Map<String, Long> skippedByReason) {
    /** Makes the map immutable, in its order. */
    public BulkResult {
        skippedByReason = Collections.unmodifiableMap(new LinkedHashMap<>(skippedByReason));
    }

    /** How many were left as they are. */
    public long skipped() {
        return skippedByReason.values().stream().mapToLong(Long::longValue).sum();
    }
}
