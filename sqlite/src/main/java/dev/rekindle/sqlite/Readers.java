package dev.rekindle.sqlite;

import dev.rekindle.provider.ProviderErrors;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections to read with, beside the one that writes: each read is a consistent snapshot. Thread-safe. */
final class Readers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int MAX = 4;

    private final String store;
    private final Writer.Connector connector;
    private final Semaphore permits = new Semaphore(MAX);
    private final Queue<Session> free = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Readers(String store, Writer.Connector connector) {
        this.store = store;
        this.connector = connector;
    }

    <T> T read(Session.Query<T> query) {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw ProviderErrors.closed(store);
            }
            Session session = free.poll();
            if (session == null) {
                session = connector.connect();
            }
            boolean sound = false;
            try {
                T answer = session.snapshot(query);
                sound = true;
                return answer;
            } finally {
                giveBack(session, sound);
            }
        } catch (SQLException e) {
            throw Trouble.of(store, e);
        } finally {
            permits.release();
        }
    }

    private void giveBack(Session session, boolean sound) {
        if (sound && !closed) {
            free.add(session);
        } else {
            close(session);
        }
    }

    /** Waits for reads under way. */
    @Override
    public void close() {
        closed = true;
        permits.acquireUninterruptibly(MAX);
        try {
            for (Session session = free.poll(); session != null; session = free.poll()) {
                close(session);
            }
        } finally {
            permits.release(MAX);
        }
    }

    private void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.warn("Closing a connection to {} failed", store, e);
        }
    }
}
