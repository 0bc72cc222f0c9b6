package dev.rekindle.sqlite;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the owner knows of an instance without asking the file. Guarded by the board's lock; what its row says is
 * changed by the writer only, and only after the change was committed.
 */
final class Instance {
    /** Stands for: some, nobody counted them. */
    private static final int UNKNOWN = Integer.MAX_VALUE / 2;

    final long key;
    String id = "";
    String runId = "";
    String orchestration = "";
    String version = "";

    @Nullable
    ParentLink parent;

    Status status = Status.PENDING;
    long execution = 1;
    long base;
    long lastEventId;
    long createdAt;

    @Nullable
    String customStatus;

    @Nullable
    String problem;

    /** Whether the fields above say what the row says. */
    boolean loaded;

    /** No fewer than it has rows in {@code work} and {@code timer}. */
    int openWork = UNKNOWN;

    int openTimers = UNKNOWN;

    /** The token of the lease; 0 while nobody has it. */
    long lease;

    @Nullable
    NodeId node;

    boolean queued;
    long notBefore = Long.MIN_VALUE;

    /** The batch in which somebody last claimed it alone, or shared it with other senders. */
    long ownedIn;

    long closedIn;
    long sharedIn;

    private @Nullable LinkedHashMap<Long, Letter> inbox;

    Instance(long key) {
        this.key = key;
    }

    /** Its row was just written. */
    void created(Batch.StartSlot slot, long now) {
        id = slot.start.instance();
        runId = slot.start.runId();
        orchestration = slot.start.orchestration();
        version = slot.version;
        parent = slot.start.parent();
        status = slot.status;
        createdAt = now;
        openWork = 0;
        openTimers = 0;
        loaded = true;
    }

    void load(InstanceTable.Row row, long events) {
        id = row.id();
        runId = row.runId();
        orchestration = row.orchestration();
        version = row.version();
        parent = row.parent();
        status = row.status();
        execution = row.execution();
        base = row.base();
        lastEventId = events;
        createdAt = row.createdAt();
        customStatus = row.customStatus();
        problem = row.problem();
        loaded = true;
    }

    /** Its visible messages by their ids, in the order in which they came. */
    Map<Long, Letter> inbox() {
        LinkedHashMap<Long, Letter> box = inbox;
        return box == null ? Map.of() : box;
    }

    void put(Letter letter) {
        LinkedHashMap<Long, Letter> box = inbox;
        if (box == null) {
            box = new LinkedHashMap<>();
            inbox = box;
        }
        if (letter.opens()) {
            box.putFirst(letter.id, letter);
        } else {
            box.put(letter.id, letter);
        }
    }

    /**
     * Whether its messages are of use to a node: an execution without events begins with the message that opens it, and
     * until that is visible only a termination can be acted on. The same goes for a suspended instance.
     */
    boolean canGoOn() {
        LinkedHashMap<Long, Letter> box = inbox;
        if (box == null) {
            return false;
        }
        return !loaded
                || (status != Status.SUSPENDED
                        && (lastEventId > 0 || box.firstEntry().getValue().opens()))
                || box.values().stream().anyMatch(Letter::terminates);
    }

    @Nullable
    Letter take(long id) {
        LinkedHashMap<Long, Letter> box = inbox;
        if (box == null) {
            return null;
        }
        Letter taken = box.remove(id);
        if (box.isEmpty()) {
            inbox = null;
        }
        return taken;
    }

    OrchestrationItem.Definition definition() {
        return new OrchestrationItem.Definition(orchestration, version, parent);
    }

    InstanceSnapshot snapshot(@Nullable String output, @Nullable Failure failure, @Nullable Long finishedAt) {
        return new InstanceSnapshot(
                id,
                runId,
                orchestration,
                version,
                status,
                execution,
                output,
                failure,
                customStatus,
                problem,
                Instant.ofEpochMilli(createdAt),
                finishedAt == null ? null : Instant.ofEpochMilli(finishedAt));
    }
}
