package dev.rekindle.sqlite;

import java.util.Set;

/**
 * The times at which this file was taken over. Immutable.
 *
 * <p>A row that the owner writes carries its epoch. When that epoch ends without a release, its owner died, and may have
 * been at this row: it is presumed to, so a row that merely waited then counts one death that was none, once in its life.
 * That is the price of writing nothing when a row is handed out in the epoch that wrote it.
 *
 * <p>A row that is {@linkplain #NOBODY nobody's} was written by somebody else than the owner, is delayed, was put
 * back, or was let go on. Who gets it is written into its {@code node_deaths} before, and taken back at a release.
 *
 * @param current the epoch of the present owner
 * @param unclean earlier epochs that ended without a release
 */
record Epochs(long current, Set<Long> unclean) {
    /** The epoch of rows that are in nobody's hands. */
    static final long NOBODY = 0;

    int presumedDeaths(long epoch) {
        return epoch != current && unclean.contains(epoch) ? 1 : 0;
    }
}
