package dev.rekindle.provider;

import java.time.Duration;

/**
 * What a node asks a queue for. Immutable.
 *
 * @param node who asks; leases that are given belong to it
 * @param maxItems how many items at most, at least 1
 * @param maxWait how long to wait for the first item; {@link Duration#ZERO} doesn't wait
 */
public record FetchRequest(NodeId node, int maxItems, Duration maxWait) {
    /** Checks the ranges. */
    public FetchRequest {
        if (maxItems < 1 || maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "fetch request out of range: maxItems '%d', maxWait '%s'; expected at least 1 and no negative time."
                            .formatted(maxItems, maxWait));
        }
    }
}
