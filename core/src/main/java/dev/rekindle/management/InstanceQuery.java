package dev.rekindle.management;

import dev.rekindle.Limits;
import dev.rekindle.Status;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which instances are wanted: those that fit everything that is set. Immutable; changed by the methods that return a
 * copy.
 *
 * @param statuses in one of these; empty for any
 * @param orchestration of this orchestration; null for any
 * @param version run by exactly this version; null for any, empty for those that have none yet
 * @param idPrefix whose id begins so, case and all; null for any
 * @param parent children of this instance; null for any
 * @param rootsOnly only those that are nobody's child
 * @param troubledOnly only those that have a {@linkplain InstanceSummary#problem() problem}: stuck, suspended, or without a
 *     node that has their code
 * @param createdFrom started at this time or later; null for any
 * @param createdBefore started before this time; null for any
 * @param finishedBefore ended before this time; null for any, ended or not
 * @param attributes started with all of these attributes
 */
public record InstanceQuery(
        Set<Status> statuses,
        @Nullable String orchestration,
        @Nullable String version,
        @Nullable String idPrefix,
        @Nullable String parent,
        boolean rootsOnly,
        boolean troubledOnly,
        @Nullable Instant createdFrom,
        @Nullable Instant createdBefore,
        @Nullable Instant finishedBefore,
        Map<String, String> attributes) {
    /** All instances. */
    public static final InstanceQuery ALL =
            new InstanceQuery(Set.of(), null, null, null, null, false, false, null, null, null, Map.of());

    /**
     * Makes the collections immutable.
     *
     * @throws dev.rekindle.RekindleException {@code INVALID_ARGUMENT} or {@code LIMIT_EXCEEDED} for an attribute that no
     *     instance can have
     */
    public InstanceQuery {
        statuses = Set.copyOf(statuses);
        attributes = Limits.checkAttributes(attributes);
    }

    /** In one of these statuses. */
    public InstanceQuery withStatuses(Collection<Status> wanted) {
        return new InstanceQuery(
                Set.copyOf(wanted),
                orchestration,
                version,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** In this status. */
    public InstanceQuery withStatus(Status wanted) {
        return withStatuses(Set.of(wanted));
    }

    /** Of this orchestration. */
    public InstanceQuery withOrchestration(@Nullable String wanted) {
        return new InstanceQuery(
                statuses,
                wanted,
                version,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Run by this version. */
    public InstanceQuery withVersion(@Nullable String wanted) {
        return new InstanceQuery(
                statuses,
                orchestration,
                wanted,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Whose id begins so. */
    public InstanceQuery withIdPrefix(@Nullable String prefix) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                prefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Children of this instance. */
    public InstanceQuery withParent(@Nullable String wanted) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                wanted,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Only those that are nobody's child, or all. */
    public InstanceQuery withRootsOnly(boolean only) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                parent,
                only,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Only those that have a problem, or all. */
    public InstanceQuery withTroubledOnly(boolean only) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                parent,
                rootsOnly,
                only,
                createdFrom,
                createdBefore,
                finishedBefore,
                attributes);
    }

    /** Started from the first time on and before the second; null leaves that side open. */
    public InstanceQuery withCreated(@Nullable Instant from, @Nullable Instant before) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                from,
                before,
                finishedBefore,
                attributes);
    }

    /** Ended before this time. */
    public InstanceQuery withFinishedBefore(@Nullable Instant before) {
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                before,
                attributes);
    }

    /** Started with this attribute too. */
    public InstanceQuery withAttribute(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new InstanceQuery(
                statuses,
                orchestration,
                version,
                idPrefix,
                parent,
                rootsOnly,
                troubledOnly,
                createdFrom,
                createdBefore,
                finishedBefore,
                more);
    }

    /** Whether an instance fits. */
    public boolean matches(InstanceSummary its) {
        return (statuses.isEmpty() || statuses.contains(its.status()))
                && (orchestration == null || orchestration.equals(its.orchestration()))
                && (version == null || version.equals(its.version()))
                && (idPrefix == null || its.instance().startsWith(idPrefix))
                && (parent == null
                        || (its.parent() != null && parent.equals(its.parent().instance())))
                && !(rootsOnly && its.parent() != null)
                && !(troubledOnly && its.problem() == null)
                && (createdFrom == null || !its.createdAt().isBefore(createdFrom))
                && (createdBefore == null || its.createdAt().isBefore(createdBefore))
                && (finishedBefore == null
                        || (its.finishedAt() != null && its.finishedAt().isBefore(finishedBefore)))
                && its.attributes().entrySet().containsAll(attributes.entrySet());
    }
}
