package dev.rekindle.postgres;

import dev.rekindle.RekindleException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place in the store: its row, and the connection under whose name it writes. Used by the writer's thread
 * only, but for the counters.
 */
final class Place {
    private static final Logger LOG = LoggerFactory.getLogger(Place.class);
    private static final int MAX_TRIES = 5;

    /** How long callers wait for a store that is away before they are told. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** And how long those wait whose commit may have happened: to say so is better than to say that nobody knows. */
    private static final Duration PATIENCE_IN_DOUBT = Duration.ofSeconds(20);

    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_LOCK_TIMEOUT = Duration.ofSeconds(1);

    private final Database database;
    private final String name;
    private final Leases leases;
    private final Duration life;
    private final long quietMillis;
    private final BooleanSupplier closing;
    private final Consumer<RekindleException> impatient;
    private final AtomicLong fenced = new AtomicLong();
    private final AtomicLong takenOver = new AtomicLong();
    private @Nullable WriteConnection connection;
    private volatile NodeTable.@Nullable Identity identity;
    private volatile boolean runs;
    private int tries;
    private long lastWrite;

    /** When the store came back to this node after it had been away; others may need as long to find it. */
    private Instant storeBack = Instant.MIN;

    private Doubt doubt = Doubt.NONE;

    /** What may be wrong with what the node holds, and has to be compared with what the store says. */
    private enum Doubt {
        NONE,
        /** Somebody took leases away. */
        SEIZED,
        /** Nobody knows what the store has. */
        ALL
    }

    /**
     * A place that is taken with {@link #ensure()}.
     *
     * @param takeover how long after a node fell silent others have its work at the latest
     * @param closing whether it is no use to wait for the store
     * @param impatient is told while this waits for longer than others should
     */
    Place(
            Database database,
            String name,
            Leases leases,
            Duration takeover,
            BooleanSupplier closing,
            Consumer<RekindleException> impatient) {
        this.database = database;
        this.name = name;
        this.leases = leases;
        this.life = takeover.multipliedBy(7).dividedBy(10);
        this.quietMillis = life.toMillis() / 2;
        this.closing = closing;
        this.impatient = impatient;
    }

    /** How long the node may be silent. The rest of the takeover time is for others to notice. */
    Duration life() {
        return life;
    }

    /** How many transactions found that the node is not what it took itself for. */
    long fenced() {
        return fenced.get();
    }

    long takenOver() {
        return takenOver.get();
    }

    /** From now on this node is one that runs instances, also when it has to come anew. */
    void run() {
        runs = true;
        database.repeat(session -> NodeTable.runs(session, nodeKey()));
    }

    long nodeKey() {
        return identity().key();
    }

    NodeTable.Identity identity() {
        return Objects.requireNonNull(identity, "no place yet");
    }

    /**
     * Connects, if there is no connection, and finds out what the node still holds.
     *
     * @throws RekindleException {@code STORE_UNAVAILABLE} when the store stays away for too long
     */
    void ensure() {
        if (connection == null || doubt != Doubt.NONE || wasQuiet()) {
            patiently(PATIENCE, this::take);
        }
    }

    /** Whether it was silent for so long that it may have been given up meanwhile. */
    private boolean wasQuiet() {
        return leases.now().toEpochMilli() - lastWrite > quietMillis;
    }

    /** Something that needs the store. */
    private interface Attempt {
        void run() throws SQLException;
    }

