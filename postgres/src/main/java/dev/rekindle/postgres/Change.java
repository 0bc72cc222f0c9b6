package dev.rekindle.postgres;

import dev.rekindle.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One try of a change that management makes, in a transaction of its own, and what it leaves to be done afterwards. */
final class Change {
    /** Finds out when an instance that nobody has wants to be run, from what waits for it. */
    private static final String REQUEUE = """
        UPDATE rekindle.queue AS q
        SET node = NULL, deaths = 0, suspended = w.suspended,
          not_before = CASE WHEN NOT w.suspended THEN w.not_before END,
          wake_at = CASE WHEN w.suspended OR w.at IS NULL THEN w.end_at
            ELSE LEAST(GREATEST(w.at, w.not_before), w.end_at) END
        FROM (
          SELECT g.instance, g.suspended,
            GREATEST(CASE WHEN g.not_before > t.now THEN g.not_before END,
              (SELECT m.visible_at FROM rekindle.message AS m
                WHERE m.instance = g.instance AND m.number = 0 AND m.visible_at > t.now)) AS not_before,
            (SELECT min(m.visible_at) FROM rekindle.message AS m
              WHERE m.instance = g.instance AND m.kind = 'end') AS end_at,
            LEAST((SELECT min(m.visible_at) FROM rekindle.message AS m WHERE m.instance = g.instance),
              (SELECT min(d.due_at) FROM rekindle.timer AS d WHERE d.instance = g.instance)) AS at
          FROM (SELECT rekindle.store_now() AS now) AS t,
            (SELECT ?::bigint AS instance, ?::boolean AS suspended, ?::timestamptz AS not_before) AS g) AS w
        WHERE q.instance = w.instance\
        """;

    private final Session session;
    private final Map<Status, Long> moved = new EnumMap<>(Status.class);
    private final Set<Long> holders = new HashSet<>();
    private final Set<String> toTell = new HashSet<>();

    Change(Session session) {
        this.session = session;
    }

    /** What is done in the transaction. */
    interface Action<T> {
        /**
         * Does it, or finds that it has to be tried anew.
         *
         * @return empty when it has; nothing may have been changed then
         * @throws dev.rekindle.RekindleException when it can't be done
         */
        Optional<T> run(Change change) throws SQLException;
    }

    Session session() {
        return session;
    }

    /** Takes instances from whoever has them. Empty when one of them has moved meanwhile. */
    Optional<List<Seizure.Seized>> seize(Set<Long> keys, Set<Long> alsoLocked) throws SQLException {
        return Seizure.of(session, keys, alsoLocked).map(seizure -> {
            holders.addAll(seizure.holders());
            return seizure.instances();
        });
    }

    /** An instance goes from one status to another. */
    void moved(Status from, Status to) {
        gone(from);
        came(to);
    }

    void gone(Status from) {
        moved.merge(from, -1L, Long::sum);
    }

    void came(Status to) {
        moved.merge(to, 1L, Long::sum);
    }

    /** Gives a seized instance back to the queue. */
    void requeue(long instance, boolean suspended, @Nullable Instant notBefore) throws SQLException {
        session.run(REQUEUE, instance, suspended, notBefore);
        toTell.add(Listener.INSTANCES);
    }

    /** There is something for those who fetch. */
    void leaves(String what) {
        toTell.add(what);
    }

    /** The last statements of the transaction. */
    void finish(String channel) throws SQLException {
        if (moved.values().stream().anyMatch(count -> count != 0)) {
            NodeTable.count(session, moved);
        }
        if (!holders.isEmpty()) {
            toTell.add(Listener.NODES);
        }
        if (!toTell.isEmpty()) {
            session.list(Listener.TELL, row -> true, channel, String.join(" ", toTell));
        }
    }

    /** The nodes that instances were taken from. */
    Set<Long> holders() {
        return holders;
    }
}
