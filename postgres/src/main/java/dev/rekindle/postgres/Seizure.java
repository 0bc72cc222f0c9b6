package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.provider.ParentLink;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Instances that nobody runs, sends to or changes until a transaction ends, whoever had them.
 *
 * <p><b>Leases.</b> Whoever holds one of the instances finds at its next transaction that its fence was changed. It then
 * compares what it knows with what the store says, and goes on with the rest.
 *
 * <p><b>Order.</b> Rows are locked in the order in which all transactions do: those of nodes, the one of all that are gone
 * last; those of the queue; those of instances. Whatever waits here has changed nothing yet. When the lease of an instance
 * has moved to another node in between, all is let go of, and tried anew.
 */
final class Seizure {
    private static final String LOCK_NODES = """
        SELECT n.key FROM rekindle.node AS n
        WHERE n.key = 0 OR n.key IN (SELECT q.node FROM rekindle.queue AS q WHERE q.instance = ANY (?))
        ORDER BY n.key DESC FOR UPDATE\
        """;

    private static final String LOCK_QUEUE = """
        SELECT q.instance, q.node FROM rekindle.queue AS q WHERE q.instance = ANY (?) ORDER BY q.instance FOR UPDATE\
        """;

    private static final String LOCK_INSTANCES = """
        SELECT i.key, i.id, i.run_id, i.status, i.execution, i.first_execution, i.base,
          i.parent_instance, i.parent_run, i.parent_execution, i.parent_scheduled
        FROM rekindle.instance AS i WHERE i.key = ANY (?) ORDER BY i.key FOR UPDATE\
        """;

    private static final String FENCE = """
        UPDATE rekindle.node SET fence = fence + 1 WHERE key = ANY (?)\
        """;

    private final List<Seized> instances;
    private final Set<Long> holders;

    private Seizure(List<Seized> instances, Set<Long> holders) {
        this.instances = instances;
        this.holders = holders;
    }

    /** An instance, as it stands until the transaction ends. */
    record Seized(
            long key,
            String id,
            String runId,
            Status status,
            long execution,
            long firstExecution,
            long base,
            @Nullable ParentLink parent) {
        static Seized read(ResultSet row) throws SQLException {
            String parent = row.getString(8);
            return new Seized(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    Status.parse(row.getString(4)),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    parent == null ? null : new ParentLink(parent, row.getString(9), row.getLong(10), row.getLong(11)));
        }
    }

    /** The lease of an instance. */
    private record Lease(long instance, @Nullable Long node) {
        static Lease read(ResultSet row) throws SQLException {
            return new Lease(row.getLong(1), RowReader.nullableLong(row, 2));
        }
    }

    /**
     * Seizes instances.
     *
     * @param keys those of the instances
     * @param alsoLocked those of others whose place in the queue is locked, but who are left where they are
     * @return empty when one of them has moved meanwhile
     */
    static Optional<Seizure> of(Session session, Collection<Long> keys, Collection<Long> alsoLocked)
            throws SQLException {
        Long[] wanted = keys.toArray(Long[]::new);
        Set<Long> nodes = new HashSet<>(session.list(LOCK_NODES, row -> row.getLong(1), (Object) wanted));
        Set<Long> queued = new HashSet<>(keys);
        queued.addAll(alsoLocked);
        Set<Long> holders = new HashSet<>();
        for (Lease lease : session.list(LOCK_QUEUE, Lease::read, (Object) queued.toArray(Long[]::new))) {
            Long holder = lease.node();
            if (holder != null && keys.contains(lease.instance())) {
                holders.add(holder);
            }
        }
        if (!nodes.containsAll(holders)) {
            return Optional.empty();
        }
        List<Seized> instances = session.list(LOCK_INSTANCES, Seized::read, (Object) wanted);
        if (!holders.isEmpty()) {
            session.run(FENCE, (Object) holders.toArray(Long[]::new));
        }
        return Optional.of(new Seizure(instances, holders));
    }

    /** The instances, in the order of their keys. */
    List<Seized> instances() {
        return instances;
    }

    /** The keys of the nodes that one of them was taken from. */
    Set<Long> holders() {
        return holders;
    }
}
