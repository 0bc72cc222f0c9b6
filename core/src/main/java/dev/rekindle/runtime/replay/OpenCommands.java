package dev.rekindle.runtime.replay;

import dev.rekindle.provider.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the code has scheduled and what has not come back, in the order of scheduling. */
final class OpenCommands {
    /**
     * A command that waits for its answer.
     *
     * @param event what was scheduled
     * @param answer where the answer goes
     * @param shielded whether it survives a cancellation of the instance
     * @param effect what it causes outside; has happened, unless the history it stands in was taken over or went void
     */
    record Open(Event.Command event, Promise.Source<String> answer, boolean shielded, Consumer<EffectsDraft> effect) {}

    private final Map<Long, Open> open = new LinkedHashMap<>();

    void add(Open command) {
        open.put(command.event().id(), command);
    }

    boolean contains(long scheduledId) {
        return open.containsKey(scheduledId);
    }

    Optional<Open> find(long scheduledId) {
        return Optional.ofNullable(open.get(scheduledId));
    }

    Optional<Open> remove(long scheduledId) {
        return Optional.ofNullable(open.remove(scheduledId));
    }

    /** Those that a cancellation ends, as a copy. */
    List<Open> unshielded() {
        return open.values().stream().filter(command -> !command.shielded()).toList();
    }

    /** All of them, as a copy. */
    List<Open> all() {
        return List.copyOf(open.values());
    }
}
