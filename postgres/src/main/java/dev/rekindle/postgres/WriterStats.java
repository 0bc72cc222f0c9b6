package dev.rekindle.postgres;

/**
 * What a provider's writer has done since it was opened. Immutable.
 *
 * @param commits how many transactions, beats included
 * @param operations how many operations were in them
 * @param refusedWrites how many operations were refused because the node had lost its place or its leases in the store
 * @param takenOver how many silent nodes it took leases over from
 */
public record WriterStats(long commits, long operations, long refusedWrites, long takenOver) {}
