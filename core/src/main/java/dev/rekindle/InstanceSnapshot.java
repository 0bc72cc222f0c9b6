package dev.rekindle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One instance as it stood when it was read. Immutable.
 *
 * @param instance its id
 * @param runId the identity of this life of the id; a later instance of the same id has another
 * @param orchestration the name of its orchestration
 * @param version the version of the orchestration that runs it; empty until its first turn when the start named none
 * @param status where it stands
 * @param executionId its current execution, counted from 1
 * @param output what it returned, as JSON, when it completed
 * @param failure why it ended, when it failed, was cancelled or terminated
 * @param customStatus what its code last said of itself, as JSON, if it did
 * @param problem why it does not go on although it could, if that is known
 * @param createdAt when it was started
 * @param finishedAt when it ended, if it has
 */
public record InstanceSnapshot(
        String instance,
        String runId,
        String orchestration,
        String version,
        Status status,
        long executionId,
        @Nullable String output,
        @Nullable Failure failure,
        @Nullable String customStatus,
        @Nullable String problem,
        Instant createdAt,
        @Nullable Instant finishedAt) {}
