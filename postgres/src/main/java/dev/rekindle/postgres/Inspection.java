package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One look at all tables, in one snapshot. A row that fits nowhere is told as an orphan. */
final class Inspection {
    private static final String EXECUTIONS = """
        SELECT instance, execution, base FROM rekindle.execution ORDER BY instance, execution\
        """;

    private static final String HISTORY = """
        SELECT instance, position, events, body FROM rekindle.history ORDER BY instance, position\
        """;

    /** A message that was sent with a delay can be told from others until it is visible. */
    private static final String MESSAGES = """
        SELECT m.instance, m.number, m.body, CASE WHEN m.visible_at > t.now THEN m.visible_at END, m.visible_at
        FROM rekindle.message AS m, (SELECT rekindle.store_now() AS now) AS t ORDER BY m.instance, m.number\
        """;

    private static final String TIMERS = """
        SELECT instance, position, due_at FROM rekindle.timer ORDER BY instance, position\
        """;

    private static final String WORK = """
        SELECT w.instance, w.position, w.body, w.attempt, w.node, n.name
        FROM rekindle.work AS w LEFT JOIN rekindle.node AS n ON n.key = w.node ORDER BY w.instance, w.position\
        """;

    private static final String QUEUE = """
        SELECT q.instance, q.node, n.name, q.wake_at, q.not_before, rekindle.store_now(), q.suspended
        FROM rekindle.queue AS q LEFT JOIN rekindle.node AS n ON n.key = q.node ORDER BY q.instance\
        """;

    /** Attributes that lead to another instance than the one that shows them, or to none. */
    private static final String ATTRIBUTES = """
        SELECT COALESCE(a.instance, s.key), COALESCE(a.name, s.name)
        FROM rekindle.attribute AS a
        FULL JOIN (
          SELECT i.key, i.created_at, e.key AS name, e.value
          FROM rekindle.instance AS i, LATERAL jsonb_each_text(i.attributes) AS e) AS s
        ON a.instance = s.key AND a.created_at = s.created_at AND a.name = s.name AND a.value = s.value
        WHERE a.instance IS NULL OR s.key IS NULL\
        """;

    private static final String DEAD_LETTERS = """
        SELECT body, reason FROM rekindle.dead_letter ORDER BY key\
        """;

    private final Session session;
    private final Map<Long, Draft> drafts = new LinkedHashMap<>();
    private final List<String> orphans = new ArrayList<>();

    private Inspection(Session session) {
        this.session = session;
    }

    /** Everything that the store holds. The session is in a transaction that sees one moment. */
    static StoreImage image(Session session) throws SQLException {
        return new Inspection(session).image();
    }

    /** An instance while its rows are being read. */
    private static final class Draft {
        final InstanceRow row;
        final TreeMap<Long, Long> executionsByBase = new TreeMap<>();
        final TreeMap<Long, List<Event>> histories = new TreeMap<>();
        final List<StoredMessage> messages = new ArrayList<>();
        final List<StoredTimer> timers = new ArrayList<>();
        final List<StoredActivity> activities = new ArrayList<>();
        boolean queued;

        /** When it first has something to take; null when it has nothing. */
        @Nullable
        Instant wanted;

        @Nullable
        String leasedTo;

        Draft(InstanceRow row) {
            this.row = row;
            executionsByBase.put(0L, 1L);
        }

        /** An execution and an event of it. */
        record Place(long execution, long eventId) {}

        /** What a position of this instance stands for. */
        Place place(long position) {
            Map.Entry<Long, Long> execution = executionsByBase.lowerEntry(position);
            return execution == null ? new Place(0, 0) : new Place(execution.getValue(), position - execution.getKey());
        }

        boolean isSuspended() {
            return row.snapshot().status() == Status.SUSPENDED;
        }

        void wantedAt(Instant time) {
            wanted = wanted == null || time.isBefore(wanted) ? time : wanted;
        }

        StoredInstance stored() {
            return new StoredInstance(row.snapshot(), histories, messages, timers, activities, leasedTo);
        }
    }

    private StoreImage image() throws SQLException {
        for (InstanceRow row : session.list(InstanceRow.ALL, InstanceRow::read)) {
            drafts.put(row.key(), new Draft(row));
        }
        each(EXECUTIONS, this::readExecution);
        each(HISTORY, this::readHistory);
        each(MESSAGES, this::readMessage);
        each(TIMERS, this::readTimer);
        each(WORK, this::readWork);
        each(QUEUE, this::readQueue);
        drafts.values().forEach(this::checkQueued);
        each(ATTRIBUTES, this::readAttribute);
        List<TurnCommit.DeadLetter> dead = new ArrayList<>();
        each(DEAD_LETTERS, row -> readDeadLetter(row, dead));
        List<StoredInstance> instances =
                drafts.values().stream().map(Draft::stored).toList();
        return new StoreImage(instances, orphans, dead, Reads.counts(session));
    }

    private interface Taker {
        void take(ResultSet row) throws SQLException;
    }

    private void each(String sql, Taker taker) throws SQLException {
        session.list(sql, row -> {
            taker.take(row);
            return true;
        });
    }

