package dev.rekindle.sqlite;

import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A message for an instance that the owner holds in memory. Guarded by the board's lock. */
final class Letter {
    private static final int OVERHEAD = 400;

    /** How a turn names it: the key of its row; the negative key of its row for a timer. */
    final long id;

    final long instance;

    /** How often a node died while it had this, since an operator last let its instance go on. */
    int nodeDeaths;

    /** Roughly its bytes. */
    final int size;

    private final Kind kind;

    /** What it says; null for a timer until its instance is known, and for what is shelved. */
    WorkItem.@Nullable OrchestratorWork work;

    private boolean shelved;

    /** Whether a node has it. */
    boolean handed;

    /** Whether its row says already, as far as it must, that the present owner has it. */
    boolean marked;

    /** Whether the present owner counted itself in its row, to be taken back when it goes cleanly. */
    boolean counted;

    private enum Kind {
        TIMER,
        OPENS,
        TERMINATES,
        COMPLETES,
        OTHER;

        static Kind of(WorkItem.OrchestratorWork work) {
            return switch (work) {
                case WorkItem.StartOrchestration start -> OPENS;
                case WorkItem.ContinueAsNew next -> OPENS;
                case WorkItem.TerminateInstance order -> TERMINATES;
                case WorkItem.CompletionWork completion -> COMPLETES;
                default -> OTHER;
            };
        }
    }

    private Letter(long id, long instance, int nodeDeaths, int length, boolean marked, Kind kind) {
        this.id = id;
        this.instance = instance;
        this.nodeDeaths = nodeDeaths;
        this.size = OVERHEAD + length;
        this.marked = marked;
        this.kind = kind;
    }

    private Letter(long id, long instance, int nodeDeaths, WorkItem.OrchestratorWork work, int length, boolean marked) {
        this(id, instance, nodeDeaths, length, marked, Kind.of(work));
        this.work = work;
    }

    /** A message that the present owner wrote. */
    static Letter written(long id, long instance, WorkItem.OrchestratorWork work, int length) {
        return new Letter(id, instance, 0, work, length, true);
    }

    /** A message that was written with a time of its own: its row is nobody's until somebody gets it. */
    static Letter delayed(long id, long instance, WorkItem.OrchestratorWork work, int length) {
        return new Letter(id, instance, 0, work, length, false);
    }

    /** A message that was read from its row. */
    static Letter read(MessageTable.Row row, WorkItem.OrchestratorWork work, Epochs epochs) {
        return new Letter(
                row.key(),
                row.instance(),
                row.nodeDeaths() + epochs.presumedDeaths(row.epoch()),
                work,
                row.body().length(),
                row.epoch() == epochs.current());
    }

    /** A timer. Nobody is presumed to have died of it before it was due. */
    static Letter timer(long key, int nodeDeaths, boolean marked) {
        return new Letter(-key, Keys.instance(key), nodeDeaths, 0, marked, Kind.TIMER);
    }

    /** Whether an execution begins with it. */
    boolean opens() {
        return kind == Kind.OPENS;
    }

    boolean terminates() {
        return kind == Kind.TERMINATES;
    }

    /** Whether it tells that something which the execution began has ended. */
    boolean completes() {
        return kind == Kind.COMPLETES || isTimer();
    }

    boolean isTimer() {
        return kind == Kind.TIMER;
    }

    /** Roughly its bytes in memory, as far as they count. */
    int weight() {
        return shelved ? 0 : size;
    }

    /** Keeps no more than its place: its instance can't be had for now. */
    void shelve() {
        shelved = true;
        work = null;
    }

    /** Whether its text has to be read again before a node can have it. */
    boolean lacksText() {
        return work == null && !isTimer();
    }

    /** It is wanted again; {@code text} is null for a timer. */
    void unshelve(WorkItem.@Nullable OrchestratorWork text) {
        shelved = false;
        work = text;
    }

    /** What it says, read again from its row if it is shelved; null for a timer. Asked without the board's lock, too. */
    WorkItem.@Nullable OrchestratorWork text(Session session) throws SQLException {
        WorkItem.OrchestratorWork known = work;
        return known != null || isTimer() ? known : MessageTable.text(session, id);
    }
}
