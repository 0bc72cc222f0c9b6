package dev.rekindle.postgres;

/**
 * What a provider's writer has done since it was opened. Immutable.
 *
 * @param commits how many transactions, beats included
 * @param operations how many operations were in them
 * @param fenced how many transactions wrote nothing because the node had lost its place, or leases, in the store
 * @param refusedWrites how many operations were refused because their lease was lost
 * @param takenOver how many silent nodes it took leases over from
 */
public record WriterStats(long commits, long operations, long fenced, long refusedWrites, long takenOver) {}
