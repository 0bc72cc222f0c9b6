package dev.rekindle.sqlite;

import dev.rekindle.Failure;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import org.jspecify.annotations.Nullable;

/** An activity in the queue that the owner holds in memory. Guarded by the board's lock. */
final class WorkEntry {
    private static final int OVERHEAD = 500;

    final long key;
    final WorkItem.ActivityExecute work;
    final int nodeDeaths;
    final int weight;
    int attempt = 1;

    @Nullable
    Failure failure;

    @Nullable
    String heartbeat;

    /** Whether its row says already, as far as it must, that the present owner has it. */
    boolean marked;

    /** Whether the present owner counted itself in its row, to be taken back when it goes cleanly. */
    boolean counted;

    /** When it becomes, or became, visible; 0 when it was from the beginning. */
    long visibleAt;

    /** Whether it is still in the queue. */
    boolean gone;

    /** The token of the lease; 0 while nobody has it. */
    long lease;

    @Nullable
    NodeId node;

    /** The batch in which somebody last claimed it. */
    long claimedIn;

    private WorkEntry(long key, WorkItem.ActivityExecute work, int nodeDeaths, int length, boolean marked) {
        this.key = key;
        this.work = work;
        this.nodeDeaths = nodeDeaths;
        this.weight = OVERHEAD + length;
        this.marked = marked;
    }

    /** An activity that the present owner queued. */
    static WorkEntry written(long key, WorkItem.ActivityExecute work, int length) {
        return new WorkEntry(key, work, 0, length, true);
    }

    /** An activity that was read from its row. */
    static WorkEntry read(WorkTable.Row row, WorkItem.ActivityExecute work, Epochs epochs) {
        WorkEntry entry = new WorkEntry(
                row.key(),
                work,
                row.nodeDeaths() + epochs.presumedDeaths(row.epoch()),
                row.body().length(),
                row.epoch() == epochs.current());
        entry.attempt = row.attempt();
        entry.failure = row.failure();
        entry.heartbeat = row.heartbeat();
        Long due = row.visibleAt();
        entry.visibleAt = due == null ? 0 : due;
        return entry;
    }

    WorkLease workLease() {
        return new WorkLease(work.instance(), work.runId(), work.executionId(), work.scheduledId(), lease);
    }

    LeasedWork leasedWork() {
        return new LeasedWork(workLease(), work, attempt, nodeDeaths, failure, heartbeat);
    }
}
