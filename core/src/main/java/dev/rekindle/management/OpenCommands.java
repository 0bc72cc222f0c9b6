package dev.rekindle.management;

import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a history still waits for, read off its events. Pure. */
final class OpenCommands {
    private OpenCommands() {}

    /** The commands that nothing has answered, in their order. */
    static List<Event.Command> of(List<Event> history) {
        Map<Long, Event.Command> open = new LinkedHashMap<>();
        Mailboxes mailboxes = new Mailboxes(open);
        for (Event event : History.valid(history)) {
            switch (event) {
                case Event.ActivityScheduled scheduled -> open.put(scheduled.id(), scheduled);
                case Event.TimerCreated created -> open.put(created.id(), created);
                case Event.EventAwaited awaited -> mailboxes.await(awaited);
                case Event.ChildScheduled scheduled -> open.put(scheduled.id(), scheduled);
                case Event.ActivityCancelled cancelled -> open.remove(cancelled.scheduledId());
                case Event.TimerCancelled cancelled -> open.remove(cancelled.scheduledId());
                case Event.EventWaitEnded ended -> open.remove(ended.scheduledId());
                case Event.ChildCancelRequested cancelled -> open.remove(cancelled.scheduledId());
                case Event.Completion completion -> open.remove(completion.scheduledId());
                case Event.EventRaised raised -> mailboxes.put(raised.channel());
                case Event.OrchestrationStarted started -> {}
                case Event.OrchestrationReopened reopened -> {}
                case Event.CancelRequested cancel -> {}
                case Event.OrchestrationSpawned spawned -> {}
                case Event.EventSent sent -> {}
                case Event.CustomStatusSet set -> {}
                case Event.Outcome outcome -> open.clear();
            }
        }
        return List.copyOf(open.values());
    }

    /** Which wait gets which message: each channel is first in, first out. */
    private record Mailboxes(Map<Long, Event.Command> open, Map<String, Integer> letters) {
        Mailboxes(Map<Long, Event.Command> open) {
            this(open, new HashMap<>());
        }

        void await(Event.EventAwaited awaited) {
            if (letters.getOrDefault(awaited.channel(), 0) > 0) {
                letters.merge(awaited.channel(), -1, Integer::sum);
            } else {
                open.put(awaited.id(), awaited);
            }
        }

        void put(String channel) {
            open.values().stream()
                    .filter(command -> command instanceof Event.EventAwaited awaited
                            && awaited.channel().equals(channel))
                    .findFirst()
                    .ifPresentOrElse(oldest -> open.remove(oldest.id()), () -> letters.merge(channel, 1, Integer::sum));
        }
    }
}
