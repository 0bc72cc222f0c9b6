package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows everything that a store holds. It reads when it is admitted: before anything of its batch is written, and while
 * nobody can get or lose a lease.
 */
final class Inspection extends Op<StoreImage> {
    private @Nullable StoreImage image;

    @Override
    boolean admit(Batch batch) throws SQLException {
        image = new Reading(batch.tables().session(), batch.board()).image();
        return true;
    }

    @Override
    void write(Batch batch) {}

    @Override
    StoreImage committed(Batch batch) {
        return Objects.requireNonNull(image, "not read");
    }

    /** An instance while its rows are being read. */
    private static final class Draft {
        final InstanceTable.Row row;
        final TreeMap<Long, Long> executionsByBase = new TreeMap<>();
        final TreeMap<Long, List<Event>> histories = new TreeMap<>();
        final List<StoredMessage> messages = new ArrayList<>();
        final List<StoredTimer> timers = new ArrayList<>();
        final List<StoredActivity> activities = new ArrayList<>();

        Draft(InstanceTable.Row row) {
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
    }

    /** One look at all tables. */
    private static final class Reading {
        private final Session session;
        private final Board board;
        private final Map<Long, Draft> drafts = new LinkedHashMap<>();
        private final List<String> orphans = new ArrayList<>();

        Reading(Session session, Board board) {
            this.session = session;
            this.board = board;
        }

        StoreImage image() throws SQLException {
            for (InstanceTable.Row row : InstanceTable.all(session)) {
                drafts.put(row.key(), new Draft(row));
            }
            readExecutions();
            readHistory();
            readMessages();
            readTimers();
            readWork();
            List<StoredInstance> instances = new ArrayList<>();
            for (Draft draft : drafts.values()) {
                instances.add(stored(draft));
            }
            List<TurnCommit.DeadLetter> dead = deadLetters();
            return new StoreImage(instances, orphans, dead, counts());
        }

        private void readExecutions() throws SQLException {
            for (InstanceTable.ExecutionRow row : InstanceTable.executions(session)) {
                Draft draft = drafts.get(row.instance());
                if (draft == null || row.execution() > draft.row.execution()) {
                    orphans.add("execution %d of instance key %d".formatted(row.execution(), row.instance()));
                } else {
                    draft.executionsByBase.put(row.base(), row.execution());
                }
            }
        }

        private void readHistory() throws SQLException {
            for (HistoryTable.Row row : HistoryTable.all(session)) {
                List<Event> events = JsonText.toEvents(row.body());
                Draft draft = drafts.get(Keys.instance(row.key()));
                Draft.Place place = draft == null ? null : draft.place(Keys.position(row.key()));
                if (draft == null
                        || place == null
                        || events.isEmpty()
                        || events.size() != row.events()
                        || events.getFirst().id() != place.eventId()) {
                    orphans.add("events " + where(row.key()) + ": " + events);
                } else {
                    draft.histories
                            .computeIfAbsent(place.execution(), execution -> new ArrayList<>())
                            .addAll(events);
                }
            }
        }

        private void readMessages() throws SQLException {
            for (MessageTable.Row row : MessageTable.all(session)) {
                Draft draft = drafts.get(row.instance());
                if (draft != null
                        && JsonText.toWork(row.body()) instanceof WorkItem.OrchestratorWork work
                        && work.instance().equals(draft.row.id())) {
                    draft.messages.add(new StoredMessage(work, instant(row.visibleAt())));
                } else {
                    orphans.add("message %d of instance key %d: %s".formatted(row.key(), row.instance(), row.body()));
                }
            }
        }

        private void readTimers() throws SQLException {
            for (TimerTable.Row row : TimerTable.all(session)) {
                Draft draft = drafts.get(Keys.instance(row.key()));
                if (draft == null) {
                    orphans.add("timer " + where(row.key()));
                } else {
                    Draft.Place place = draft.place(Keys.position(row.key()));
                    draft.timers.add(
                            new StoredTimer(place.execution(), place.eventId(), Instant.ofEpochMilli(row.dueAt())));
                }
            }
        }

        private void readWork() throws SQLException {
            for (WorkTable.Row row : WorkTable.all(session)) {
                Draft draft = drafts.get(Keys.instance(row.key()));
                if (draft != null
                        && JsonText.toWork(row.body()) instanceof WorkItem.ActivityExecute work
                        && work.instance().equals(draft.row.id())
                        && draft.place(Keys.position(row.key()))
                                .equals(new Draft.Place(work.executionId(), work.scheduledId()))) {
                    draft.activities.add(new StoredActivity(work, row.attempt(), name(board.work.holder(row.key()))));
                } else {
                    orphans.add("activity " + where(row.key()) + ": " + row.body());
                }
            }
        }

        private StoredInstance stored(Draft draft) throws SQLException {
            Instance known = board.instances.find(draft.row.key());
            return new StoredInstance(
                    Reads.snapshot(session, draft.row),
                    draft.histories,
                    draft.messages,
                    draft.timers,
                    draft.activities,
                    name(known == null ? null : known.node));
        }

        private List<TurnCommit.DeadLetter> deadLetters() throws SQLException {
            List<TurnCommit.DeadLetter> dead = new ArrayList<>();
            for (MessageTable.DeadRow row : MessageTable.dead(session)) {
                if (JsonText.toWork(row.body()) instanceof WorkItem.OrchestratorWork work) {
                    dead.add(new TurnCommit.DeadLetter(work, row.reason()));
                } else {
                    orphans.add("dead letter: " + row.body());
                }
            }
            return dead;
        }

        private Map<Status, Long> counts() throws SQLException {
            Map<Status, Long> counts = new EnumMap<>(Status.class);
            for (InstanceTable.Count count : InstanceTable.counts(session)) {
                counts.put(count.status(), count.instances());
            }
            return counts;
        }

        private static String where(long key) {
            return "at position %d of instance key %d".formatted(Keys.position(key), Keys.instance(key));
        }

        private static @Nullable String name(@Nullable NodeId node) {
            return node == null ? null : node.value();
        }

        private static @Nullable Instant instant(@Nullable Long millis) {
            return millis == null ? null : Instant.ofEpochMilli(millis);
        }
    }
}
