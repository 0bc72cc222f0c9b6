package dev.rekindle.cli.operate;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.cli.Json;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.ParentLink;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An instance as programs read it. */
record InstanceForm(
        String instance,
        String runId,
        String orchestration,
        String version,
        String status,
        long executionId,
        @Nullable String parent,
        JsonNode customStatus,
        @Nullable String problem,
        Map<String, String> attributes,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    static InstanceForm of(InstanceSummary its) {
        ParentLink parent = its.parent();
        return new InstanceForm(
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                its.status().label(),
                its.executionId(),
                parent == null ? null : parent.instance(),
                Json.payload(its.customStatus()),
                its.problem(),
                new TreeMap<>(its.attributes()),
                its.createdAt(),
                its.startedAt(),
                its.finishedAt());
    }

    /** What is known without management. */
    static InstanceForm of(InstanceSnapshot its) {
        return new InstanceForm(
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                its.status().label(),
                its.executionId(),
                null,
                Json.payload(its.customStatus()),
                its.problem(),
                Map.of(),
                its.createdAt(),
                null,
                its.finishedAt());
    }
}
