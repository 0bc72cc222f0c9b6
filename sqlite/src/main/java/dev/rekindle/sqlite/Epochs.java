package dev.rekindle.sqlite;

import java.util.Set;

/**
 * The times at which this file was taken over. Immutable.
 *
 * <p>A row carries the epoch in which it was written. When that epoch ended without a release, its owner died, and may
 * have been at this row. What later owners had in hand is written into {@code node_deaths} before they get it, and taken
 * back when they release it.
 *
 * @param current the epoch of the present owner
 * @param unclean earlier epochs that ended without a release
 */
record Epochs(long current, Set<Long> unclean) {
    int presumedDeaths(long epoch) {
        return epoch != current && unclean.contains(epoch) ? 1 : 0;
    }
}
