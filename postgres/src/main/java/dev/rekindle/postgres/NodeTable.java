package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;

import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What is written to {@code node}, and what a node looks at now and then. */
final class NodeTable {
    /** The statuses that are counted, in the order of the parameters. */
    private static final List<Status> COUNTED = List.of(
            Status.PENDING,
            Status.RUNNING,
            Status.SUSPENDED,
            Status.STUCK,
            Status.COMPLETED,
            Status.FAILED,
            Status.CANCELLED,
            Status.TERMINATED);

    private static final String REGISTER = """
        INSERT INTO rekindle.node (name, since, seen_at, expires_at, runs)
        SELECT ?, t.now, t.now, t.now + ? * interval '1 millisecond', ?
        FROM (SELECT rekindle.store_now() AS now) AS t
        RETURNING key\
        """;

    private static final String RUNS = """
        UPDATE rekindle.node SET runs = true WHERE key = ?\
        """;

    /**
     * The first statement of every transaction. Without the row, as this node left it, the division fails and nothing is
     * written; with it, nobody can take a lease from this node until the transaction has ended.
     */
    private static final String FENCE = """
        WITH me AS (
          UPDATE rekindle.node AS n
          SET batch = n.batch + 1, seen_at = rekindle.store_now(),
            expires_at = rekindle.store_now() + ? * interval '1 millisecond',
            pending = n.pending + ?, running = n.running + ?, suspended = n.suspended + ?, stuck = n.stuck + ?,
            completed = n.completed + ?, failed = n.failed + ?, cancelled = n.cancelled + ?,
            terminated = n.terminated + ?
          WHERE n.key = ? AND n.batch = ? AND n.fence = ?
          RETURNING n.seen_at
        )
        SELECT 1 / count(*), max(seen_at) FROM me\
        """;

    /** After a new connection, or when the fence did not fit: what is true now. Stops what an old connection may still send. */
    private static final String RESUME = """
        UPDATE rekindle.node AS n
        SET fence = n.fence + 1, expires_at = t.now + ? * interval '1 millisecond'
        FROM (SELECT rekindle.store_now() AS now) AS t
        WHERE n.key = ? AND n.name = ?
        RETURNING n.batch, n.fence\
        """;

    private static final String LEASES = """
        SELECT q.instance, NULL FROM rekindle.queue AS q WHERE q.node = ?
        UNION ALL
        SELECT w.instance, w.position FROM rekindle.work AS w WHERE w.node = ?\
        """;

    /** Which of these instances the node still has. */
    private static final RowStatement HELD_INSTANCES = RowStatement.of("""
        SELECT q.instance, NULL::bigint FROM :rows AS r (instance)
        JOIN rekindle.queue AS q ON q.instance = ANY (ARRAY[r.instance])
        WHERE q.node = ?\
        """, BIGINT);

    /** Which of these activities the node still has. */
    private static final RowStatement HELD_WORK = RowStatement.of("""
        SELECT w.instance, w.position FROM :rows AS r (instance, position)
        JOIN rekindle.work AS w ON w.instance = ANY (ARRAY[r.instance]) AND w.position = r.position
        WHERE w.node = ?\
        """, BIGINT, BIGINT);

    private static final String LOOK = """
        SELECT
          (SELECT min(x.wake_at) FROM (SELECT q.wake_at FROM rekindle.queue AS q
            WHERE q.node IS NULL AND q.wake_at IS NOT NULL ORDER BY q.wake_at LIMIT 1) AS x),
          (SELECT min(x.visible_at) FROM (SELECT w.visible_at FROM rekindle.work AS w
            WHERE w.node IS NULL ORDER BY w.visible_at LIMIT 1) AS x),
          (SELECT count(*) FROM rekindle.node AS n WHERE n.expires_at > t.now AND n.key <> 0),
          EXISTS (SELECT FROM rekindle.node AS n WHERE n.key NOT IN (0, ?) AND n.expires_at <= t.now
            AND rekindle.store_up_since() + ? * interval '1 millisecond' <= t.now)
        FROM (SELECT rekindle.store_now() AS now) AS t\
        """;

    private static final String REMOVE_DEAD = """
        WITH dead AS MATERIALIZED (
          SELECT n.key FROM rekindle.node AS n
          WHERE n.key NOT IN (0, ?) AND n.expires_at <= (SELECT rekindle.store_now())
              FOR UPDATE SKIP LOCKED
        ), gone AS (
          DELETE FROM rekindle.node AS n USING dead AS d WHERE n.key = d.key RETURNING n.*
        )
        SELECT key, name, pending, running, suspended, stuck, completed, failed, cancelled, terminated FROM gone\
        """;

    /**
     * Ends the connections of nodes that were given up in the midst of a transaction, and so still have locks: theirs is the
     * transaction that last wrote to the node's row, and it waits for its client. A connection that this node itself had, and
     * that the server does not know to be lost, is one of them.
     */
    private static final String CUT_OFF = """
        SELECT pg_catalog.pg_terminate_backend(a.pid)
        FROM rekindle.node AS n JOIN pg_catalog.pg_stat_activity AS a ON a.backend_xid = n.xmax
        WHERE n.key <> 0 AND (n.key = ? OR n.expires_at <= (SELECT rekindle.store_now()))
          AND a.wait_event = 'ClientRead' AND a.xact_start <= clock_timestamp() - ? * interval '1 millisecond'\
        """;

