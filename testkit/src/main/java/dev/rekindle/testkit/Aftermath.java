package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Status;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is looked at after every test: the store is sound, and whatever is in its queues can still be had, once its time
 * has come and the nodes of the test have let go.
 */
final class Aftermath {
    private static final Duration LATER = Duration.ofDays(400);

    private final Bench bench;

    Aftermath(Bench bench) {
        this.bench = bench;
    }

    void check() {
        if (!bench.has(Trait.INSPECTION)) {
            return;
        }
        Optional<Provider> provider = bench.anyProvider();
        if (provider.isEmpty()) {
            return;
        }
        assertThat(provider.get().capability(InspectionCapability.class))
                .as("the InspectionCapability of a store that does not lack it")
                .isPresent();
        Oracle.judge(Bench.image(provider.get()), bench.ledger);
        letGo(provider.get());
        drain(provider.get());
    }

    private void letGo(Provider last) {
        bench.moveToTakeover();
        bench.nodes().forEach(TestNode::release);
        TestNode heir = bench.node(last, "heir");
        heir.fetch(1, Duration.ZERO);
        heir.release();
        for (StoredInstance its : Bench.image(last).instances()) {
            assertThat(its.leasedTo())
                    .as("who has '%s' when all have let go", its.snapshot().instance())
                    .isNull();
            its.activities()
                    .forEach(activity -> assertThat(activity.leasedTo())
                            .as("who has %s when all have let go", activity.work())
                            .isNull());
        }
    }

    /** Whether an operator holds it, so that nobody gets it, and nothing orders it to end. */
    private static boolean isHeld(StoredInstance its) {
        return its.snapshot().status() == Status.SUSPENDED
                && its.messages().stream().noneMatch(message -> message.work() instanceof WorkItem.TerminateInstance);
    }

    private void drain(Provider last) {
        bench.move(LATER);
        Instant now = bench.clock.instant();
        StoreImage image = Bench.image(last);
        List<WorkItem.ActivityExecute> activities = new ArrayList<>();
        List<String> instances = new ArrayList<>();
        for (StoredInstance its : image.instances()) {
            its.activities().forEach(activity -> activities.add(activity.work()));
            boolean due = !its.messages().isEmpty()
                    || its.timers().stream().anyMatch(timer -> !timer.dueAt().isAfter(now));
            if (due && !isHeld(its)) {
                instances.add(its.snapshot().instance());
            }
        }
        TestNode heir = bench.node(last, "heir");
        List<WorkItem.ActivityExecute> dequeued = new ArrayList<>();
        for (List<LeasedWork> some = heir.dequeue();
                !some.isEmpty() && dequeued.size() <= activities.size();
                some = heir.dequeue()) {
            some.forEach(leased -> dequeued.add(leased.work()));
        }
        assertThat(dequeued)
                .as("activities that can be had in the end")
                .containsExactlyInAnyOrderElementsOf(activities);
        List<String> fetched = new ArrayList<>();
        for (List<OrchestrationItem> some = heir.fetch();
                !some.isEmpty() && fetched.size() <= instances.size();
                some = heir.fetch()) {
            some.forEach(item -> fetched.add(item.lease().instance()));
        }
        assertThat(fetched).as("instances that can be had in the end").containsExactlyInAnyOrderElementsOf(instances);
    }
}
