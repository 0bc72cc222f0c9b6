package dev.rekindle.memory;

import dev.rekindle.management.NodeInfo;
import dev.rekindle.memory.Instance.Held;
import dev.rekindle.provider.NodeId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who has asked for something to run and has not left. Guarded by the gate's lock. */
final class Nodes {
    private record Seen(Instant since, boolean alive) {}

    private final DueTasks due;
    private final Map<NodeId, Seen> seen = new HashMap<>();

    Nodes(DueTasks due) {
        this.due = due;
    }

    void saw(NodeId node) {
        Seen before = seen.get(node);
        if (before == null || !before.alive()) {
            seen.put(node, new Seen(due.now(), true));
        }
    }

    /** Whether the node asks for work, as far as is known here. */
    boolean isAlive(NodeId node) {
        Seen its = seen.get(node);
        return its != null && its.alive();
    }

    void left(NodeId node, boolean died) {
        seen.computeIfPresent(node, (id, its) -> died ? new Seen(its.since(), false) : null);
    }

    /** The living first, then by name. */
    List<NodeInfo> all(Instances instances) {
        return seen.entrySet().stream()
                .map(entry -> info(entry.getKey(), entry.getValue(), instances))
                .sorted(Comparator.comparing((NodeInfo info) -> !info.alive()).thenComparing(NodeInfo::name))
                .toList();
    }

    private static NodeInfo info(NodeId node, Seen its, Instances instances) {
        return new NodeInfo(
                node.value(),
                its.since(),
                null,
                its.alive(),
                instances.all().stream()
                        .filter(instance -> Held.by(instance.held, node))
                        .count(),
                instances.all().stream()
                        .flatMap(instance -> instance.activities.values().stream())
                        .filter(activity -> Held.by(activity.held, node))
                        .count(),
                true);
    }
}
