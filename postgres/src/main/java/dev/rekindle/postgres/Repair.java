package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What repair tools write, outside of any turn: each a transaction of its own that locks the instance. */
final class Repair {
    /** Writes the row anew: who leases it just then and has seen the old one does not get it. */
    private static final String LOCK_QUEUE = """
        UPDATE rekindle.queue AS q SET node = q.node FROM rekindle.instance AS i
        WHERE i.id = ? AND q.instance = i.key RETURNING q.node\
        """;

    private static final String LOCK_INSTANCE = """
        SELECT i.key, i.run_id, i.status, i.execution, i.base, COALESCE((SELECT h.position + h.events - 1
          FROM rekindle.history AS h WHERE h.instance = i.key ORDER BY h.position DESC LIMIT 1), 0)
        FROM rekindle.instance AS i WHERE i.id = ? FOR UPDATE OF i\
        """;

    private static final String APPEND =
            "INSERT INTO rekindle.history (instance, position, events, body) VALUES (?, ?, ?, ?)";

    private static final String QUEUE = """
        INSERT INTO rekindle.work (instance, position, activity, visible_at, scheduled_at, body)
        VALUES (?, ?, ?, rekindle.store_now(), ?, ?)
        ON CONFLICT (instance, position) DO NOTHING\
        """;

    private final Database database;

    Repair(Database database) {
        this.database = database;
    }

    /** An instance that nobody else changes for the moment. */
    private record Locked(long key, String runId, Status status, long execution, long base, long last) {
        static Locked read(ResultSet row) throws SQLException {
            return new Locked(
                    row.getLong(1),
                    row.getString(2),
                    Status.parse(row.getString(3)),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6));
        }

        long lastEventId() {
            return Math.max(0, last - base);
        }
    }

    void append(String id, long executionId, List<Event> events) {
        String body = JsonText.ofEvents(events);
        transact(session -> {
            List<Boolean> leased = session.list(LOCK_QUEUE, Repair::isLeased, id);
            Locked its = lock(session, id);
            if (its == null) {
                throw ProviderErrors.notFound(id);
            }
            if (leased.contains(true)) {
                throw ProviderErrors.leaseLost(id, "a node is running it");
            }
            if (executionId != its.execution()) {
                throw ProviderErrors.notLatestExecution(id, executionId, its.execution());
            }
            ProviderErrors.checkOrder(id, its.lastEventId(), events);
            if (!events.isEmpty()) {
                session.run(APPEND, its.key(), its.base() + its.lastEventId() + 1, events.size(), body);
            }
            return true;
        });
    }

    void enqueue(WorkItem.ActivityExecute work) {
        String body = JsonText.ofWork(work);
        transact(session -> {
            session.list(LOCK_QUEUE, Repair::isLeased, work.instance());
            Locked its = lock(session, work.instance());
            if (its == null || !its.runId().equals(work.runId())) {
                throw ProviderErrors.noSuchRun(work.instance(), work.runId());
            }
            if (its.status().isTerminal()) {
                throw ProviderErrors.ended(work.instance(), its.status());
            }
            if (work.executionId() != its.execution()) {
                throw ProviderErrors.notLatestExecution(work.instance(), work.executionId(), its.execution());
            }
            session.run(QUEUE, its.key(), its.base() + work.scheduledId(), work.activity(), work.scheduledAt(), body);
            return true;
        });
    }

    private static boolean isLeased(ResultSet row) throws SQLException {
        row.getLong(1);
        return !row.wasNull();
    }

    private static @Nullable Locked lock(Session session, String id) throws SQLException {
        return session.first(LOCK_INSTANCE, Locked::read, id).orElse(null);
    }

    private void transact(Session.Query<Boolean> change) {
        database.write(session -> {
            session.script(Changes.BEGIN);
            try {
                boolean done = change.run(session);
                session.script("COMMIT");
                return done;
            } catch (SQLException | RuntimeException e) {
                Changes.rollback(session, e);
                throw e;
            }
        });
    }
}
