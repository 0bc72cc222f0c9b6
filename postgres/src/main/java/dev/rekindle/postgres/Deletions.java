package dev.rekindle.postgres;

import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes instances, or old executions of one, with all that belongs to them. */
final class Deletions {
    private static final String FIND = """
        SELECT i.id, i.key FROM rekindle.instance AS i WHERE i.id = ANY (?)\
        """;

    private static final String TREE = """
        WITH RECURSIVE tree AS (
          SELECT i.key, i.id, i.run_id FROM rekindle.instance AS i WHERE i.key = ANY (?)
          UNION
          SELECT c.key, c.id, c.run_id FROM tree AS p
          JOIN rekindle.instance AS c ON c.parent_instance = p.id AND c.parent_run = p.run_id
        )
        SELECT key FROM tree\
        """;

    /** Those who wait for one of these instances, and are none of them. */
    private static final String PARENTS = """
        SELECT p.key FROM rekindle.instance AS c
        JOIN rekindle.instance AS p ON p.id = c.parent_instance AND p.run_id = c.parent_run
        WHERE c.key = ANY (?) AND c.finished_at IS NULL AND p.key <> ALL (?)\
        """;

    private static final String CHILD = """
        SELECT p.id, c.id FROM rekindle.instance AS p
        JOIN rekindle.instance AS c ON c.parent_instance = p.id AND c.parent_run = p.run_id
        WHERE p.key = ANY (?) AND c.key <> ALL (?) ORDER BY p.key, c.key LIMIT 1\
        """;

    private static final String TELL_PARENTS = """
        WITH told AS MATERIALIZED (
          SELECT p.key, c.body, (SELECT rekindle.store_now()) AS now
          FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[]) AS c (id, run_id, execution, body)
          JOIN rekindle.instance AS p ON p.id = c.id AND p.run_id = c.run_id AND p.execution = c.execution
          JOIN rekindle.queue AS q ON q.instance = p.key
        ), arrived AS (
          INSERT INTO rekindle.message (instance, kind, visible_at, body) SELECT key, 'completion', now, body FROM told
        )
        UPDATE rekindle.queue AS q
        SET wake_at = CASE WHEN q.suspended THEN q.wake_at ELSE GREATEST(LEAST(q.wake_at, w.now), q.not_before) END
        FROM (SELECT key, min(now) AS now FROM told GROUP BY key) AS w
        WHERE q.instance = w.key\
        """;

    private static final String EVENTS = """
        WITH gone AS (DELETE FROM rekindle.history WHERE instance = ANY (?) RETURNING events)
        SELECT COALESCE(sum(events), 0)::bigint FROM gone\
        """;

    private static final String ATTRIBUTES = """
        DELETE FROM rekindle.attribute AS a
        USING (
          SELECT i.key, i.created_at, e.key AS name, e.value
          FROM rekindle.instance AS i, LATERAL jsonb_each_text(i.attributes) AS e WHERE i.key = ANY (?)) AS g
        WHERE a.name = g.name AND a.value = g.value AND a.created_at = g.created_at AND a.instance = g.key\
        """;

    private static final List<String> QUEUED = List.of(
            "DELETE FROM rekindle.message WHERE instance = ANY (?)",
            "DELETE FROM rekindle.work WHERE instance = ANY (?)",
            "DELETE FROM rekindle.timer WHERE instance = ANY (?)");

    private static final List<String> REST = List.of(
            "DELETE FROM rekindle.queue WHERE instance = ANY (?)",
            "DELETE FROM rekindle.execution WHERE instance = ANY (?)",
            "DELETE FROM rekindle.instance WHERE key = ANY (?)");

    private static final String LOCK = """
        SELECT key, execution, first_execution FROM rekindle.instance WHERE id = ? FOR UPDATE\
        """;

    private static final String BASE = """
        SELECT base FROM rekindle.execution WHERE instance = ? AND execution = ?\
        """;

    private static final String PRUNE_EVENTS = """
        WITH gone AS (DELETE FROM rekindle.history WHERE instance = ? AND position <= ? RETURNING events)
        SELECT COALESCE(sum(events), 0)::bigint FROM gone\
        """;

    private static final String PRUNE_EXECUTIONS = """
        DELETE FROM rekindle.execution WHERE instance = ? AND execution < ?\
        """;

    private static final String KEEP_FROM = """
        UPDATE rekindle.instance SET first_execution = ? WHERE key = ?\
        """;

    private Deletions() {}

    // ---- instances

