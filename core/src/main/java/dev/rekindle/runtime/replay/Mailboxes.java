package dev.rekindle.runtime.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages that no wait has taken and waits that no message has met, by channel, each first in first out. */
final class Mailboxes {
    /** A message that is still there. */
    record Letter(String channel, String payload) {}

    private final Map<String, Deque<String>> letters = new LinkedHashMap<>();
    private final Map<String, Deque<Promise.Source<String>>> waits = new LinkedHashMap<>();

    /** Gives a message to the oldest wait of its channel, or keeps it. */
    void put(String channel, String payload) {
        Promise.@Nullable Source<String> oldest = poll(waits, channel);
        if (oldest == null) {
            letters.computeIfAbsent(channel, key -> new ArrayDeque<>()).add(payload);
        } else {
            oldest.complete(() -> payload);
        }
    }

    /** Gives a wait the oldest message of the channel, or keeps it waiting. */
    void await(String channel, Promise.Source<String> wait) {
        String oldest = poll(letters, channel);
        if (oldest == null) {
            waits.computeIfAbsent(channel, key -> new ArrayDeque<>()).add(wait);
        } else {
            wait.complete(() -> oldest);
        }
    }

    /** Gives a wait up. */
    void giveUp(String channel, Promise.Source<String> wait) {
        Deque<Promise.Source<String>> waiting = waits.get(channel);
        if (waiting != null) {
            waiting.remove(wait);
        }
    }

    private static <T> @Nullable T poll(Map<String, Deque<T>> queues, String channel) {
        Deque<T> queue = queues.get(channel);
        if (queue == null) {
            return null;
        }
        T oldest = queue.poll();
        if (queue.isEmpty()) {
            queues.remove(channel);
        }
        return oldest;
    }

    /** The messages that nobody took: oldest first within a channel. */
    List<Letter> leftovers() {
        List<Letter> left = new ArrayList<>();
        letters.forEach((channel, payloads) -> payloads.forEach(payload -> left.add(new Letter(channel, payload))));
        return left;
    }
}
