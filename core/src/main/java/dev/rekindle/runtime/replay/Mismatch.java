package dev.rekindle.runtime.replay;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.Event;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how code and history differ: where, what was expected and what was found, field by field, and likely why. */
final class Mismatch {
    private static final int SHOWN_CHARS = 200;

    private Mismatch() {}

    static String added(Event found) {
        return text(
                found.id(),
                "the code to wait",
                "a new step: " + shown(found),
                "A step was added, or the code took another way.");
    }

    static String leftOut(Event expected) {
        return text(
                expected.id(),
                shown(expected),
                "that the code waits or has ended",
                "A step was removed or moved, or the code took another way.");
    }

    static String differs(Event expected, Event found) {
        if (!expected.getClass().equals(found.getClass())) {
            return text(expected.id(), shown(expected), shown(found), "Steps were added, removed or reordered.");
        }
        List<String> fields = new ArrayList<>();
        for (RecordComponent field : expected.getClass().getRecordComponents()) {
            Object was = value(field, expected);
            Object is = value(field, found);
            if (!Objects.equals(was, is)) {
                fields.add("%s: expected '%s', found '%s'".formatted(field.getName(), shortened(was), shortened(is)));
            }
        }
        return text(
                expected.id(),
                shown(expected),
                "other " + String.join("; ", fields),
                "The step's arguments depend on something that is not deterministic, or were changed.");
    }

    /** Whether two events are the same step of the code, whatever its arguments. */
    static boolean sameStep(Event expected, Event found) {
        return expected.getClass().equals(found.getClass())
                && switch (expected) {
                    case Event.ActivityScheduled was ->
                        was.activity().equals(((Event.ActivityScheduled) found).activity());
                    case Event.ChildScheduled was ->
                        was.orchestration().equals(((Event.ChildScheduled) found).orchestration());
                    case Event.OrchestrationSpawned was ->
                        was.orchestration().equals(((Event.OrchestrationSpawned) found).orchestration());
                    case Event.EventAwaited was -> was.channel().equals(((Event.EventAwaited) found).channel());
                    case Event.EventSent was -> was.channel().equals(((Event.EventSent) found).channel());
                    case Event.ActivityCancelled was ->
                        was.scheduledId() == ((Event.ActivityCancelled) found).scheduledId();
                    case Event.TimerCancelled was -> was.scheduledId() == ((Event.TimerCancelled) found).scheduledId();
                    case Event.EventWaitEnded was -> was.scheduledId() == ((Event.EventWaitEnded) found).scheduledId();
                    case Event.ChildCancelRequested was ->
                        was.scheduledId() == ((Event.ChildCancelRequested) found).scheduledId();
                    case Event.TimerCreated was -> true;
                    case Event.CustomStatusSet was -> true;
                    case Event.Outcome was -> true;
                    case Event.Notification was -> false;
                };
    }

    private static String text(long id, String expected, String found, String cause) {
        return "%s code does not match history: event '%d'; expected %s, found %s. %s Deploy the code that began this instance, or register the changed code as a new version."
                .formatted(ErrorCode.HISTORY_MISMATCH, id, expected, found, cause);
    }

    private static String shown(Event event) {
        List<String> fields = new ArrayList<>();
        for (RecordComponent field : event.getClass().getRecordComponents()) {
            if (!field.getName().equals("id") && !field.getName().equals("at")) {
                fields.add(field.getName() + "=" + shortened(value(field, event)));
            }
        }
        return event.getClass().getSimpleName() + fields;
    }

    private static @Nullable Object value(RecordComponent field, Event event) {
        try {
            return field.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("events are public records", e);
        }
    }

    private static String shortened(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS - 1) + "…";
    }
}
