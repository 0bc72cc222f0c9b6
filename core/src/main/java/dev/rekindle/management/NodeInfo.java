package dev.rekindle.management;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A process that is, or was lately, connected to the store to run instances. Immutable.
 *
 * @param name what it calls itself
 * @param since when it came
 * @param seenAt when it last said that it is alive; null when the store needs no such word
 * @param alive whether it is, by the store's own measure
 * @param instances how many instances it holds at the moment; 0 where that is not known
 * @param activities how many activities it holds at the moment; 0 where that is not known
 * @param holdingsKnown whether this store can tell what it holds
 */
public record NodeInfo(
        String name,
        Instant since,
        @Nullable Instant seenAt,
        boolean alive,
        long instances,
        long activities,
        boolean holdingsKnown) {}
