package dev.rekindle.runtime.replay;

import dev.rekindle.provider.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages that no wait has taken and waits that no message has met, by channel, each first in first out.
 *
 * @param <W> a wait
 */
final class Mailboxes<W> {
    /** A message that is still there. */
    record Letter(String channel, String payload) {}

    private final Map<String, Deque<String>> letters = new LinkedHashMap<>();
    private final Map<String, Deque<W>> waits = new LinkedHashMap<>();

    /** Those of an execution that nothing is known of but its events. */
    static Mailboxes<Event.EventAwaited> of(List<Event> history) {
        Mailboxes<Event.EventAwaited> mailboxes = new Mailboxes<>();
        Map<Long, Event.EventAwaited> awaited = new HashMap<>();
        for (Event event : history) {
            switch (event) {
                case Event.EventRaised raised -> mailboxes.put(raised.channel(), raised.payload());
                case Event.EventAwaited wait -> {
                    awaited.put(wait.id(), wait);
                    mailboxes.await(wait.channel(), wait);
                }
                case Event.EventWaitEnded ended -> {
                    Event.EventAwaited wait = awaited.remove(ended.scheduledId());
                    if (wait != null) {
                        mailboxes.giveUp(wait.channel(), wait);
                    }
                }
                default -> {}
            }
        }
        return mailboxes;
    }

    /** Takes a message to the oldest wait of its channel, which is returned, or keeps it. */
    Optional<W> put(String channel, String payload) {
        Optional<W> oldest = poll(waits, channel);
        if (oldest.isEmpty()) {
            letters.computeIfAbsent(channel, key -> new ArrayDeque<>()).add(payload);
        }
        return oldest;
    }

    /** Takes the oldest message of the channel to a wait, or keeps it waiting. */
    Optional<String> await(String channel, W wait) {
        Optional<String> oldest = poll(letters, channel);
        if (oldest.isEmpty()) {
            waits.computeIfAbsent(channel, key -> new ArrayDeque<>()).add(wait);
        }
        return oldest;
    }

    /** Gives a wait up. */
    void giveUp(String channel, W wait) {
        Deque<W> waiting = waits.get(channel);
        if (waiting != null) {
            waiting.remove(wait);
        }
    }

    private static <T> Optional<T> poll(Map<String, Deque<T>> queues, String channel) {
        Deque<T> queue = queues.get(channel);
        if (queue == null) {
            return Optional.empty();
        }
        Optional<T> oldest = Optional.ofNullable(queue.poll());
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
