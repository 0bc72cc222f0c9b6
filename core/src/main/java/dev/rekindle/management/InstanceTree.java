package dev.rekindle.management;

import java.util.List;

/**
 * An instance with its children, and theirs. Immutable.
 *
 * @param instance the instance
 * @param children its children, those that were started last first
 * @param more whether there are more children than are shown
 */
public record InstanceTree(InstanceSummary instance, List<InstanceTree> children, boolean more) {
    /** Makes the list immutable. */
    public InstanceTree {
        children = List.copyOf(children);
    }

    /** How many instances are in it. */
    public int size() {
        return 1 + children.stream().mapToInt(InstanceTree::size).sum();
    }
}