    private void patiently(Duration patience, Attempt attempt) {
        Instant start = leases.clock().instant();
        Duration wait = FIRST_WAIT;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (SQLException e) {
                disconnect();
                Duration waited = Duration.between(start, leases.clock().instant());
                if (closing.getAsBoolean() || waited.compareTo(patience) >= 0) {
                    throw Trouble.of(database.name(), e);
                }
                if (waited.compareTo(PATIENCE) >= 0) {
                    impatient.accept(Trouble.of(database.name(), e));
                }
                LOG.debug("No connection to {} yet", database.name(), e);
                LockSupport.parkNanos(this, wait.toNanos());
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    private void take() throws SQLException {
        WriteConnection open = connection;
        if (open == null) {
            open = connect();
        } else if (wasQuiet()) {
            resume(open);
        }
        if (doubt != Doubt.NONE) {
            reconcile(open);
        }
    }

    /** As long as a node waits for a lock before it looks whether the one that has it is alive, and says that it is itself. */
    private Duration lockTimeout() {
        Duration third = life.dividedBy(3);
        return third.compareTo(SHORTEST_LOCK_TIMEOUT) < 0 ? SHORTEST_LOCK_TIMEOUT : third;
    }

    private WriteConnection connect() throws SQLException {
        WriteConnection open = WriteConnection.open(database.connectToStay(), database.schema()::sql, lockTimeout());
        connection = open;
        if (identity == null) {
            identity = NodeTable.register(open, name, life, runs);
            wrote(leases.now());
        } else {
            doubt = Doubt.ALL;
            resumeAgain(open);
            storeBack = leases.now();
        }
        return open;
    }

    private void resumeAgain(WriteConnection open) throws SQLException {
        try {
            resume(open);
        } catch (SQLException e) {
            if (Trouble.isLockTimeout(e)) {
                cutOffDead(open);
            }
            throw e;
        }
    }

    /** Finds out what became of the node. What an old connection may still send is refused from now on. */
    private void resume(WriteConnection open) throws SQLException {
        NodeTable.Identity before = identity();
        NodeTable.Identity found =
                NodeTable.resume(open, before.key(), name, life).orElse(null);
        if (found == null) {
            forgetAll("This node was silent for too long; others have what it held in {}");
            identity = NodeTable.register(open, name, life, runs);
            doubt = Doubt.NONE;
        } else {
            if (found.batch() < before.batch()) {
                forgetAll(
                        "The last writes are lost, as after a failover; this node begins anew with what stands in {}");
            }
            identity = found;
            if (found.batch() != before.batch()) {
                doubt = Doubt.ALL;
            } else if (found.fence() != before.fence() + 1 && doubt == Doubt.NONE) {
                doubt = Doubt.SEIZED;
            }
        }
        wrote(leases.now());
    }

    private void wrote(Instant now) {
        lastWrite = now.toEpochMilli();
    }

    private void forgetAll(String why) {
        leases.with(() -> {
            if (!leases.isEmpty()) {
                LOG.warn(why, database.name());
            }
            leases.clear();
        });
        leases.raiseAll();
    }

    /** Brings what the store says that this node holds, and what it knows of, together: only what both say stays. */
    private void reconcile(WriteConnection open) throws SQLException {
        long node = identity().key();
        List<NodeTable.LeaseRow> rows =
                doubt == Doubt.SEIZED ? NodeTable.stillHeld(open, node, leases) : NodeTable.leases(open, node);
        Batch returns = new Batch(leases, identity(), life, -1);
        leases.with(() -> {
            Set<NodeTable.LeaseRow> held = new HashSet<>(rows);
            for (HeldInstance instance : leases.allInstances()) {
                if (!held.contains(new NodeTable.LeaseRow(instance.key, OptionalLong.empty()))) {
                    leases.remove(instance);
                }
            }
            for (HeldWork work : leases.allWork()) {
                if (!held.contains(new NodeTable.LeaseRow(work.instance, OptionalLong.of(work.position)))) {
                    leases.remove(work);
                }
            }
            rows.forEach(row -> returnUnknown(returns, row));
        });
        open.transact(returns.steps());
        identity = identity().next();
        doubt = Doubt.NONE;
    }

    private void returnUnknown(Batch returns, NodeTable.LeaseRow row) {
        if (row.position().isEmpty()) {
            if (!leases.holdsInstance(row.instance())) {
                returns.lock(row.instance());
                returns.release.add(row.instance(), 0L, false);
                leases.instanceSignal.raise();
            }
        } else if (leases.work(row.instance(), row.position().getAsLong()) == null) {
            returns.giveBackWork.add(
                    row.instance(),
                    row.position().getAsLong(),
                    identity().key(),
                    0L,
                    false,
                    null,
                    null,
                    null,
                    null,
                    null);
            leases.workSignal.raise();
        }
    }

    /**
     * Writes a batch.
     *
     * @return whether it happened; when not, nothing has, and what the node holds may have changed
     * @throws SQLException when the store does not like it; nothing has happened
     * @throws RekindleException {@code STORE_UNAVAILABLE} when nobody can say whether it happened
     */
    boolean write(Batch batch) throws SQLException {
        WriteConnection open = Objects.requireNonNull(connection, "not connected");
        try {
            open.transact(batch.steps());
            identity = identity().next();
            tries = 0;
            wrote(batch.now());
            leases.with(() -> leases.storeTime(batch.now()));
            return true;
        } catch (SQLException e) {
            if (Trouble.isConnectionLost(e)) {
                LOG.warn("The connection to {} was lost: {}", database.name(), e.getMessage());
                return happened(batch);
            }
            return repair(open, e);
        }
    }

    /** The transaction failed on the server. Returns false when it may work the next time. */
    private boolean repair(WriteConnection open, SQLException e) throws SQLException {
        try {
            open.rollback();
            if (Trouble.isFenced(e)) {
                fenced.incrementAndGet();
                resume(open);
                return false;
            }
            if (Trouble.isLockTimeout(e)) {
                resume(open);
                cutOffDead(open);
            }
        } catch (SQLException lost) {
            LOG.debug("No way back on this connection", lost);
            disconnect();
        }
        if (Trouble.isFenced(e) || (Trouble.isRetryableTransaction(e) && ++tries < MAX_TRIES)) {
            return false;
        }
        tries = 0;
        throw e;
    }

    /**
     * Connects anew and finds out whether the transaction under way had happened. It has when its number stands in the
     * node's row; a store that lost others before it has lost it too.
     */
    private boolean happened(Batch batch) {
        NodeTable.Identity before = identity();
        disconnect();
        patiently(PATIENCE_IN_DOUBT, () -> {
            WriteConnection open = connect();
            if (isNext(before)) {
                batch.recover(open, leases.now());
            }
        });
        if (identity().key() != before.key()) {
            throw Trouble.outcomeUnknown(database.name());
        }
        return isNext(before);
    }

    private boolean isNext(NodeTable.Identity before) {
        return identity().key() == before.key() && identity().batch() == before.batch() + 1;
    }

    /**
     * Takes the place of nodes that have been silent for too long. When the store was away from this node it may have been
     * away from them, so they get the time of one life to come back.
     *
     * @return whether one of them was still in the way, but will not be for long
     */
    boolean takeOver() {
        if (leases.now().isBefore(storeBack.plus(life))) {
            return false;
        }
        WriteConnection open = Objects.requireNonNull(connection, "not connected");
        long key = identity().key();
        try {
            NodeTable.Removed gone = open.inTransaction(() -> NodeTable.removeDead(open, key));
            if (gone.freed() > 0) {
                takenOver.addAndGet(gone.names().size());
                LOG.info("Took over {} leases from {} in {}", gone.freed(), gone.names(), database.name());
                leases.raiseAll();
            }
            return gone.names().isEmpty() && cutOffDead(open) > 0;
        } catch (SQLException e) {
            LOG.warn("Taking over from silent nodes failed in {}: {}", database.name(), e.getMessage());
            disconnect();
            return false;
        }
    }

    private int cutOffDead(WriteConnection open) throws SQLException {
        int cut = NodeTable.cutOffDead(open, identity().key(), life);
        if (cut > 0) {
            LOG.info("Ended {} transactions of silent nodes in {}", cut, database.name());
        }
        return cut;
    }

    /** Gives all of it back, unless it is to look like a death. */
    void leave(boolean silently) {
        WriteConnection open = connection;
        if (open != null && identity != null && !silently) {
            long key = identity.key();
            try {
                open.inTransaction(() -> NodeTable.remove(open, key));
                open.run(Listener.tell(database, Set.of(Listener.INSTANCES, Listener.WORK)));
            } catch (SQLException e) {
                LOG.warn(
                        "Leases in {} could not be handed back, they end by themselves: {}",
                        database.name(),
                        e.getMessage());
            }
        }
        disconnect();
    }

    /** What this node holds is compared with what the store says before the next write. */
    void doubt() {
        doubt = Doubt.ALL;
    }

    /** The next write connects anew. */
    void disconnect() {
        WriteConnection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("Closing the connection to {} failed", database.name(), e);
            }
        }
    }
}
