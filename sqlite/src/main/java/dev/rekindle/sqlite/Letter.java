package dev.rekindle.sqlite;

import dev.rekindle.provider.WorkItem;
import org.jspecify.annotations.Nullable;

/** A message for an instance that the owner holds in memory. Guarded by the board's lock. */
final class Letter {
    private static final int OVERHEAD = 400;

    /** How a turn names it: the key of its row; the negative key of its row for a timer. */
    final long id;

    final long instance;

    /** How often a node died while it had this. */
    final int nodeDeaths;

    /** Roughly its bytes in memory. */
    final int weight;

    /** What it says; null for a timer until its instance is known. */
    WorkItem.@Nullable OrchestratorWork work;

    /** Whether a node has it. */
    boolean handed;

    /** Whether its row says already, as far as it must, that the present owner has it. */
    boolean marked;

    /** Whether the present owner counted itself in its row, to be taken back when it goes cleanly. */
    boolean counted;

    private Letter(long id, long instance, int nodeDeaths, int weight, boolean marked) {
        this.id = id;
        this.instance = instance;
        this.nodeDeaths = nodeDeaths;
        this.weight = OVERHEAD + weight;
        this.marked = marked;
    }

    /** A message that the present owner wrote. */
    static Letter written(long id, long instance, WorkItem.OrchestratorWork work, int length) {
        Letter letter = new Letter(id, instance, 0, length, true);
        letter.work = work;
        return letter;
    }

    /** A message that was written with a time of its own: its row is nobody's until somebody gets it. */
    static Letter delayed(long id, long instance, WorkItem.OrchestratorWork work, int length) {
        Letter letter = new Letter(id, instance, 0, length, false);
        letter.work = work;
        return letter;
    }

    /** A message that was read from its row. */
    static Letter read(MessageTable.Row row, WorkItem.OrchestratorWork work, Epochs epochs) {
        Letter letter = new Letter(
                row.key(),
                row.instance(),
                row.nodeDeaths() + epochs.presumedDeaths(row.epoch()),
                row.body().length(),
                row.epoch() == epochs.current());
        letter.work = work;
        return letter;
    }

    /** A timer. Nobody is presumed to have died of it before it was due. */
    static Letter timer(long key, int nodeDeaths, boolean marked) {
        return new Letter(-key, Keys.instance(key), nodeDeaths, 0, marked);
    }

    /** Whether an execution begins with it. */
    boolean opens() {
        return work instanceof WorkItem.StartOrchestration || work instanceof WorkItem.ContinueAsNew;
    }

    boolean isTimer() {
        return id < 0;
    }
}
