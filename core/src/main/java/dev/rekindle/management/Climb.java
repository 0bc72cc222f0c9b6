package dev.rekindle.management;

import java.util.ArrayList;
import java.util.List;

/** A climb through the children of one instance, and theirs. */
final class Climb {
    static final int DEPTH = 20;
    static final int CHILDREN = 100;
    static final int SIZE = 1_000;

    private final ManagementCapability reading;
    private int left = SIZE;

    Climb(ManagementCapability reading) {
        this.reading = reading;
    }

    InstanceTree from(InstanceSummary its) {
        return below(its, 1);
    }

    private InstanceTree below(InstanceSummary its, int depth) {
        left--;
        int size = Math.min(CHILDREN, left);
        if (depth >= DEPTH || size <= 0) {
            Page<InstanceSummary> any = children(its, 1);
            return new InstanceTree(its, List.of(), !any.items().isEmpty());
        }
        Page<InstanceSummary> children = children(its, size);
        List<InstanceTree> below = new ArrayList<>();
        for (InstanceSummary child : children.items()) {
            if (left > 0) {
                below.add(below(child, depth + 1));
            }
        }
        return new InstanceTree(
                its,
                below,
                children.next() != null || below.size() < children.items().size());
    }

    private Page<InstanceSummary> children(InstanceSummary its, int size) {
        return reading.queryInstances(InstanceQuery.ALL.withParent(its.instance()), PageRequest.first(size));
    }
}