    private void readExecution(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        long execution = row.getLong(2);
        if (draft == null || execution > draft.row.snapshot().executionId()) {
            orphans.add("execution %d of instance key %d".formatted(execution, row.getLong(1)));
        } else {
            draft.executionsByBase.put(row.getLong(3), execution);
        }
    }

    private void readHistory(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        List<Event> events = JsonText.toEvents(row.getString(4));
        Draft.Place place = draft == null ? null : draft.place(row.getLong(2));
        if (draft == null
                || place == null
                || events.isEmpty()
                || events.size() != row.getInt(3)
                || events.getFirst().id() != place.eventId()) {
            orphans.add("events " + where(row) + ": " + events);
        } else {
            draft.histories
                    .computeIfAbsent(place.execution(), execution -> new ArrayList<>())
                    .addAll(events);
        }
    }

    private void readMessage(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        String body = row.getString(3);
        if (draft != null
                && JsonText.toWork(body) instanceof WorkItem.OrchestratorWork work
                && work.instance().equals(draft.row.snapshot().instance())) {
            draft.messages.add(new StoredMessage(work, Session.nullableInstant(row, 4)));
            if (!draft.isSuspended() || work instanceof WorkItem.TerminateInstance) {
                draft.wantedAt(Session.instant(row, 5));
            }
        } else {
            orphans.add("message %d of instance key %d: %s".formatted(row.getLong(2), row.getLong(1), body));
        }
    }

    private void readTimer(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        if (draft == null) {
            orphans.add("timer " + where(row));
        } else {
            Draft.Place place = draft.place(row.getLong(2));
            Instant due = Session.instant(row, 3);
            draft.timers.add(new StoredTimer(place.execution(), place.eventId(), due));
            if (!draft.isSuspended()) {
                draft.wantedAt(due);
            }
        }
    }

    private void readWork(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        String body = row.getString(3);
        if (draft != null
                && JsonText.toWork(body) instanceof WorkItem.ActivityExecute work
                && work.instance().equals(draft.row.snapshot().instance())
                && draft.place(row.getLong(2)).equals(new Draft.Place(work.executionId(), work.scheduledId()))) {
            draft.activities.add(new StoredActivity(work, row.getInt(4), holder(row, 5, "activity " + where(row))));
        } else {
            orphans.add("activity " + where(row) + ": " + body);
        }
    }

    private void readQueue(ResultSet row) throws SQLException {
        Draft draft = drafts.get(row.getLong(1));
        if (draft == null || draft.row.snapshot().status().isTerminal()) {
            orphans.add("queue row of instance key %d".formatted(row.getLong(1)));
            return;
        }
        draft.queued = true;
        if (row.getBoolean(7) != draft.isSuspended()) {
            orphans.add("queue row of instance '%s': held or not, unlike its status"
                    .formatted(draft.row.snapshot().instance()));
        }
        draft.leasedTo = holder(row, 2, "instance '" + draft.row.snapshot().instance() + "'");
        if (draft.leasedTo == null && draft.wanted != null) {
            Instant notBefore = Session.nullableInstant(row, 5);
            Instant due = notBefore != null && notBefore.isAfter(draft.wanted) ? notBefore : draft.wanted;
            checkWakes(draft, due, Session.nullableInstant(row, 4), Session.instant(row, 6));
        }
    }

    /** A message or timer of an instance that nobody would be told of is as good as lost. */
    private void checkWakes(Draft draft, Instant due, @Nullable Instant wakeAt, Instant now) {
        if (wakeAt == null || (wakeAt.isAfter(due) && wakeAt.isAfter(now))) {
            orphans.add("queue row of instance '%s': it wakes at %s, and has something to take at %s"
                    .formatted(draft.row.snapshot().instance(), wakeAt, due));
        }
    }

    private void readAttribute(ResultSet row) throws SQLException {
        orphans.add("attribute '%s' of instance key %d".formatted(row.getString(2), row.getLong(1)));
    }

    private void checkQueued(Draft draft) {
        if (!draft.queued && !draft.row.snapshot().status().isTerminal()) {
            orphans.add("instance '%s' is %s without a row in the queue"
                    .formatted(
                            draft.row.snapshot().instance(),
                            draft.row.snapshot().status().label()));
        }
    }

    private void readDeadLetter(ResultSet row, List<TurnCommit.DeadLetter> dead) throws SQLException {
        if (JsonText.toWork(row.getString(1)) instanceof WorkItem.OrchestratorWork work) {
            dead.add(new TurnCommit.DeadLetter(work, row.getString(2)));
        } else {
            orphans.add("dead letter: " + row.getString(1));
        }
    }

    /** The name of the node that a lease belongs to; a lease ends with the row of its node. */
    private @Nullable String holder(ResultSet row, int column, String what) throws SQLException {
        Long node = RowReader.nullableLong(row, column);
        String name = row.getString(column + 1);
        if (node != null && name == null) {
            orphans.add("lease of %s: its node %d is gone".formatted(what, node));
        }
        return name;
    }

    private static String where(ResultSet row) throws SQLException {
        return "at position %d of instance key %d".formatted(row.getLong(2), row.getLong(1));
    }
}
