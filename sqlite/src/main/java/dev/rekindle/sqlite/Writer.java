package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.jdbc.WriterThread;
import java.nio.channels.FileLock;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all operations that wait, makes one transaction of them, and wakes their callers
 * when it is durable: under load batches form by themselves, and one caller alone pays one commit.
 *
 * <p><b>Failure.</b> When a batch fails, nothing of it has happened; its operations are then tried one by one, so that a
 * bad one fails alone. When the connection is in doubt it is replaced; when it is unknown whether a commit happened, the
 * owner gives up all it has in memory and takes the file over anew.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int MAX_BATCH = 1_000;

    /** How often the file is looked at for what others wrote, while somebody waits for it. */
    private static final long LOOK_NANOS = 25_000_000;

    private static final String DATA_VERSION = "PRAGMA data_version";
    private static final long UNKNOWN_VERSION = -1;

    private final String store;
    private final Connector connector;
    private final Optional<LockFile> lockFile;
    private final Board board;
    private final Upkeep upkeep;
    private final InstantSource clock;
    private final AtomicInteger lookers = new AtomicInteger();
    private final WriterThread<Op<?>> thread;

    private @Nullable Tables tables;
    private long seenVersion = UNKNOWN_VERSION;
    private long batches;
    private Batch.LastKeys lastKeys = new Batch.LastKeys(0, 0);
    private volatile WriterStats stats = new WriterStats(0, 0, 0, 0);

    /** Makes a connection to write with. */
    interface Connector {
        Session connect() throws SQLException;
    }

    Writer(String store, Connector connector, Optional<LockFile> lockFile, Board board, InstantSource clock) {
        this.store = store;
        this.connector = connector;
        this.lockFile = lockFile;
        this.board = board;
        this.upkeep = new Upkeep(board, this::submit);
        this.clock = clock;
        this.thread = new WriterThread<>(store, MAX_BATCH, this::write);
    }

    /** Connects and begins. */
    void start() throws SQLException {
        connected();
        thread.start();
    }

    /** Hands an operation over and waits until it is done. */
    <T extends @Nullable Object> T run(Op<T> op) {
        submit(op);
        return op.await();
    }

    /** Hands an operation over without waiting. */
    void submit(Op<?> op) {
        thread.submit(op);
    }

    /** While somebody looks for work, the file is watched for what others write. */
    void beginLooking() {
        if (lookers.getAndIncrement() == 0) {
            thread.wake();
        }
    }

    void endLooking() {
        lookers.decrementAndGet();
    }

    WriterStats stats() {
        return stats;
    }

    /** Commits what waits and ends. Repeating it waits for the same end. */
    void close() {
        thread.close();
    }

    private void write() {
        List<Op<?>> batch = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = collect(batch);
                if (goesOn) {
                    batch = commit(batch);
                }
            } catch (RuntimeException | Error e) {
                giveUp(batch, e);
                batch = new ArrayList<>();
            }
        }
        disconnect();
    }

    /** Nothing is sure any more: nobody may wait for ever, and all begins anew from the file. */
    private void giveUp(List<Op<?>> batch, Throwable e) {
        try {
            loseOwnership();
            connectAnew();
            LOG.error("Writing to {} broke off", store, e);
        } finally {
            batch.stream().filter(op -> !op.isDone()).forEach(op -> op.fail(Trouble.brokeOff(store, e)));
        }
    }

    /** Waits for operations, or for a reason to look after memory. Returns false when it is time to end. */
    private boolean collect(List<Op<?>> batch) {
        while (!thread.take(batch)) {
            if (thread.isClosing()) {
                return false;
            }
            thread.rest(board.isOwner() && lockFile.isPresent() ? LOOK_NANOS : WriterThread.UNTIL_WOKEN);
            if (thread.isEmpty() && board.isOwner() && othersWrote()) {
                batch.add(new OwnerOps.Nudge());
            }
        }
        return true;
    }

    private boolean othersWrote() {
        Tables open = tables;
        try {
            return lockFile.isPresent() && open != null && open.session().number(DATA_VERSION) != seenVersion;
        } catch (SQLException e) {
            LOG.warn("Looking at {} failed", store, e);
            return false;
        }
    }

    /** Commits operations; returns those that have to wait for the next batch. */
    private List<Op<?>> commit(List<Op<?>> ops) {
        List<Op<?>> deferred = new ArrayList<>();
        List<Op<?>> admitted = new ArrayList<>(ops.size());
        boolean begun = false;
        boolean inDoubt = false;
        try {
            if (ops.stream().allMatch(Op::inMemory)) {
                inMemory(ops, admitted, deferred);
                return deferred;
            }
            Tables open = connected();
            Optional<LockFile> turnstile = board.isOwner() ? Optional.empty() : lockFile;
            FileLock turn = turnstile.map(LockFile::passTurnstile).orElse(null);
            try {
                if (board.isOwner()) {
                    lockFile.ifPresent(LockFile::yieldToOthers);
                }
                open.session().run("BEGIN IMMEDIATE");
                begun = true;
                Batch batch = begin(open);
                admit(batch, ops, admitted, deferred);
                List<Refusal> refused = new ArrayList<>();
                long rows = write(batch, admitted, refused);
                inDoubt = true;
                open.session().run("COMMIT");
                inDoubt = false;
                committed(batch, admitted, rows);
                refused.forEach(refusal -> refusal.op().fail(refusal.why()));
            } finally {
                turnstile.ifPresent(file -> file.leaveTurnstile(turn));
            }
        } catch (SQLException | RuntimeException e) {
            recover(e, inDoubt);
            List<Op<?>> open = new ArrayList<>(ops);
            open.removeIf(Op::isDone);
            open.removeAll(deferred);
            if (begun && open.size() > 1) {
                open.forEach(op -> deferred.addAll(commit(List.of(op))));
            } else {
                fail(open, e instanceof SQLException sql ? Trouble.of(store, sql) : (RuntimeException) e);
            }
        }
        return deferred;
    }

    private void inMemory(List<Op<?>> ops, List<Op<?>> admitted, List<Op<?>> deferred) throws SQLException {
        Tables open = connected();
        Batch batch = new Batch(open, board, stamp(board.epochs().current()), lastKeys);
        admit(batch, ops, admitted, deferred);
        settle(batch, admitted);
    }

    private Batch.Stamp stamp(long epoch) {
        return new Batch.Stamp(++batches, clock.millis(), epoch);
    }

    /** The first thing in a transaction: to learn what others wrote, and to read what memory lacks. */
    private Batch begin(Tables open) throws SQLException {
        Session session = open.session();
        long version = lockFile.isPresent() ? session.number(DATA_VERSION) : 0;
        if (version != seenVersion) {
            lastKeys = new Batch.LastKeys(
                    StoreTable.lastKey(session, StoreTable.INSTANCE), StoreTable.lastKey(session, StoreTable.MESSAGE));
            if (board.isOwner()
                    && StoreTable.lastEpoch(session) != board.epochs().current()) {
                LOG.error("Another process took {} over; what this one holds is void", store);
                loseOwnership();
            }
            upkeep.foreignWrite();
            seenVersion = version;
        }
        long now = clock.millis();
        if (board.isOwner()) {
            upkeep.run(session, now);
        }
        long epoch = board.isOwner() ? board.epochs().current() : Epochs.NOBODY;
        return new Batch(open, board, stamp(epoch), lastKeys);
    }

    private void admit(Batch batch, List<Op<?>> ops, List<Op<?>> admitted, List<Op<?>> deferred) throws SQLException {
        List<Op<?>> refused = new ArrayList<>();
        board.lock.lock();
        try {
            for (Op<?> op : ops) {
                int starts = batch.starts();
                try {
                    if (op.admit(batch)) {
                        admitted.add(op);
                        continue;
                    }
                    deferred.add(op);
                } catch (RekindleException e) {
                    refused.add(op);
                    op.refuse(e);
                }
                batch.keepStarts(starts);
            }
        } finally {
            board.lock.unlock();
        }
        refused.forEach(Op::finish);
    }

    /**
     * An operation that fails alone. Why may be what others of its batch wrote, so nobody is told before that is durable;
     * if it never is, the operation is tried again.
     */
    private record Refusal(Op<?> op, RekindleException why) {}

    /** Returns how many rows were changed. What is refused is admitted no longer. */
    private static long write(Batch batch, List<Op<?>> admitted, List<Refusal> refused) throws SQLException {
        batch.flushStarts();
        for (Op<?> op : admitted) {
            try {
                op.write(batch);
            } catch (RekindleException e) {
                refused.add(new Refusal(op, e));
            }
        }
        refused.forEach(refusal -> admitted.remove(refusal.op()));
        return batch.flush();
    }

    private void committed(Batch batch, List<Op<?>> admitted, long rows) {
        lastKeys = batch.lastKeys();
        if (rows > 0) {
            stats = new WriterStats(
                    stats.commits() + 1,
                    stats.statements() + rows,
                    stats.operations() + admitted.size(),
                    Math.max(stats.largestBatch(), admitted.size()));
        }
        settle(batch, admitted);
    }

    private void settle(Batch batch, List<Op<?>> admitted) {
        board.lock.lock();
        try {
            for (Op<?> op : admitted) {
                op.settle(batch);
            }
            board.signalReady();
        } finally {
            board.lock.unlock();
        }
        admitted.forEach(Op::finish);
    }

    private void fail(List<Op<?>> ops, RuntimeException why) {
        board.lock.lock();
        try {
            ops.forEach(op -> op.unwritten(board));
            board.signalReady();
        } finally {
            board.lock.unlock();
        }
        ops.forEach(op -> op.fail(why));
    }

    /** Makes sure that nothing of a failed batch is left over. */
    private void recover(Exception e, boolean inDoubt) {
        seenVersion = UNKNOWN_VERSION;
        Tables open = tables;
        boolean sound =
                e instanceof RuntimeException || (e instanceof SQLException sql && Trouble.leavesConnectionSound(sql));
        if (inDoubt && !(e instanceof SQLException sql && Trouble.isFull(sql))) {
            LOG.error("It is unknown whether a commit to {} happened; beginning anew from the file", store, e);
            loseOwnership();
        }
        if (open == null) {
            return;
        }
        try {
            open.clear();
            open.session().rollback();
        } catch (SQLException failed) {
            LOG.debug("Rolling back in {} failed", store, failed);
            sound = false;
        }
        if (!sound) {
            connectAnew();
        }
    }

    /** The next batch gets a new connection; a database in memory lives and dies with the one it has. */
    private void connectAnew() {
        if (lockFile.isPresent()) {
            disconnect();
        }
    }

    private void loseOwnership() {
        board.lock.lock();
        try {
            board.clear();
        } finally {
            board.lock.unlock();
        }
    }

    private Tables connected() throws SQLException {
        Tables open = tables;
        if (open == null) {
            open = connector.connect().orClose(Tables::of);
            tables = open;
            seenVersion = UNKNOWN_VERSION;
        }
        return open;
    }

    private void disconnect() {
        Tables open = tables;
        tables = null;
        try {
            if (open != null) {
                open.session().close();
            }
        } catch (SQLException e) {
            LOG.warn("Closing the connection to {} failed", store, e);
        }
    }
}
