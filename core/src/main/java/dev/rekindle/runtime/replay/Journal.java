package dev.rekindle.runtime.replay;

import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The history of one execution as it is replayed and then written on.
 *
 * <p>While it is replayed, each command that the code emits has to be the one that stands next. Afterwards commands are
 * appended. The first deviation is kept as the {@link #mismatch}; nothing is recorded after it.
 *
 * <p>A past that is taken over from another execution becomes this one's: it is recorded again as it is replayed, with
 * the arguments that the code has now, which need not be those of then.
 */
final class Journal {
    private List<Event> past;
    private final boolean takenOver;
    private int cursor;
    private List<Event> fresh = new ArrayList<>();
    private long lastId;
    private Instant now = Instant.EPOCH;
    private @Nullable String mismatch;

    private Journal(List<Event> past, boolean takenOver) {
        this.past = past;
        this.takenOver = takenOver;
    }

    /** The execution's own history; those of its events that went void are left out. */
    static Journal of(List<Event> history) {
        return new Journal(History.valid(history), false);
    }

    /** An empty history that begins with what is taken over from another one. */
    static Journal takingOver(List<Event> past) {
        return new Journal(past, true);
    }

    boolean isReplaying() {
        return cursor < past.size();
    }

    long lastId() {
        return lastId;
    }

    /** The time of the latest notification. */
    Instant now() {
        return now;
    }

    long nextId() {
        return lastId + 1;
    }

    Optional<String> mismatch() {
        return Optional.ofNullable(mismatch);
    }

    /** The next notification of the past, or empty when the past is over or a command stands there. */
    Optional<Event.Notification> nextPastNotification() {
        if (isReplaying() && past.get(cursor) instanceof Event.Notification notification) {
            advance(notification);
            return Optional.of(notification);
        }
        return Optional.empty();
    }

    /** Says that the code has come to a rest: where a command stands next, the code has left it out. */
    void rest() {
        if (mismatch == null && isReplaying() && !(past.get(cursor) instanceof Event.Notification)) {
            mismatch = Mismatch.leftOut(past.get(cursor));
        }
        if (!isReplaying()) {
            past = List.of();
            cursor = 0;
        }
    }

    /** Appends a notification that is new. */
    void append(Event.Notification notification) {
        fresh.add(notification);
        lastId = notification.id();
        now = notification.at();
    }

    /**
     * Records what the code did.
     *
     * @param live whether the past is over; otherwise the command has to be the next of the past
     * @return whether it is new, so that its effects have yet to happen; what the code says of itself is always new in
     *     what was taken over
     */
    boolean record(Event done, boolean live) {
        if (mismatch != null) {
            return false;
        }
        if (live || (takenOver && !isReplaying())) {
            fresh.add(done);
            lastId = done.id();
            return true;
        }
        if (!isReplaying() || past.get(cursor) instanceof Event.Notification) {
            mismatch = Mismatch.added(done);
        } else if (takenOver
                ? !Mismatch.sameStep(past.get(cursor), done)
                : !past.get(cursor).equals(done)) {
            mismatch = Mismatch.differs(past.get(cursor), done);
        } else {
            advance(done);
            return takenOver && done instanceof Event.CustomStatusSet;
        }
        return false;
    }

    /** Leaves out the ids up to this one: those of events that went void. */
    void skipTo(long id) {
        lastId = id;
    }

    /** What was appended since the last call. */
    List<Event> takeFresh() {
        List<Event> taken = fresh;
        fresh = new ArrayList<>();
        return taken;
    }

    private void advance(Event event) {
        cursor++;
        lastId = event.id();
        if (takenOver) {
            fresh.add(event);
        }
        if (event instanceof Event.Notification) {
            now = event.at();
        }
    }
}
