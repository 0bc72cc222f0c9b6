package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InspectionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId NODE = new NodeId("node");

    static Stream<BasicInMemoryProvider> bothForms() {
        InstantSource clock = InstantSource.fixed(NOW);
        return Stream.of(new BasicInMemoryProvider(clock), new InMemoryProvider(clock));
    }

    @ParameterizedTest
    @MethodSource("bothForms")
    void inspect_busyStore_showsEverything(BasicInMemoryProvider provider) throws InterruptedException {
        start(provider, "a");
        OrchestrationItem item = provider.fetchOrchestrationItem(request()).getFirst();
        WorkItem.ActivityExecute work =
                new WorkItem.ActivityExecute("a", "run", 1, 2, "Ship", "{}", ActivityOptions.DEFAULT, NOW);
        Instant due = NOW.plus(Duration.ofHours(1));
        List<Event> events = List.of(
                new Event.OrchestrationStarted(1, NOW, "Orders", "1", "{}", null),
                new Event.ActivityScheduled(2, NOW, "Ship", "{}"),
                new Event.TimerCreated(3, NOW, due));
        WorkItem.RaiseEvent toNobody = new WorkItem.RaiseEvent("nobody", null, "channel", "{}");
        provider.ackOrchestrationItem(new TurnCommit(
                item.lease(),
                new TurnCommit.Position(1, 0, "1"),
                new TurnCommit.Consumed(List.of(item.messages().getFirst().id()), List.of()),
                events,
                new TurnCommit.Effects(
                        List.of(new TurnCommit.NewActivity(work, true)),
                        List.of(),
                        List.of(new TurnCommit.Timer(3, due)),
                        List.of(),
                        List.of(toNobody),
                        List.of(),
                        null),
                new TurnCommit.Transition.Stay(),
                true));
        WorkItem.RaiseEvent now = new WorkItem.RaiseEvent("a", null, "channel", "now");
        WorkItem.RaiseEvent later = new WorkItem.RaiseEvent("a", null, "channel", "later");
        provider.enqueueOrchestratorWork(later, Duration.ofMinutes(1));
        provider.enqueueOrchestratorWork(now, Duration.ZERO);
        start(provider, "b");

        StoreImage image =
                provider.capability(InspectionCapability.class).orElseThrow().inspect();

        assertThat(image.instances()).hasSize(2);
        StoreImage.StoredInstance busy = image.instances().getFirst();
        assertThat(busy.snapshot()).isEqualTo(provider.findInstance("a").orElseThrow());
        assertThat(busy.histories()).isEqualTo(Map.of(1L, events));
        assertThat(busy.messages())
                .containsExactly(
                        new StoreImage.StoredMessage(now, null),
                        new StoreImage.StoredMessage(later, NOW.plus(Duration.ofMinutes(1))));
        assertThat(busy.timers()).containsExactly(new StoreImage.StoredTimer(1, 3, due));
        assertThat(busy.activities()).containsExactly(new StoreImage.StoredActivity(work, 1, "node"));
        assertThat(busy.leasedTo()).isEqualTo("node");
        assertThat(image.instances().getLast().leasedTo()).isNull();
        assertThat(image.orphans()).isEmpty();
        assertThat(image.deadLetters())
                .containsExactly(new TurnCommit.DeadLetter(toNobody, TurnCommit.DeadLetter.NO_SUCH_RUN));
        assertThat(image.statusCounts()).containsOnly(Map.entry(Status.RUNNING, 1L), Map.entry(Status.PENDING, 1L));
    }

    private static FetchRequest request() {
        return new FetchRequest(NODE, 1, Duration.ZERO);
    }

    private static void start(BasicInMemoryProvider provider, String instance) {
        provider.enqueueOrchestratorWork(
                new WorkItem.StartOrchestration(instance, "run", "Orders", "", "{}", null), Duration.ZERO);
    }
}
