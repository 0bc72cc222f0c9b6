package dev.rekindle.postgres;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What management changes, each a transaction of its own on a connection of the pool: it works whoever runs the instances,
 * and when nobody does. Thread-safe.
 */
final class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final int MAX_TRIES = 20;

    /**
     * So long a change waits for a lock until somebody looks whether the one that has it is alive; and so long others wait
     * for one whose client is gone, which holds the row that all takeovers write to.
     */
    static final String BEGIN = """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
        SET LOCAL lock_timeout = '3s';
        SET LOCAL idle_in_transaction_session_timeout = '10s';
        SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'\
        """;

    private static final String FIND = """
        SELECT key FROM rekindle.instance WHERE id = ?\
        """;

    private static final String SUSPEND = """
        UPDATE rekindle.instance SET status = 'Suspended', problem = ? WHERE key = ?\
        """;

    /**
     * Whether an instance that has not ended goes on already: somebody runs it, or nothing holds it back. And whether it has
     * activities that were put off, and whether deaths of nodes are counted for it.
     */
    private static final String GOES_ON = """
        SELECT i.status <> 'Suspended' AND (q.node IS NOT NULL
          OR (i.status <> 'Stuck' AND i.problem IS NULL AND q.not_before IS NULL)),
          EXISTS (SELECT FROM rekindle.work AS w
            WHERE w.instance = i.key AND w.node IS NULL AND w.visible_at > (SELECT rekindle.store_now())),
          q.deaths > 0
        FROM rekindle.instance AS i JOIN rekindle.queue AS q ON q.instance = i.key WHERE i.id = ?\
        """;

    private static final String RESUME = """
        UPDATE rekindle.instance
        SET status = CASE WHEN started_at IS NULL THEN 'Pending' ELSE 'Running' END, problem = NULL
        WHERE key = ? RETURNING status\
        """;

    /** Of one that goes on; {@link Change} forgets those of others. */
    private static final String FORGET_DEATHS = """
        UPDATE rekindle.queue AS q SET deaths = 0
        WHERE q.instance = (SELECT i.key FROM rekindle.instance AS i WHERE i.id = ?) AND q.deaths > 0\
        """;

    private static final String HURRY = """
        UPDATE rekindle.work AS w SET visible_at = (SELECT rekindle.store_now())
        WHERE w.instance = (SELECT i.key FROM rekindle.instance AS i WHERE i.id = ?)
          AND w.node IS NULL AND w.visible_at > (SELECT rekindle.store_now())\
        """;

    private static final String LAST_EVENT = """
        SELECT COALESCE((SELECT h.position + h.events - 1 FROM rekindle.history AS h
          WHERE h.instance = ? ORDER BY h.position DESC LIMIT 1), 0)\
        """;

    private static final String REOPEN = """
        UPDATE rekindle.instance SET status = 'Running', problem = NULL, finished_at = NULL WHERE key = ?\
        """;

    private static final String QUEUE = """
        INSERT INTO rekindle.queue (instance) VALUES (?)\
        """;

    private static final String SEND = """
        INSERT INTO rekindle.message (instance, kind, visible_at, body) VALUES (?, ?, rekindle.store_now(), ?)\
        """;

    private static final String DELETE_DEAD_LETTERS = """
        DELETE FROM rekindle.dead_letter WHERE key = ANY (?)\
        """;

    private final Database database;
    private final Writer writer;
    private final Leases leases;

    Changes(Database database, Writer writer, Leases leases) {
        this.database = database;
        this.writer = writer;
        this.leases = leases;
    }

    /** What is done with one instance. */
    private interface Action<T> {
        T run(Change change, Seizure.Seized its) throws SQLException;
    }

    void suspend(String id, String reason) {
        change(id, (change, its) -> {
            requireAlive(its);
            change.session().run(SUSPEND, reason, its.key());
            change.requeue(its.key(), true, null);
            change.moved(its.status(), Status.SUSPENDED);
            return true;
        });
    }

    /** What is left to do for an instance to go on. */
    private record Holding(boolean itself, boolean activities, boolean deaths) {
        static final Holding UNKNOWN = new Holding(true, true, true);

        static Holding read(ResultSet row) throws SQLException {
            return new Holding(!row.getBoolean(1), row.getBoolean(2), row.getBoolean(3));
        }
    }

    void resume(String id) {
        Holding holding = database.read(session -> session.first(GOES_ON, Holding::read, id))
                .orElse(Holding.UNKNOWN);
        if (holding.itself()) {
            resumeItself(id);
        } else if (holding.deaths()) {
            change(change -> Optional.of(change.session().run(FORGET_DEATHS, id)));
        }
        if (holding.activities()) {
            change(change -> {
                if (change.session().run(HURRY, id) > 0) {
                    change.leaves(Listener.WORK);
                }
                return Optional.of(true);
            });
        }
    }

    private void resumeItself(String id) {
        change(id, (change, its) -> {
            requireAlive(its);
            String status = change.session()
                    .first(RESUME, row -> row.getString(1), its.key())
                    .orElseThrow();
            change.moved(its.status(), Status.parse(status));
            change.requeue(its.key(), false, null);
            return true;
        });
    }

    void reopen(WorkItem.ReopenInstance message, long lastEventId) {
        String body = JsonText.ofWork(message);
        change(message.instance(), (change, its) -> {
            requireReopenable(change.session(), its, message, lastEventId);
            change.session().run(REOPEN, its.key());
            change.session().run(QUEUE, its.key());
            change.session().run(SEND, its.key(), MessageTable.kind(message), body);
            change.requeue(its.key(), false, null);
            change.moved(its.status(), Status.RUNNING);
            return true;
        });
    }

    private static void requireReopenable(
            Session session, Seizure.Seized its, WorkItem.ReopenInstance message, long lastEventId)
            throws SQLException {
        String id = its.id();
        if (!its.runId().equals(message.runId())) {
            throw ProviderErrors.noSuchRun(id, message.runId());
        }
        if (its.status() != Status.FAILED && its.status() != Status.TERMINATED) {
            throw ProviderErrors.notReopenable(id, its.status());
        }
        if (its.execution() != message.executionId()) {
            throw ProviderErrors.notLatestExecution(id, message.executionId(), its.execution());
        }
        long position =
                session.first(LAST_EVENT, row -> row.getLong(1), its.key()).orElseThrow();
        long last = Math.max(0, position - its.base());
        if (last != lastEventId) {
            throw ProviderErrors.historyMoved(id, lastEventId, last);
        }
    }

    Deletion delete(List<String> ids, DeleteOptions options) {
        ProviderErrors.checkDeletion(ids);
        Set<String> distinct = new LinkedHashSet<>(ids);
        return distinct.isEmpty() ? Deletion.NONE : change(change -> Deletions.delete(change, distinct, options));
    }

    Deletion prune(String id, int keepLast) {
        ProviderErrors.checkKeepLast(id, keepLast);
        return change(change -> Optional.of(Deletions.prune(change.session(), id, keepLast)));
    }

    void take(InstanceExport export) {
        Import made = new Import(export);
        change(change -> {
            made.run(change);
            return Optional.of(true);
        });
    }

    long deleteDeadLetters(List<Long> keys) {
        return change(change ->
                Optional.of((long) change.session().run(DELETE_DEAD_LETTERS, (Object) keys.toArray(Long[]::new))));
    }

    private static void requireAlive(Seizure.Seized its) {
        if (its.status().isTerminal()) {
            throw ProviderErrors.ended(its.id(), its.status());
        }
    }

    // ---- a transaction

    private void change(String id, Action<Boolean> action) {
        change(change -> {
            long key = change.session()
                    .first(FIND, row -> row.getLong(1), id)
                    .orElseThrow(() -> ProviderErrors.notFound(id));
            Optional<List<Seizure.Seized>> seized = change.seize(Set.of(key), Set.of());
            if (seized.isEmpty() || seized.get().isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(action.run(change, seized.get().getFirst()));
        });
    }

    private <T> T change(Change.Action<T> action) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Optional<T> result = database.write(session -> attempt(session, action));
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw Trouble.tooBusy(database.name());
    }

    private <T> Optional<T> attempt(Session session, Change.Action<T> action) throws SQLException {
        Change change = new Change(session);
        Optional<T> result;
        session.script(BEGIN);
        try {
            result = action.run(change);
            if (result.isEmpty()) {
                session.script("ROLLBACK");
                return result;
            }
            change.finish(Listener.channel(database));
            session.script("COMMIT");
        } catch (SQLException e) {
            if (!Trouble.isRetryableTransaction(e)) {
                rollback(session, e);
                throw e;
            }
            session.script("ROLLBACK");
            writer.lookSoon();
            return Optional.empty();
        } catch (RuntimeException e) {
            rollback(session, e);
            throw e;
        }
        follow(change);
        return result;
    }

    static void rollback(Session session, Exception why) {
        try {
            session.script("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /** It has happened: this node learns at once what it has lost, and looks for what it can get; others are told. */
    private void follow(Change change) {
        if (change.holders().contains(writer.nodeKey())) {
            try {
                writer.lookNow();
            } catch (RekindleException e) {
                LOG.debug("This node learns later what was taken from it in {}", database.name(), e);
            }
        }
        leases.raiseAll();
    }
}
