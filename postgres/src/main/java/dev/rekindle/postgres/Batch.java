package dev.rekindle.postgres;

import dev.rekindle.Limits;
import dev.rekindle.Status;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What goes into one transaction: rows for each statement, in the order in which the statements run, and afterwards what
 * they answered. Used by the writer's thread only.
 */
final class Batch {
    /** So many rows are few. */
    private static final int SMALL = 12;

    final Rows consumeMessages = MessageTable.delete();
    final Rows deleteTimers = MessageTable.deleteTimer();
    final Rows deleteWork = WorkTable.delete();
    final Rows history = InstanceTable.insertHistory();
    final Rows executions = InstanceTable.insertExecution();
    final Rows instanceUpdates = InstanceTable.update();
    final Rows endExecutions = QueueTable.endExecution();
    final Rows openings = MessageTable.insertOpening();
    final Rows newWork = WorkTable.insert();
    final Rows newTimers = MessageTable.insertTimer();
    final Rows endInstances = QueueTable.end().answering(this::ended);
    final Rows giveBackWork = WorkTable.giveBack().answering(this::workVisible);
    final Rows hideMessages = MessageTable.hide();
    final Rows hideWork = WorkTable.hide();
    final Rows release = QueueTable.release().answering(this::released);
    final Rows firstWork;
    final Rows firstTimers;

    private final Leases leases;
    private final NodeTable.Identity identity;
    private final Duration life;
    private final long number;
    private final Map<Status, Long> moved = new EnumMap<>(Status.class);
    private final Rows lock = QueueTable.lock();
    private final Rows starts;
    private final Rows enqueue;
    private final Rows eagerStarts;
    private final Rows attributes;
    private final Rows send;
    private final Rows complete = QueueTable.complete().answering(row -> woken(row.getBoolean(1)));
    private final Rows finishWork = WorkTable.finish().answering(this::finished);
    private final Rows renew = WorkTable.renew().answering(this::finished);
    private final Rows stillHere = WorkTable.stillHere().answering(this::finished);
    private final Rows bury = MessageTable.bury();
    private final List<Rows> inOrder;
    private final List<Step> claims = new ArrayList<>();
    private final Map<String, Started> started = new HashMap<>();
    private final Map<Integer, Fate> fates = new HashMap<>();
    private final Set<String> startIds = new HashSet<>();
    private final Set<WorkKey> owned = new HashSet<>();
    private final List<Instant> wakes = new ArrayList<>();
    private final List<Instant> workWakes = new ArrayList<>();
    private int sends;
    private int reserved;
    private boolean leavesInstances;
    private boolean leavesWork;
    private boolean seen = true;
    private @Nullable Instant now;
    private @Nullable Instant endedAt;

    /** An instance that was created. */
    record Started(long key, Instant createdAt) {}

    /** Where an activity stands in the store. */
    private record WorkKey(long instance, long position) {}

    /**
     * What became of a message.
     *
     * @param found whether there is such an instance and run
     * @param alive whether it had not ended
     * @param status its status
     */
    record Fate(boolean found, boolean alive, Status status) {}

    Batch(Leases leases, NodeTable.Identity identity, Duration life, long number) {
        this.leases = leases;
        this.identity = identity;
        this.life = life;
        this.number = number;
        this.starts = InstanceTable.insert(identity);
        this.enqueue = QueueTable.enqueue(identity).answering(this::created);
        this.eagerStarts = InstanceTable.insertEagerly(identity).answering(this::created);
        this.firstWork = WorkTable.insertFirst(identity);
        this.firstTimers = MessageTable.insertFirstTimer(identity);
        this.attributes = InstanceTable.insertAttributes(identity);
        this.send = QueueTable.send(identity).answering(this::sent);
        this.inOrder = List.of(
                lock,
                starts,
                enqueue,
                eagerStarts,
                firstWork,
                firstTimers,
                attributes,
                send,
                complete,
                consumeMessages,
                deleteTimers,
                deleteWork,
                finishWork,
                renew,
                stillHere,
                history,
                executions,
                instanceUpdates,
                endExecutions,
                openings,
                newWork,
                newTimers,
                bury,
                endInstances,
                giveBackWork,
                hideMessages,
                hideWork,
                release);
    }

    Leases leases() {
        return leases;
    }

    /** The key of this node's row. */
    long node() {
        return identity.key();
    }

    /** The time of the transaction. */
    Instant now() {
        return Objects.requireNonNull(now, "not run");
    }

    /** When the instances that it ended did, as the store says; empty when that answer was lost. */
    Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /** When to ask again for what is due at this time: what is due already was locked by somebody else just now. */
    Instant soon(Instant due) {
        Instant earliest = now().plusMillis(10);
        return due.isAfter(earliest) ? due : earliest;
    }

    // ---- admission

    /** Claims something for one operation. */
    boolean own(Held held) {
        if (held.writtenIn == number) {
            return false;
        }
        held.writtenIn = number;
        return true;
    }

