package dev.rekindle.testkit;

import dev.rekindle.provider.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The activities and timers of an execution that its history still waits for, by the ids of their commands. */
record OpenCommands(Set<Long> activities, Set<Long> timers) {
    static OpenCommands of(List<Event> events) {
        OpenCommands open = new OpenCommands(new HashSet<>(), new HashSet<>());
        for (Event event : events) {
            switch (event) {
                case Event.ActivityScheduled scheduled -> open.activities.add(scheduled.id());
                case Event.ActivityCancelled cancelled -> open.activities.remove(cancelled.scheduledId());
                case Event.TimerCreated created -> open.timers.add(created.id());
                case Event.TimerCancelled cancelled -> open.timers.remove(cancelled.scheduledId());
                case Event.Completion completion -> {
                    open.activities.remove(completion.scheduledId());
                    open.timers.remove(completion.scheduledId());
                }
                default -> {}
            }
        }
        return open;
    }

    Set<Long> all() {
        Set<Long> all = new HashSet<>(activities);
        all.addAll(timers);
        return all;
    }
}
