package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.jdbc.WriterThread;
import dev.rekindle.provider.Abandonment;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all operations that wait, makes one transaction of them that goes to the server in
 * one round trip, and wakes their callers when it is durable. Its transactions are the beats of the node too: when there
 * is nothing to write, it writes that the node is alive, and looks around.
 *
 * <p><b>Fence.</b> Every transaction begins with this node's row. When somebody took leases from the node, or gave it up,
 * nothing is written; what the node holds is read again, and what it lost is refused.
 *
 * <p><b>Lost connections.</b> When the connection is lost while a transaction is under way, nobody knows whether it
 * happened. The node's row does: it counts transactions. A new connection reads it, after having made sure that what the
 * old one may still send is refused, and the callers are told the truth.
 *
 * <p><b>Failure.</b> When a batch fails otherwise, nothing of it has happened; its operations are then tried one by one, so
 * that a bad one fails alone.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int MAX_BATCH = 500;

    /** So many characters make a batch a full one: they are in memory several times on their way, here and on the server. */
    private static final int MAX_WEIGHT = 16_000_000;

    private static final int BEATS_PER_LIFE = 3;
    private static final long BEAT_WITHOUT_LISTENING = 250;
    private static final long TELL_PAUSE = 10;
    private static final long LOOK_AGAIN = 100;

    private final Database database;
    private final Place place;
    private final long calmBeat;
    private final Leases leases;
    private final InstantSource clock;
    private final WriterThread<Op<?>> thread;
    private volatile boolean running;
    private volatile boolean attending;
    private volatile boolean listening;
    private volatile boolean lookNow;
    private volatile boolean muted;
    private volatile boolean vanishing;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    private long batches;
    private long lastLook;
    private long lastTold;
    private long nodes = 1;
    private final Set<String> toTell = new HashSet<>();

    Writer(Database database, String nodeName, Leases leases, InstantSource clock, Duration takeover) {
        this.database = database;
        this.leases = leases;
        this.clock = clock;
        this.thread = new WriterThread<>(database.name(), MAX_BATCH, this::write);
        this.place = new Place(database, nodeName, leases, takeover, thread::isClosing, thread::failWaiting);
        this.calmBeat = place.life().toMillis() / BEATS_PER_LIFE;
    }

    /** Connects and begins. */
    void start() {
        place.ensure();
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

    /** From now on the node shows that it is alive, and looks for work. */
    void attend() {
        if (!attending) {
            attending = true;
            thread.wake();
        }
    }

    /** Whether others can tell this node that there is work; otherwise it looks more often. */
    void listening(boolean hears) {
        listening = hears;
        lookSoon();
    }

    /** Looks around at once, and returns when all that follows from it is done. */
    void lookNow() {
        lookSoon();
        run(new NodeOps.Beat());
        run(new NodeOps.Beat());
    }

    /** Whether the node shows only by what it writes that it is alive. Returns when what is under way is done. */
    void mute(boolean quiet) {
        muted = quiet;
        run(new NodeOps.Beat());
    }

    /** This node asks for something to run. Only the first time it has to be written down. */
    void runs() {
        if (!running) {
            place.run();
            running = true;
        }
    }

    /** Whether this node has asked for something to run. */
    boolean isRunning() {
        return running;
    }

    long nodeKey() {
        return place.nodeKey();
    }

    /** Looks around when what is under way is done. */
    void lookSoon() {
        lookNow = true;
        thread.wake();
    }

    WriterStats stats() {
        return new WriterStats(commits.get(), operations.get(), place.fenced(), refusals.get(), place.takenOver());
    }

    /**
     * Commits what waits, takes the node out of the store, and ends. Repeating it waits for the same end.
     *
     * @param silently whether it is to look like a death: the store is not told
     */
    void close(boolean silently) {
        if (silently) {
            vanishing = true;
        }
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
        place.leave(vanishing);
    }

    /** Nothing is sure any more: nobody may wait for ever, and what the node holds is compared with the store. */
    private void giveUp(List<Op<?>> batch, Throwable e) {
        try {
            place.disconnect();
            forget(batch);
            LOG.error("Writing to {} broke off", database.name(), e);
        } finally {
            fail(batch, Trouble.brokeOff(database.name(), e));
        }
    }

    // ---- what to do next

    /** Waits for operations, or for a reason to write without any. Returns false when it is time to end. */
    private boolean collect(List<Op<?>> batch) {
        while (!thread.take(batch)) {
            if (thread.isClosing()) {
                return false;
            }
            if (looks() || tells()) {
                return true;
            }
            thread.rest(pauseNanos());
        }
        return true;
    }

    /** How long there is no reason to write without an operation. */
    private long pauseNanos() {
        if (muted) {
            return WriterThread.UNTIL_WOKEN;
        }
        long pause = attending ? left(lastLook, beat()) : Long.MAX_VALUE;
        if (!toTell.isEmpty()) {
            pause = Math.min(pause, left(lastTold, TELL_PAUSE));
        }
        return TimeUnit.MILLISECONDS.toNanos(pause);
    }

    private boolean looks() {
        return !muted && (lookNow || (attending && left(lastLook, beat()) == 0));
    }

    private boolean tells() {
        return !toTell.isEmpty() && left(lastTold, TELL_PAUSE) == 0;
    }

    /** How many milliseconds of a pause are left: none when the clock was set back, because nobody knows how long it took. */
    private long left(long since, long pause) {
        long passed = clock.millis() - since;
        return passed < 0 ? 0 : Math.max(0, pause - passed);
    }

    /** How long it may be quiet, in milliseconds. */
    private long beat() {
        return listening ? calmBeat : Math.min(calmBeat, BEAT_WITHOUT_LISTENING);
    }

    // ---- a batch

    /** Commits operations; returns those that have to wait for the next batch. */
    private List<Op<?>> commit(List<Op<?>> ops) {
        List<Op<?>> open = ops;
        while (true) {
            List<Op<?>> admitted = new ArrayList<>();
            List<Op<?>> deferred = new ArrayList<>();
            try {
                place.ensure();
            } catch (RekindleException e) {
                fail(open, e);
                return deferred;
            }
            Extras extras = extras();
            try {
                Batch batch = new Batch(leases, place.identity(), place.life(), ++batches);
                admit(batch, open, admitted, deferred);
                if (write(batch, admitted, extras)) {
                    return deferred;
                }
                lookNow |= extras.look() != null;
                open = new ArrayList<>(admitted);
                open.addAll(deferred);
            } catch (SQLException e) {
                if (extras.any()) {
                    LOG.warn("Looking around in {}, or telling others, failed: {}", database.name(), e.getMessage());
                    toTell.clear();
                    open = new ArrayList<>(admitted);
                    open.addAll(deferred);
                    if (open.isEmpty()) {
                        return deferred;
                    }
                    continue;
                }
                if (admitted.size() > 1) {
                    admitted.forEach(op -> deferred.addAll(commit(List.of(op))));
                } else if (Trouble.isContradiction(e)) {
                    place.doubt();
                    forget(admitted);
                    fail(admitted, Trouble.contradiction(database.name(), e));
                } else {
                    fail(admitted, Trouble.of(database.name(), e));
                }
                return deferred;
            } catch (RekindleException e) {
                forget(admitted);
                fail(open, e);
                return new ArrayList<>();
            }
        }
    }

    private void admit(Batch batch, List<Op<?>> ops, List<Op<?>> admitted, List<Op<?>> deferred) {
        List<Op<?>> refused = new ArrayList<>();
        long weight = 0;
        leases.lock.lock();
        try {
            for (Op<?> op : ops) {
                try {
                    if (weight < MAX_WEIGHT && op.admit(batch)) {
                        admitted.add(op);
                        weight += op.weight();
                    } else {
                        deferred.add(op);
                    }
                } catch (RekindleException e) {
                    refused.add(op);
                    op.refuse(e);
                    refusals.addAndGet(e.code() == ErrorCode.LEASE_LOST ? 1 : 0);
                }
            }
        } finally {
            leases.lock.unlock();
        }
        refused.forEach(Op::finish);
    }

    /** What goes with a batch for the node's own sake. When it fails the operations must not, so it waits for another time. */
    private record Extras(
            @Nullable Single<NodeTable.View> look, @Nullable Single<Boolean> tell) {
        boolean any() {
            return look != null || tell != null;
        }
    }

    private Extras extras() {
        Extras extras = new Extras(
                looks() ? NodeTable.look(place.nodeKey(), place.life()) : null,
                tells() ? Listener.tell(database, toTell) : null);
        if (extras.look() != null) {
            lookNow = false;
            lastLook = clock.millis();
        }
        if (extras.tell() != null) {
            lastTold = clock.millis();
        }
        return extras;
    }

    /** Returns whether it is done; otherwise nothing has happened, and it is to be admitted anew. */
    private boolean write(Batch batch, List<Op<?>> admitted, Extras extras) throws SQLException {
        admitted.forEach(op -> op.write(batch));
        Single<NodeTable.View> look = extras.look();
        if (look != null) {
            batch.claim(look);
        }
        if (extras.tell() != null) {
            batch.claim(extras.tell());
        }
        if (batch.writes() || admitted.isEmpty()) {
            if (!place.write(batch)) {
                return false;
            }
            commits.incrementAndGet();
            operations.addAndGet(admitted.size());
        }
        if (extras.tell() != null) {
            toTell.clear();
        }
        settle(batch, admitted);
        if (look != null) {
            look.all().forEach(this::looked);
        }
        return true;
    }

    private void settle(Batch batch, List<Op<?>> admitted) {
        leases.with(() -> {
            admitted.forEach(op -> op.settle(batch));
            if (batch.hasRun()) {
                tellOthers(batch);
                batch.signal();
            }
        });
        admitted.forEach(Op::finish);
    }

    /** What nobody waits for here, somebody may wait for elsewhere. */
    private void tellOthers(Batch batch) {
        if (nodes > 1 || !attending) {
            if (batch.leftInstances() && leases.spareDemand() <= 0) {
                toTell.add(Listener.INSTANCES);
            }
            if (batch.leftWork() && !leases.workSignal.isAsked()) {
                toTell.add(Listener.WORK);
            }
        }
    }

    private void looked(NodeTable.View view) {
        nodes = view.nodes();
        leases.with(() -> {
            view.nextInstance().ifPresent(leases.instanceSignal::raiseAt);
            view.nextWork().ifPresent(leases.workSignal::raiseAt);
            leases.takeUnwanted().forEach(held -> submit(new InstanceOps.Abandon(held.token, Abandonment.QUIET)));
        });
        if (view.dead() && place.takeOver()) {
            lastLook -= beat() - LOOK_AGAIN;
        }
    }

    /** Nobody knows what became of these operations. */
    private void forget(List<Op<?>> ops) {
        leases.with(() -> ops.stream().filter(op -> !op.isDone()).forEach(op -> op.forget(leases)));
    }

    private void fail(List<Op<?>> ops, RekindleException why) {
        ops.stream().filter(op -> !op.isDone()).forEach(op -> op.fail(why));
    }
}
