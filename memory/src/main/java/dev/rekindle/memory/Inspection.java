package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows everything that a store holds. Its caller has the gate's lock. */
final class Inspection {
    private Inspection() {}

    static StoreImage of(Instances instances, Activities activities) {
        return new StoreImage(
                instances.all().stream().map(Inspection::stored).toList(),
                activities.ready().stream()
                        .filter(activity -> !belongs(activity, instances))
                        .map(activity -> "queued activity: " + activity.work)
                        .toList(),
                instances.deadLetters().all(),
                counts(instances.all()));
    }

    static Map<Status, Long> counts(Collection<Instance> instances) {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        instances.forEach(instance -> counts.merge(instance.status, 1L, Long::sum));
        return counts;
    }

    private static boolean belongs(Instance.Activity activity, Instances instances) {
        Instance instance = instances.find(activity.work.instance());
        return instance != null && instance.activities.get(activity.work.scheduledId()) == activity;
    }

    private static StoredInstance stored(Instance instance) {
        SortedMap<Long, List<Event>> histories = new TreeMap<>();
        instance.histories.forEach((execution, events) -> histories.put(execution, List.copyOf(events)));
        return new StoredInstance(
                instance.snapshot(),
                histories,
                instance.letters()
                        .map(letter -> new StoredMessage(letter.work(), letter.visibleAt))
                        .toList(),
                instance.allTimers().entrySet().stream()
                        .map(timer -> new StoredTimer(instance.executionId, timer.getKey(), timer.getValue()))
                        .toList(),
                instance.activities.values().stream()
                        .map(activity -> new StoredActivity(activity.work, activity.attempt, node(activity.held)))
                        .toList(),
                node(instance.held));
    }

    static @Nullable String node(Instance.@Nullable Held held) {
        return held == null ? null : held.node().value();
    }
}
