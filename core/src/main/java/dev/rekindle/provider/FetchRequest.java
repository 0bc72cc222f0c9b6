package dev.rekindle.provider;

import java.time.Duration;

/**
 * What a node asks a queue for. Immutable.
 *
 * @param node who asks; leases that are given belong to it
 * @param maxItems how many items at most, at least 1
 * @param wait how long to wait for the first item; {@link Duration#ZERO} doesn't wait
 */
public record FetchRequest(NodeId node, int maxItems, Duration wait) {
    /** Checks the ranges. */
    public FetchRequest {
        if (maxItems < 1 || wait.isNegative()) {
            throw new IllegalArgumentException(
                    "fetch request out of range: maxItems '%d', wait '%s'; expected at least 1 and no negative wait."
                            .formatted(maxItems, wait));
        }
    }
}
