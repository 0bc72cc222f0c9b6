package dev.rekindle.management;

import dev.rekindle.Status;
import dev.rekindle.provider.ParentLink;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance as lists show it: without payloads that are only in its history. Immutable.
 *
 * @param instance its id
 * @param runId the identity of this life of the id
 * @param orchestration the name of its orchestration
 * @param version the version that runs it; empty until its first turn when the start named none
 * @param status where it stands
 * @param executionId its current execution, from 1
 * @param parent whose child it is, if it is one
 * @param customStatus what its code last said of itself, as JSON, if it did
 * @param problem why it does not go on although it could, if that is known; for a suspended one, why it was
 * @param attributes what it was started with to be found by
 * @param createdAt when it was started
 * @param startedAt when its first turn ran, if one has
 * @param finishedAt when it ended, if it has
 */
public record InstanceSummary(
        String instance,
        String runId,
        String orchestration,
        String version,
        Status status,
        long executionId,
        @Nullable ParentLink parent,
        @Nullable String customStatus,
        @Nullable String problem,
        Map<String, String> attributes,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /** Makes the map immutable. */
    public InstanceSummary {
        attributes = Map.copyOf(attributes);
    }

    /** The same with other words for why it does not go on. */
    public InstanceSummary withProblem(@Nullable String isInItsWay) {
        return withTexts(customStatus, isInItsWay);
    }

    /** The same with other words: what its code says of itself, and why it does not go on. */
    public InstanceSummary withTexts(@Nullable String saysItself, @Nullable String isInItsWay) {
        return new InstanceSummary(
                instance,
                runId,
                orchestration,
                version,
                status,
                executionId,
                parent,
                saysItself,
                isInItsWay,
                attributes,
                createdAt,
                startedAt,
                finishedAt);
    }

    /** Whether that run of another instance is its parent. */
    public boolean isChildOf(InstanceSummary other) {
        return parent != null
                && parent.instance().equals(other.instance())
                && parent.runId().equals(other.runId());
    }
}
