package dev.rekindle.management;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of an instance. Immutable.
 *
 * @param instance the instance's id
 * @param executionId which execution, from 1
 * @param status where it stands; {@link Status#CONTINUED_AS_NEW} when the next one has begun
 * @param output what it returned, as JSON, when it completed
 * @param failure why it ended, when it did not complete
 * @param events how many events it has
 * @param startedAt when its first turn ran; null while none has
 * @param finishedAt when it ended, if it has
 */
public record ExecutionInfo(
        String instance,
        long executionId,
        Status status,
        @Nullable String output,
        @Nullable Failure failure,
        long events,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
