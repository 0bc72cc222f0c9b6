package dev.rekindle.provider;

import dev.rekindle.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the attempt that completed an activity. Immutable.
 *
 * @param number which attempt it was, from 1
 * @param startedAt when it began, by the clock of the node that ran it
 * @param lastFailure why the attempt before it failed, or could not be made; null when there was none
 */
public record AttemptInfo(
        int number, Instant startedAt, @Nullable Failure lastFailure) {}
