package dev.rekindle.sqlite;

/**
 * What the writer of a {@link SqliteProvider} has done so far. Immutable.
 *
 * @param commits transactions that wrote something
 * @param statements rows inserted, updated or deleted one by one, over all transactions
 * @param operations calls of the provider that were committed
 * @param largestBatch the most operations that went into one transaction
 */
public record WriterStats(long commits, long statements, long operations, long largestBatch) {}
