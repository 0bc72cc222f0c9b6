package dev.rekindle;

/**
 * What a node has done since it started. Immutable.
 *
 * @param turns turns committed
 * @param replays how many of them had to replay a history first
 * @param activities attempts of activities that ended
 * @param resident instances in memory now
 * @param residentBytes what they are estimated to keep
 * @param evictions instances that were put out of memory to stay within {@link RekindleOptions#residentBytes()}
 */
public record RuntimeMetrics(
        long turns, long replays, long activities, int resident, long residentBytes, long evictions) {}
