package dev.rekindle.provider;

import java.util.ArrayList;
import java.util.List;

/** The history of one execution, read as a whole. Stateless and thread-safe. */
public final class History {
    private History() {}

    /** The events without those that went void when the execution was reopened. */
    public static List<Event> valid(List<Event> history) {
        return history.stream().noneMatch(Event.OrchestrationReopened.class::isInstance) ? history : filtered(history);
    }

    /** The events that still count when those from this id on go void. */
    public static List<Event> validBefore(List<Event> history, long voidFrom) {
        return valid(history).stream().filter(event -> event.id() < voidFrom).toList();
    }

    private static List<Event> filtered(List<Event> history) {
        List<Event> valid = new ArrayList<>(history.size());
        for (Event event : history) {
            if (event instanceof Event.OrchestrationReopened reopened) {
                valid.removeIf(earlier -> earlier.id() >= reopened.voidFrom());
            }
            valid.add(event);
        }
        return valid;
    }
}
