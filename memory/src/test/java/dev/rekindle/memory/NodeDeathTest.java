package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the suite leaves to each provider; the rest of a death it checks with {@link SharedStore}. */
class NodeDeathTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final BasicInMemoryProvider provider = new BasicInMemoryProvider();
    private int nodes;

    @BeforeEach
    void start() {
        provider.enqueueOrchestratorWork(
                new WorkItem.StartOrchestration("a", "run", "Orders", "", "{}", null), Duration.ZERO);
    }

    @Test
    void nodeDied_afterATurn_whatCameSinceIsNoCause() throws InterruptedException {
        fetch();
        die();
        OrchestrationItem item = fetch();
        assertThat(item.nodeDeaths()).isEqualTo(1);
        commit(item);
        raise();
        die();
        assertThat(fetch().nodeDeaths()).isZero();
    }

    /** The present node dies, and another one takes its place. */
    private void die() {
        provider.nodeDied(node());
        nodes++;
    }

    private NodeId node() {
        return new NodeId("node " + nodes);
    }

    private void raise() {
        provider.enqueueOrchestratorWork(new WorkItem.RaiseEvent("a", null, "channel", "{}"), Duration.ZERO);
    }

    private OrchestrationItem fetch() throws InterruptedException {
        List<OrchestrationItem> items = provider.fetchOrchestrationItem(new FetchRequest(node(), 1, Duration.ZERO));
        assertThat(items).hasSize(1);
        return items.getFirst();
    }

    /** Commits a first turn that schedules an activity, and keeps the lease. */
    private void commit(OrchestrationItem item) {
        WorkItem.ActivityExecute work =
                new WorkItem.ActivityExecute("a", "run", 1, 2, "Ship", "{}", ActivityOptions.DEFAULT, AT);
        provider.ackOrchestrationItem(new TurnCommit(
                item.lease(),
                new TurnCommit.Position(1, 0, "1"),
                new TurnCommit.Consumed(List.of(item.messages().getFirst().id()), List.of()),
                List.of(
                        new Event.OrchestrationStarted(1, AT, "Orders", "1", "{}", null),
                        new Event.ActivityScheduled(2, AT, "Ship", "{}")),
                new TurnCommit.Effects(
                        List.of(new TurnCommit.NewActivity(work, false)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        null),
                new TurnCommit.Transition.Stay(),
                true));
    }
}
