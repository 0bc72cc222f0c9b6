package dev.rekindle.postgres;

import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;

/** An activity that this node has leased. Guarded by the lock of the leases. */
final class HeldWork extends Held {
    final long instance;
    final long position;
    final NodeId node;
    private final WorkItem.ActivityExecute work;

    HeldWork(long token, long instance, long position, NodeId node, WorkItem.ActivityExecute work) {
        super(token);
        this.instance = instance;
        this.position = position;
        this.node = node;
        this.work = work;
    }

    WorkLease lease() {
        return new WorkLease(work.instance(), work.runId(), work.executionId(), work.scheduledId(), token);
    }

    long execution() {
        return work.executionId();
    }
}