    private static final String REMOVE = """
        DELETE FROM rekindle.node AS n WHERE n.key = ?
        RETURNING key, name, pending, running, suspended, stuck, completed, failed, cancelled, terminated\
        """;

    private static final String INHERIT = """
        UPDATE rekindle.node AS n
        SET pending = n.pending + ?, running = n.running + ?, suspended = n.suspended + ?, stuck = n.stuck + ?,
          completed = n.completed + ?, failed = n.failed + ?, cancelled = n.cancelled + ?,
          terminated = n.terminated + ?
        WHERE n.key = 0\
        """;

    /** A death counts for instances that had messages in hand. */
    private static final RowStatement FREE_INSTANCES = RowStatement.of("""
        WITH held AS MATERIALIZED (
          SELECT q.instance FROM :rows AS r (node) JOIN rekindle.queue AS q ON q.node = r.node
          ORDER BY q.instance FOR UPDATE OF q
        )
        UPDATE rekindle.queue AS q
        SET node = NULL,
          wake_at = CASE WHEN q.suspended THEN
              (SELECT min(m.visible_at) FROM rekindle.message AS m WHERE m.instance = q.instance AND m.kind = 'end')
            ELSE GREATEST(next.at, q.not_before) END,
          deaths = q.deaths + CASE WHEN next.at <= t.now THEN ?::integer ELSE 0 END
        FROM held AS h, (SELECT rekindle.store_now() AS now) AS t,
          LATERAL (SELECT LEAST(
            (SELECT min(m.visible_at) FROM rekindle.message AS m WHERE m.instance = h.instance),
            (SELECT min(d.due_at) FROM rekindle.timer AS d WHERE d.instance = h.instance)) AS at) AS next
        WHERE q.instance = ANY (ARRAY[h.instance])\
        """, BIGINT);

    private static final RowStatement FREE_WORK = RowStatement.of("""
        UPDATE rekindle.work AS w SET node = NULL, deaths = w.deaths + d.deaths
        FROM :rows AS r (node), (SELECT ?::integer AS deaths) AS d WHERE w.node = r.node\
        """, BIGINT);

    private NodeTable() {}

    /**
     * What a node is known by in the store.
     *
     * @param key its row
     * @param batch the number of its last transaction
     * @param fence changes when somebody took a lease from it
     */
    record Identity(long key, long batch, long fence) {
        Identity next() {
            return new Identity(key, batch + 1, fence);
        }
    }

    /** A lease as the store has it; without a position it is that of an instance. */
    record LeaseRow(long instance, OptionalLong position) {}

    /**
     * What a look around found.
     *
     * @param nextInstance when the next instance wants to be run, perhaps long ago
     * @param nextWork when the next activity is visible, perhaps long ago
     * @param nodes how many are connected
     * @param dead whether a node has been silent for too long
     */
    record View(Optional<Instant> nextInstance, Optional<Instant> nextWork, long nodes, boolean dead) {}

    /**
     * Nodes that were removed.
     *
     * @param names what they were called
     * @param freed how many leases they had
     */
    record Removed(List<String> names, int freed) {}

    static Identity register(WriteConnection connection, String name, Duration life, boolean runs) throws SQLException {
        Single<Long> key = new Single<>(REGISTER, row -> row.getLong(1), name, life.toMillis(), runs);
        connection.run(key);
        return new Identity(key.result(), 0, 0);
    }

    /** Notes that a node runs instances, or is about to. */
    static int runs(Session session, long key) throws SQLException {
        return session.run(RUNS, key);
    }

    /**
     * Empty when the row is gone: the node was given up. A store that lost its last transactions may have given the key away
     * again, so the name has to fit too.
     */
    static Optional<Identity> resume(WriteConnection connection, long key, String name, Duration life)
            throws SQLException {
        Single<Identity> found = new Single<>(
                RESUME, row -> new Identity(key, row.getLong(1), row.getLong(2)), life.toMillis(), key, name);
        connection.run(found);
        return found.all().stream().findFirst();
    }

    /** All leases that the node has: through all rows of the queues. */
    static List<LeaseRow> leases(WriteConnection connection, long key) throws SQLException {
        Single<LeaseRow> rows = new Single<>(LEASES, NodeTable::leaseRow, key, key);
        connection.run(rows);
        return rows.all();
    }

    /** Those of the leases that are known that the node still has. */
    static List<LeaseRow> stillHeld(WriteConnection connection, long key, Leases leases) throws SQLException {
        List<LeaseRow> held = new ArrayList<>();
        Rows.Answer taker = row -> held.add(leaseRow(row));
        Rows instances = new Rows(HELD_INSTANCES).with(key).answering(taker);
        Rows work = new Rows(HELD_WORK).with(key).answering(taker);
        leases.with(() -> {
            leases.allInstances().forEach(its -> instances.add(its.key));
            leases.allWork().forEach(its -> work.add(its.instance, its.position));
        });
        connection.run(instances);
        connection.run(work);
        return held;
    }

