package dev.rekindle.console;

import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the code of one execution asked for, and how long each of it took. Immutable.
 *
 * @param from when the execution began
 * @param to when it ended, or lately
 * @param bars in the order in which they began
 */
record Timeline(Instant from, Instant to, List<Bar> bars) {
    /** What a bar stands for. */
    enum Kind {
        ACTIVITY,
        TIMER,
        EVENT,
        CHILD
    }

    /** How it stands. */
    enum State {
        OPEN,
        DONE,
        FAILED,
        WITHDRAWN
    }

    /**
     * One thing that was asked for.
     *
     * @param eventId the event that asked for it
     * @param subject the activity, the channel, the child's instance id
     * @param end null while it is open
     * @param attempt the attempt that ended it, if that is known
     */
    record Bar(
            long eventId,
            Kind kind,
            String subject,
            Instant start,
            State state,
            @Nullable Instant end,
            @Nullable AttemptInfo attempt) {
        private Bar ended(State how, Instant at, @Nullable AttemptInfo by) {
            return new Bar(eventId, kind, subject, start, how, at, by);
        }
    }

    Duration length() {
        return Duration.between(from, to);
    }

    /**
     * The timeline of a history.
     *
     * @param now how far open bars reach
     */
    static Timeline of(List<Event> history, Instant now) {
        Drawing drawing = new Drawing();
        List<Event> valid = History.valid(history);
        valid.forEach(drawing::add);
        Instant from = valid.isEmpty() ? now : valid.getFirst().at();
        Instant last = valid.isEmpty() ? now : valid.getLast().at();
        boolean over = !valid.isEmpty() && valid.getLast() instanceof Event.Outcome;
        Instant to = over || last.isAfter(now) ? last : rounded(from, now, last);
        return new Timeline(from, to, List.copyOf(drawing.bars.values()));
    }

    /** The present, but not to the millisecond: a chart that is looked at should not move all the time. */
    private static Instant rounded(Instant from, Instant now, Instant last) {
        long span = Math.max(1, Duration.between(from, now).toMillis());
        long step = Math.max(1_000, Long.highestOneBit(span / 32));
        Instant to = from.plusMillis(span / step * step);
        return to.isBefore(last) ? last : to;
    }

    private static final class Drawing {
        private final Map<Long, Bar> bars = new LinkedHashMap<>();
        private final Map<String, Deque<Long>> waiting = new HashMap<>();
        private final Map<String, Integer> mailboxes = new HashMap<>();

        void add(Event event) {
            switch (event) {
                case Event.ActivityScheduled e -> open(e, Kind.ACTIVITY, e.activity());
                case Event.ActivityCompleted e -> end(e.scheduledId(), State.DONE, e.at(), e.attempt());
                case Event.ActivityFailed e -> end(e.scheduledId(), State.FAILED, e.at(), e.attempt());
                case Event.ActivityCancelled e -> end(e.scheduledId(), State.WITHDRAWN, e.at(), null);
                case Event.TimerCreated e -> open(e, Kind.TIMER, "");
                case Event.TimerFired e -> end(e.scheduledId(), State.DONE, e.at(), null);
                case Event.TimerCancelled e -> end(e.scheduledId(), State.WITHDRAWN, e.at(), null);
                case Event.ChildScheduled e -> open(e, Kind.CHILD, e.instance());
                case Event.ChildCompleted e -> end(e.scheduledId(), State.DONE, e.at(), null);
                case Event.ChildFailed e -> end(e.scheduledId(), State.FAILED, e.at(), null);
                case Event.EventAwaited e -> await(e);
                case Event.EventRaised e -> raise(e);
                case Event.EventWaitEnded e -> {
                    waiting.values().forEach(waits -> waits.remove(e.scheduledId()));
                    end(e.scheduledId(), State.WITHDRAWN, e.at(), null);
                }
                case Event.Outcome e ->
                    new ArrayList<>(bars.values()).forEach(bar -> end(bar.eventId(), State.WITHDRAWN, e.at(), null));
                case Event.OrchestrationStarted e -> {}
                case Event.OrchestrationReopened e -> {}
                case Event.CancelRequested e -> {}
                case Event.ChildCancelRequested e -> {}
                case Event.OrchestrationSpawned e -> {}
                case Event.EventSent e -> {}
                case Event.CustomStatusSet e -> {}
            }
        }

        private void open(Event event, Kind kind, String subject) {
            bars.put(event.id(), new Bar(event.id(), kind, subject, event.at(), State.OPEN, null, null));
        }

        private void end(long eventId, State how, Instant at, @Nullable AttemptInfo by) {
            bars.computeIfPresent(eventId, (id, bar) -> bar.state() == State.OPEN ? bar.ended(how, at, by) : bar);
        }

        private void await(Event.EventAwaited event) {
            open(event, Kind.EVENT, event.channel());
            if (mailboxes.getOrDefault(event.channel(), 0) > 0) {
                mailboxes.merge(event.channel(), -1, Integer::sum);
                end(event.id(), State.DONE, event.at(), null);
            } else {
                waiting.computeIfAbsent(event.channel(), unused -> new ArrayDeque<>())
                        .add(event.id());
            }
        }

        private void raise(Event.EventRaised event) {
            Deque<Long> waits = waiting.getOrDefault(event.channel(), new ArrayDeque<>());
            Long first = waits.poll();
            if (first == null) {
                mailboxes.merge(event.channel(), 1, Integer::sum);
            } else {
                end(first, State.DONE, event.at(), null);
            }
        }
    }
}
