package dev.rekindle.provider;

import dev.rekindle.Failure;
import org.jspecify.annotations.Nullable;

/**
 * An activity to run, leased to the caller. Immutable.
 *
 * @param lease the right to run it
 * @param work what to run
 * @param attempt which attempt this is, from 1; only attempts that were reported count
 * @param nodeDeaths how often a node died while it was running this
 * @param lastFailure why the attempt before failed, or could not be made; null when there was none
 * @param heartbeat what an earlier attempt last reported of its progress, as JSON
 */
public record LeasedWork(
        WorkLease lease,
        WorkItem.ActivityExecute work,
        int attempt,
        int nodeDeaths,
        @Nullable Failure lastFailure,
        @Nullable String heartbeat) {}
