package dev.rekindle;

import dev.rekindle.management.InstanceQuery;
import java.time.Duration;
import java.time.Instant;

/**
 * Which instances are deleted by themselves, and how long after their end. Immutable.
 *
 * <p>Instances that have not ended are never deleted, and children only together with the instance at the root of their
 * tree, when all of it has ended.
 *
 * @param which the instances that it is for; of those, the ones that have ended and are nobody's child
 * @param keep how long they stay after their end
 */
public record RetentionPolicy(InstanceQuery which, Duration keep) {
    /**
     * Checks the time.
     *
     * @throws RekindleException {@link ErrorCode#INVALID_ARGUMENT}
     */
    public RetentionPolicy {
        if (keep.isNegative()) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "negative retention: '%s'; expected zero or more. Say how long instances stay after their end."
                            .formatted(keep));
        }
    }

    /** All instances stay for this long. */
    public static RetentionPolicy keep(Duration time) {
        return new RetentionPolicy(InstanceQuery.ALL, time);
    }

    /** Instances that ended in this status stay for this long. */
    public static RetentionPolicy keep(Status status, Duration time) {
        return new RetentionPolicy(InstanceQuery.ALL.withStatus(status), time);
    }

    /** The instances that are to go by now, among others that must not: {@code deleteAll} knows which. */
    public InstanceQuery due(Instant now) {
        Instant cutoff = now.minus(keep);
        Instant createdBefore = which.createdBefore();
        return which.withRootsOnly(true)
                .withFinishedBefore(cutoff)
                .withCreated(
                        which.createdFrom(),
                        createdBefore == null || createdBefore.isAfter(cutoff) ? cutoff : createdBefore);
    }
}