    static Single<View> look(long itself, Duration life) {
        return new Single<>(
                LOOK,
                row -> new View(
                        Optional.ofNullable(Session.nullableInstant(row, 1)),
                        Optional.ofNullable(Session.nullableInstant(row, 2)),
                        row.getLong(3),
                        row.getBoolean(4)),
                itself,
                life.toMillis());
    }

    private static LeaseRow leaseRow(ResultSet row) throws SQLException {
        Long position = RowReader.nullableLong(row, 2);
        return new LeaseRow(row.getLong(1), position == null ? OptionalLong.empty() : OptionalLong.of(position));
    }

    /** The fence of one transaction. */
    static final class Fence implements Step {
        private final Identity identity;
        private final Duration life;
        private final Map<Status, Long> moved;
        private final Consumer<Instant> now;

        /**
         * Prepares a fence.
         *
         * @param moved by how much the number of instances in each status changes
         * @param now is told the time of the transaction, by the store's clock
         */
        Fence(Identity identity, Duration life, Map<Status, Long> moved, Consumer<Instant> now) {
            this.identity = identity;
            this.life = life;
            this.moved = moved;
            this.now = now;
        }

        @Override
        public String sql() {
            return FENCE;
        }

        @Override
        public int bind(PreparedStatement statement, int first) throws SQLException {
            int index = first;
            statement.setLong(index++, life.toMillis());
            index = bindCounts(statement, index, moved);
            statement.setLong(index++, identity.key());
            statement.setLong(index++, identity.batch());
            statement.setLong(index++, identity.fence());
            return index;
        }

        @Override
        public void take(ResultSet rows) throws SQLException {
            if (rows.next()) {
                now.accept(Session.instant(rows, 2));
            }
        }
    }

    private static int bindCounts(PreparedStatement statement, int first, Map<Status, Long> counts)
            throws SQLException {
        int index = first;
        for (Status status : COUNTED) {
            statement.setLong(index++, counts.getOrDefault(status, 0L));
        }
        return index;
    }

    /** Removes all nodes but this one that have been silent for too long, and makes free what they held. */
    static Removed removeDead(WriteConnection connection, long itself) throws SQLException {
        Single<Gone> gone = new Single<>(REMOVE_DEAD, Gone::read, itself);
        connection.run(gone);
        return free(connection, gone.all(), 1);
    }

    /** Ends connections of dead nodes, and lost ones of this node, that are in the way. Returns how many there were. */
    static int cutOffDead(WriteConnection connection, long itself, Duration life) throws SQLException {
        Single<Boolean> cut = new Single<>(CUT_OFF, row -> row.getBoolean(1), itself, life.toMillis());
        connection.run(cut);
        return cut.all().size();
    }

    /** Removes a node that leaves, and makes free what it held. */
    static Removed remove(WriteConnection connection, long itself) throws SQLException {
        Single<Gone> gone = new Single<>(REMOVE, Gone::read, itself);
        connection.run(gone);
        return free(connection, gone.all(), 0);
    }

    /** A row that was removed. */
    private record Gone(long key, String name, Map<Status, Long> counts) {
        static Gone read(ResultSet row) throws SQLException {
            Map<Status, Long> counts = new EnumMap<>(Status.class);
            for (int i = 0; i < COUNTED.size(); i++) {
                counts.put(COUNTED.get(i), row.getLong(3 + i));
            }
            return new Gone(row.getLong(1), row.getString(2), counts);
        }
    }

    private static Removed free(WriteConnection connection, List<Gone> gone, long deaths) throws SQLException {
        if (gone.isEmpty()) {
            return new Removed(List.of(), 0);
        }
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        Rows instances = new Rows(FREE_INSTANCES).with(deaths);
        Rows work = new Rows(FREE_WORK).with(deaths);
        for (Gone node : gone) {
            node.counts().forEach((status, count) -> counts.merge(status, count, Long::sum));
            instances.add(node.key());
            work.add(node.key());
        }
        connection.run(new Inherit(counts));
        return new Removed(gone.stream().map(Gone::name).toList(), connection.run(instances) + connection.run(work));
    }

    /** Counts a change that no node made. The row of the nodes that are gone is locked. */
    static void count(Session session, Map<Status, Long> moved) throws SQLException {
        session.run(
                INHERIT,
                COUNTED.stream().map(status -> moved.getOrDefault(status, 0L)).toArray());
    }

    /** Adds what nodes that are gone had counted to the row of those. */
    private record Inherit(Map<Status, Long> counts) implements Step {
        @Override
        public String sql() {
            return INHERIT;
        }

        @Override
        public int bind(PreparedStatement statement, int first) throws SQLException {
            return bindCounts(statement, first, counts);
        }
    }
}
