package dev.rekindle.sqlite;

import dev.rekindle.Limits;
import dev.rekindle.Status;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes into one transaction. Used by the writer's thread only. */
final class Batch {
    private final Tables tables;
    private final Board board;
    private final long number;
    private final long now;
    private final long epoch;
    private final List<StartSlot> starts = new ArrayList<>();
    private final Map<Status, Long> counts = new EnumMap<>(Status.class);
    private final Map<String, Instance> strangers = new HashMap<>();
    private final Set<Long> requests = new HashSet<>();
    private final LastKeys before;
    private long lastInstance;
    private long lastMessage;

    /**
     * What tells one transaction from others.
     *
     * @param number never the same twice
     * @param now its time
     * @param epoch the epoch that its rows belong to
     */
    record Stamp(long number, long now, long epoch) {}

    /** The last keys given to rows of two tables. */
    record LastKeys(long instance, long message) {}

    /** A start: after {@link Batch#flushStarts()} it is known whether it happened. */
    static final class StartSlot {
        final WorkItem.StartOrchestration start;
        final String version;
        final Status status;
        long key;
        boolean created;

        private StartSlot(WorkItem.StartOrchestration start, String version, Status status) {
            this.start = start;
            this.version = version;
            this.status = status;
        }
    }

    Batch(Tables tables, Board board, Stamp stamp, LastKeys before) {
        this.tables = tables;
        this.board = board;
        this.number = stamp.number();
        this.now = stamp.now();
        this.epoch = stamp.epoch();
        this.before = before;
        this.lastInstance = before.instance();
        this.lastMessage = before.message();
    }

    Tables tables() {
        return tables;
    }

    Board board() {
        return board;
    }

    /** The time of this transaction. */
    long now() {
        return now;
    }

    /** When something shows that is hidden for so long from now on; null for what is not hidden. */
    @Nullable
    Long visibleAt(Duration delay) {
        if (delay.isZero()) {
            return null;
        }
        return Math.max(
                now + 1, Limits.timeAfter(Instant.ofEpochMilli(now), delay).toEpochMilli());
    }

    LastKeys lastKeys() {
        return new LastKeys(lastInstance, lastMessage);
    }

    /** The epoch that rows written now belong to. */
    long epoch() {
        return epoch;
    }

    /** Claims an instance for one turn. With {@code close} nobody else may even send to it. */
    boolean own(Instance instance, boolean close) {
        if (instance.ownedIn == number || (close && instance.sharedIn == number)) {
            return false;
        }
        instance.ownedIn = number;
        if (close) {
            instance.closedIn = number;
        }
        return true;
    }

    /** Claims an instance for sending to it. */
    boolean share(Instance instance) {
        if (instance.closedIn == number) {
            return false;
        }
        instance.sharedIn = number;
        return true;
    }

    /** Claims a request of another process. */
    boolean claimRequest(long key) {
        return requests.add(key);
    }

    boolean claim(WorkEntry entry) {
        if (entry.claimedIn == number) {
            return false;
        }
        entry.claimedIn = number;
        return true;
    }

    /** The instance with this id as it was before this transaction; null when there is none. */
    @Nullable
    Instance find(String id) throws SQLException {
        Instance known = board.instances.find(id);
        if (known != null) {
            return known;
        }
        if (!board.isOwner()) {
            return findAsStranger(id);
        }
        Instance read = findInside(id);
        if (read == null) {
            return null;
        }
        Instance stub = board.instances.find(read.key);
        if (stub != null) {
            load(stub);
            board.instances.loaded(stub);
            return stub;
        }
        return board.instances.add(read);
    }

    /** Nothing is kept in memory, but within one batch an instance is the same for all. */
    private @Nullable Instance findAsStranger(String id) throws SQLException {
        Instance known = strangers.get(id);
        if (known == null) {
            known = findInside(id);
            if (known != null) {
                strangers.put(id, known);
            }
        }
        return known;
    }

    /** The instance with this id as it is inside this transaction, which may yet fail. */
    @Nullable
    Instance findInside(String id) throws SQLException {
        InstanceTable.Row row = InstanceTable.byId(tables.session(), id).orElse(null);
        if (row == null) {
            return null;
        }
        Instance instance = new Instance(row.key());
        instance.load(row, HistoryTable.count(tables.session(), row.key(), row.base()));
        return instance;
    }

