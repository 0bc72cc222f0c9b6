package dev.rekindle.sqlite;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instances that the owner knows: all that are leased or have messages, and the last ones that were. Guarded by the
 * board's lock.
 */
final class Instances {
    private static final int MAX_IDLE = 16_384;

    private final Map<Long, Instance> byKey = new HashMap<>();
    private final Map<String, Instance> byId = new HashMap<>();
    private final LinkedHashMap<Long, Instance> idle = new LinkedHashMap<>();

    @Nullable
    Instance find(String id) {
        return byId.get(id);
    }

    @Nullable
    Instance find(long key) {
        return byKey.get(key);
    }

    /** The instance with this key; one that nothing is known of yet when it isn't here. */
    Instance get(long key) {
        return byKey.computeIfAbsent(key, Instance::new);
    }

    /** Takes in an instance whose row was read or written. */
    Instance add(Instance instance) {
        byKey.put(instance.key, instance);
        byId.put(instance.id, instance);
        settle(instance);
        return instance;
    }

    /** Takes in an instance that was just created; messages may have come for it already, in the same transaction. */
    Instance created(Batch.StartSlot slot, long now) {
        Instance instance = get(slot.key);
        instance.created(slot, now);
        return add(instance);
    }

    /** Its row was read: from now on it is found by its id too. */
    void loaded(Instance instance) {
        byId.put(instance.id, instance);
    }

    /** Keeps a busy instance for sure, and an idle one as long as there is room. */
    void settle(Instance instance) {
        if (instance.lease != 0 || !instance.inbox().isEmpty()) {
            idle.remove(instance.key);
        } else {
            idle.putLast(instance.key, instance);
        }
    }

    /** Forgets the idle ones that there is no room for: between batches, as an operation goes on with what it has found. */
    void makeRoom() {
        while (idle.size() > MAX_IDLE) {
            forget(idle.firstEntry().getValue());
        }
    }

    void forget(Instance instance) {
        idle.remove(instance.key);
        byKey.remove(instance.key);
        byId.remove(instance.id, instance);
    }

    /** The messages that name the present owner in their rows. */
    List<Letter> countedLetters() {
        return byKey.values().stream()
                .flatMap(instance -> instance.inbox().values().stream())
                .filter(letter -> letter.counted)
                .toList();
    }

    void clear() {
        byKey.clear();
        byId.clear();
        idle.clear();
    }
}