    /** Deletes instances, or finds that it has to be tried anew. */
    static Optional<Deletion> delete(Change change, Set<String> ids, DeleteOptions options) throws SQLException {
        Session session = change.session();
        Set<Long> keys = find(session, ids);
        if (options.cascade()) {
            keys = tree(session, keys);
        }
        Optional<List<Seizure.Seized>> seized = change.seize(keys, parents(session, keys));
        boolean same = seized.isPresent() && seized.get().size() == keys.size();
        if (!same || (options.cascade() && !tree(session, keys).equals(keys))) {
            return Optional.empty();
        }
        List<Seizure.Seized> all = seized.get();
        if (!options.force()) {
            requireEnded(all);
        }
        requireNoChildren(session, keys);
        tellParents(session, all);
        return Optional.of(remove(change, all));
    }

    private static Set<Long> find(Session session, Set<String> ids) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        session.list(
                FIND, row -> found.put(row.getString(1), row.getLong(2)) == null, (Object) ids.toArray(String[]::new));
        for (String id : ids) {
            if (!found.containsKey(id)) {
                throw ProviderErrors.notFound(id);
            }
        }
        return Set.copyOf(found.values());
    }

    private static Set<Long> tree(Session session, Set<Long> keys) throws SQLException {
        return Set.copyOf(session.list(TREE, row -> row.getLong(1), (Object) array(keys)));
    }

    private static Set<Long> parents(Session session, Set<Long> keys) throws SQLException {
        return new HashSet<>(session.list(PARENTS, row -> row.getLong(1), array(keys), array(keys)));
    }

    private static void requireEnded(List<Seizure.Seized> all) {
        for (Seizure.Seized its : all) {
            if (!its.status().isTerminal()) {
                throw ProviderErrors.notEnded(its.id(), its.status());
            }
        }
    }

    private static void requireNoChildren(Session session, Set<Long> keys) throws SQLException {
        var child = session.first(
                CHILD, row -> ProviderErrors.hasChildren(row.getString(1), row.getString(2)), array(keys), array(keys));
        if (child.isPresent()) {
            throw child.get();
        }
    }

    private static void tellParents(Session session, List<Seizure.Seized> all) throws SQLException {
        Set<String> gone = all.stream().map(Seizure.Seized::id).collect(Collectors.toSet());
        List<ParentLink> parents = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        for (Seizure.Seized its : all) {
            ParentLink parent = its.parent();
            if (parent != null && !its.status().isTerminal() && !gone.contains(parent.instance())) {
                parents.add(parent);
                bodies.add(JsonText.ofWork(ProviderErrors.childDeleted(its.id(), parent)));
            }
        }
        if (!parents.isEmpty()) {
            session.run(
                    TELL_PARENTS,
                    parents.stream().map(ParentLink::instance).toArray(String[]::new),
                    parents.stream().map(ParentLink::runId).toArray(String[]::new),
                    parents.stream().map(ParentLink::executionId).toArray(Long[]::new),
                    bodies.toArray(String[]::new));
        }
    }

    private static Deletion remove(Change change, List<Seizure.Seized> all) throws SQLException {
        Session session = change.session();
        Object keys = all.stream().map(Seizure.Seized::key).toArray(Long[]::new);
        long events = session.first(EVENTS, row -> row.getLong(1), keys).orElseThrow();
        long queued = 0;
        for (String delete : QUEUED) {
            queued += session.run(delete, keys);
        }
        session.run(ATTRIBUTES, keys);
        for (String delete : REST) {
            session.run(delete, keys);
        }
        long executions = 0;
        for (Seizure.Seized its : all) {
            executions += its.execution() - its.firstExecution() + 1;
            change.gone(its.status());
        }
        change.leaves(Listener.INSTANCES);
        return new Deletion(all.size(), executions, events, queued);
    }

    private static Long[] array(Set<Long> keys) {
        return keys.toArray(Long[]::new);
    }

    // ---- executions

    /** The executions that an instance has. */
    private record Executions(long key, long latest, long first) {}

    /** Removes the oldest executions. Whoever runs the instance never reads them, so it keeps its lease. */
    static Deletion prune(Session session, String id, int keepLast) throws SQLException {
        Executions its = session.first(LOCK, row -> new Executions(row.getLong(1), row.getLong(2), row.getLong(3)), id)
                .orElseThrow(() -> ProviderErrors.notFound(id));
        long first = its.latest() - keepLast + 1;
        if (first <= its.first()) {
            return Deletion.NONE;
        }
        long base = session.first(BASE, row -> row.getLong(1), its.key(), first).orElseThrow();
        long events = session.first(PRUNE_EVENTS, row -> row.getLong(1), its.key(), base)
                .orElseThrow();
        session.run(PRUNE_EXECUTIONS, its.key(), first);
        session.run(KEEP_FROM, first, its.key());
        return new Deletion(0, first - its.first(), events, 0);
    }
}