    /** Whether somebody here waits for one more instance. */
    boolean reserve() {
        if (leases.spareDemand() > reserved) {
            reserved++;
            return true;
        }
        return false;
    }

    // ---- what operations add

    /** An instance goes from one status to another. */
    void moved(Status from, Status to) {
        if (from != to) {
            moved.merge(from, -1L, Long::sum);
            moved.merge(to, 1L, Long::sum);
        }
    }

    private void came(Status status) {
        moved.merge(status, 1L, Long::sum);
    }

    /** Locks the queue row of an instance that this node has. */
    void lock(long instance) {
        lock.add(instance, null);
    }

    /**
     * Creates an instance, if its id is free.
     *
     * @param lease whether this node takes it at once
     * @return false when another start of this batch has the same id: it comes too late
     */
    boolean start(WorkItem.StartOrchestration start, Duration delay, boolean lease, String body) {
        if (!startIds.add(start.instance())) {
            return false;
        }
        starts.add(row(start, start.version()).toArray());
        enqueue.add(start.instance(), lease ? identity.key() : null, delayMicros(delay), body);
        start.attributes().forEach((name, value) -> attributes.add(start.instance(), name, value));
        came(Status.PENDING);
        leavesInstances |= !lease && delay.isZero();
        return true;
    }

    /**
     * Creates an instance that has taken its first turn, if its id is free.
     *
     * @return false when another start of this batch has the same id: it comes too late
     */
    boolean startEagerly(EagerStart eager, String events, Scheduling scheduling) {
        WorkItem.StartOrchestration start = eager.start();
        if (!startIds.add(start.instance())) {
            return false;
        }
        Optional<Instant> due = eager.keepLease() ? Optional.empty() : scheduling.firstDue();
        List<@Nullable Object> row = row(start, eager.version());
        row.add(eager.keepLease());
        row.add(due.map(Scheduling::micros).orElse(null));
        row.add(eager.events().size());
        row.add(events);
        row.addAll(scheduling.writeFirst(this, start.instance(), eager.node()));
        eagerStarts.add(row.toArray());
        start.attributes().forEach((name, value) -> attributes.add(start.instance(), name, value));
        came(Status.RUNNING);
        due.ifPresent(wakes::add);
        return true;
    }

    /** A row of {@code instance}. */
    private static List<@Nullable Object> row(WorkItem.StartOrchestration start, String version) {
        ParentLink parent = start.parent();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(start.instance());
        row.add(start.runId());
        row.add(start.orchestration());
        row.add(version);
        row.add(parent == null ? null : parent.instance());
        row.add(parent == null ? null : parent.runId());
        row.add(parent == null ? null : parent.executionId());
        row.add(parent == null ? null : parent.scheduledId());
        return row;
    }

    /**
     * Sends a message that a client wrote.
     *
     * @return a number that asks for its {@link #fate}
     */
    int send(WorkItem.OrchestratorWork work, Duration delay, String body) {
        return send(work, delay, body, false, null);
    }

    /**
     * Sends a message of a turn; who meant it to be read finds it among the dead letters when nobody can.
     *
     * @param unless the id of an instance; when this batch creates it, nothing is sent
     */
    void send(WorkItem.OrchestratorWork work, String body, @Nullable String unless) {
        boolean buries = work instanceof WorkItem.RaiseEvent || work instanceof WorkItem.StartOrchestration;
        send(work, Duration.ZERO, body, buries, unless);
    }

    private int send(
            WorkItem.OrchestratorWork work, Duration delay, String body, boolean buries, @Nullable String unless) {
        lock.add(null, work.instance());
        Long execution = work instanceof WorkItem.CompletionWork completion ? completion.executionId() : null;
        send.add(
                ++sends,
                work.instance(),
                work.runId(),
                execution,
                MessageTable.kind(work),
                delayMicros(delay),
                body,
                buries,
                unless);
        if (!delay.isZero()) {
            wakes.add(Limits.timeAfter(leases.now(), delay));
        }
        return sends;
    }

    void bury(WorkItem.OrchestratorWork work, String reason) {
        bury.add(work.instance(), work.runId(), reason, JsonText.ofWork(work));
    }

    /** Ends an attempt; its completion goes to the instance. */
    void complete(HeldWork held, String body) {
        lock(held.instance);
        complete.add(held.instance, held.position, identity.key(), held.execution(), body);
        finishWork.add(held.instance, held.position, identity.key());
    }

    /** Asks whether an activity is still here, and stores what it reports, if it does. */
    void renew(HeldWork held, @Nullable String heartbeat) {
        if (heartbeat == null) {
            stillHere.add(held.instance, held.position, identity.key());
        } else {
            renew.add(held.instance, held.position, identity.key(), heartbeat);
        }
    }

    void claim(Step step) {
        claims.add(step);
    }

    /** Activities are left for whoever asks. */
    void leavesWork() {
        leavesWork = true;
    }