    /** Reads the row of an instance of which only the key is known. Returns whether there is one. */
    boolean load(Instance instance) throws SQLException {
        InstanceTable.Row row =
                InstanceTable.byKey(tables.session(), instance.key).orElse(null);
        if (row == null) {
            return false;
        }
        instance.load(row, HistoryTable.count(tables.session(), row.key(), row.base()));
        return true;
    }

    /** How many starts were asked for so far. */
    int starts() {
        return starts.size();
    }

    /** Forgets the starts that an operation asked for that was not admitted. */
    void keepStarts(int first) {
        starts.subList(first, starts.size()).clear();
    }

    StartSlot start(WorkItem.StartOrchestration start) {
        return add(new StartSlot(start, start.version(), Status.PENDING));
    }

    /** The start of an instance that has taken its first turn, in this version. */
    StartSlot startEagerly(WorkItem.StartOrchestration start, String version) {
        return add(new StartSlot(start, version, Status.RUNNING));
    }

    private StartSlot add(StartSlot slot) {
        starts.add(slot);
        return slot;
    }

    /** Inserts the instances that were asked for and finds out which of their ids were free. */
    void flushStarts() throws SQLException {
        Bulk insert = tables.instance().insert;
        for (StartSlot slot : starts) {
            slot.key = ++lastInstance;
            WorkItem.StartOrchestration start = slot.start;
            ParentLink parent = start.parent();
            insert.add(
                    slot.key,
                    start.instance(),
                    start.runId(),
                    start.orchestration(),
                    slot.version,
                    parent == null ? null : parent.instance(),
                    parent == null ? null : parent.runId(),
                    parent == null ? null : parent.executionId(),
                    parent == null ? null : parent.scheduledId(),
                    slot.status.label(),
                    now,
                    slot.status == Status.RUNNING ? now : null,
                    Json.ofAttributes(start.attributes()));
        }
        long[] inserted = insert.flush();
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] > 0) {
                StartSlot slot = starts.get(i);
                slot.created = true;
                count(slot.status, 1);
                insertAttributes(slot.key, now, slot.start.attributes());
            }
        }
    }

    /** Lets an instance be found by its attributes. */
    void insertAttributes(long instance, long createdAt, Map<String, String> attributes) throws SQLException {
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            tables.attribute().insert.add(attribute.getKey(), attribute.getValue(), createdAt, instance);
        }
    }

    /** Writes a message and returns its key. */
    long insertMessage(long instance, @Nullable Long visibleAt, String body) throws SQLException {
        long key = ++lastMessage;
        tables.message().insert.add(key, instance, visibleAt == null ? epoch() : Epochs.NOBODY, visibleAt, body);
        return key;
    }

    void insertDeadLetter(WorkItem.OrchestratorWork work, String body, String reason) throws SQLException {
        tables.message().insertDead.add(work.instance(), work.runId(), reason, now, body);
    }

    /** A key for an instance that comes into being as a whole. */
    long nextInstance() {
        return ++lastInstance;
    }

    /** An instance came into being in this status. */
    void created(Status status) {
        count(status, 1);
    }

    /** An instance in this status is no more. */
    void deleted(Status status) {
        count(status, -1);
    }

    /** An instance goes from one status to another. */
    void moved(Status from, Status to) {
        if (from != to) {
            count(from, -1);
            count(to, 1);
        }
    }

    /** Writes all that is left, and returns how many rows were changed one by one. */
    long flush() throws SQLException {
        if (lastInstance != before.instance()) {
            tables.store().setLastKey.add(lastInstance, StoreTable.INSTANCE);
        }
        if (lastMessage != before.message()) {
            tables.store().setLastKey.add(lastMessage, StoreTable.MESSAGE);
        }
        for (Map.Entry<Status, Long> count : counts.entrySet()) {
            if (count.getValue() != 0) {
                tables.instance().count.add(count.getKey().label(), count.getValue());
            }
        }
        return tables.flush() + starts.size();
    }

    private void count(Status status, long difference) {
        counts.merge(status, difference, Long::sum);
    }
}
