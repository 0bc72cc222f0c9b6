package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.management.Deletion;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes what management wants changed. Thread-safe.
 *
 * <p><b>Who does it.</b> Nobody but the owner may change rows that its memory follows. So this provider does it itself when
 * it is the owner, or when nobody is, whom it keeps from becoming it meanwhile. Otherwise it asks the owner by a row of the
 * table {@code request}. The owner performs it and leaves the answer in one transaction, so that it happens once; when the
 * owner is gone, whoever asked performs it in the same way.
 */
final class Changes {
    /** How long an owner may take. One that takes longer finds the request withdrawn. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String store;
    private final Writer writer;
    private final Ownership ownership;
    private final Reading reading;

    /** Reads in a snapshot of its own. */
    interface Reading {
        <T> T query(Session.Query<T> query);
    }

    Changes(String store, Writer writer, Ownership ownership, Reading reading) {
        this.store = store;
        this.writer = writer;
        this.ownership = ownership;
        this.reading = reading;
    }

    /** Returns what it removed. */
    Deletion make(Change change) {
        ChangeOp op = ChangeOp.of(change);
        return ownership.tryAsOwner(op) ? op.await() : ask(change);
    }

    private Deletion ask(Change change) {
        long key = writer.run(new RequestOps.Post(change));
        try {
            awaitAnswer(key);
        } catch (RekindleException e) {
            return withdraw(key).orElseThrow(() -> e).removedOrThrow();
        }
        return withdraw(key).orElseThrow(() -> Trouble.ownerSilent(store)).removedOrThrow();
    }

    private Optional<Answer> withdraw(long key) {
        return writer.run(new RequestOps.Withdraw(key));
    }

    /** Waits until the owner has answered, or becomes the owner for a moment and does it, or has waited for too long. */
    private void awaitAnswer(long key) {
        boolean interrupted = false;
        long pause = FIRST_PAUSE_NANOS;
        try {
            for (long waited = 0; waited < PATIENCE_NANOS; waited += pause) {
                if (!isOpen(key) || ownership.tryAsOwner(new RequestOps.Perform(key))) {
                    break;
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                LockSupport.parkNanos(this, pause);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isOpen(long key) {
        return reading.query(session -> openIn(session, key));
    }

    private static boolean openIn(Session session, long key) throws SQLException {
        return RequestTable.byKey(session, key).map(RequestTable.Row::isOpen).orElse(false);
    }
}