    /** Whether anything was added. */
    boolean writes() {
        return !claims.isEmpty() || !inOrder.stream().allMatch(Rows::isEmpty);
    }

    /** Whether the transaction has happened. */
    boolean hasRun() {
        return now != null;
    }

    /**
     * All that was added, as the statements of one transaction. In a large one, statements that usually come together
     * always do, so that there are few kinds of transactions and the server has prepared them all. One caller alone does not
     * wait for statements that do nothing, nor for statements that could do more.
     */
    List<Step> steps() {
        Set<Rows> present = isSmall() ? Set.of() : companies();
        boolean alone = inOrder.stream().allMatch(rows -> rows.size() <= 1);
        List<Step> steps = new ArrayList<>();
        steps.add(new NodeTable.Fence(identity, life, moved, time -> now = time));
        for (Rows rows : inOrder) {
            if (present.contains(rows) || !rows.isEmpty()) {
                Rows asked = rows == lock && sends == 0 ? QueueTable.lockHeld(lock) : rows;
                steps.add(alone ? asked.alone() : asked);
            }
        }
        steps.addAll(claims);
        return steps;
    }

    private boolean isSmall() {
        return inOrder.stream().mapToInt(Rows::size).sum() < SMALL;
    }

    private Set<Rows> companies() {
        Set<Rows> present = new HashSet<>();
        for (List<Rows> together : List.of(
                List.of(consumeMessages, deleteWork, history, newWork),
                List.of(starts, enqueue),
                List.of(lock, endInstances, release),
                List.of(complete, finishWork),
                List.of(deleteTimers, newTimers),
                List.of(executions, endExecutions, openings))) {
            if (!together.stream().allMatch(Rows::isEmpty)) {
                present.addAll(together);
            }
        }
        return present;
    }

    // ---- what came of it

    /** The instance that a start created; null when its id was taken. */
    @Nullable
    Started started(String instance) {
        return started.get(instance);
    }

    Fate fate(int sent) {
        return fates.getOrDefault(sent, new Fate(true, true, Status.RUNNING));
    }

    /** Whether this node still had the activity. */
    boolean had(HeldWork held) {
        return !seen || owned.contains(new WorkKey(held.instance, held.position));
    }

    /** Hands on to those who wait here what the transaction has left in the queues. */
    void signal() {
        if (leavesInstances) {
            leases.instanceSignal.raise();
        }
        if (leavesWork) {
            leases.workSignal.raise();
        }
        wakes.forEach(leases.instanceSignal::raiseAt);
        workWakes.forEach(leases.workSignal::raiseAt);
    }

    boolean leftInstances() {
        return leavesInstances;
    }

    boolean leftWork() {
        return leavesWork;
    }

    /**
     * The transaction happened, but what its statements answered was lost with the connection: finds out again what
     * callers must know, and takes the rest for granted.
     */
    void recover(WriteConnection connection, Instant about) throws SQLException {
        now = about;
        for (Rows created : List.of(starts, eagerStarts)) {
            if (!created.isEmpty()) {
                connection.run(InstanceTable.findStarted(created, identity).answering(this::created));
            }
        }
        if (!send.isEmpty()) {
            connection.run(send.reusing(QueueTable.FIND_SENT).answering(this::sent));
        }
        seen = false;
        leavesInstances = true;
        leavesWork = true;
    }

    private void created(ResultSet row) throws SQLException {
        started.put(row.getString(1), new Started(row.getLong(2), Session.instant(row, 3)));
    }

    private void ended(ResultSet row) throws SQLException {
        endedAt = Session.nullableInstant(row, 1);
    }

    private void sent(ResultSet row) throws SQLException {
        String status = row.getString(4);
        fates.put(
                row.getInt(1),
                new Fate(row.getBoolean(2), row.getBoolean(3), status == null ? Status.RUNNING : Status.parse(status)));
        woken(row.getBoolean(5));
    }

    private void woken(boolean free) {
        leavesInstances |= free;
    }

    private void finished(ResultSet row) throws SQLException {
        owned.add(new WorkKey(row.getLong(1), row.getLong(2)));
    }

    private void workVisible(ResultSet row) throws SQLException {
        Instant at = Session.instant(row, 1);
        if (at.isAfter(now())) {
            workWakes.add(at);
        } else {
            leavesWork = true;
        }
    }

    private void released(ResultSet row) throws SQLException {
        Instant at = Session.nullableInstant(row, 1);
        if (at == null) {
            return;
        }
        if (at.isAfter(now())) {
            wakes.add(at);
        } else {
            leavesInstances = true;
        }
    }

    /** A delay from now on that ends at the latest time at the latest. */
    long delayMicros(Duration delay) {
        Instant now = leases.now();
        return micros(Duration.between(now, Limits.timeAfter(now, delay)));
    }

    /** Microseconds, which is as fine as the store's times are; never less than was asked for. */
    static long micros(Duration time) {
        return TimeUnit.MICROSECONDS.convert(time.plusNanos(999));
    }
}
