package dev.rekindle.postgres;

import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations on the queue of activities. */
final class WorkOps {
    private static final Logger LOG = LoggerFactory.getLogger(WorkOps.class);

    private WorkOps() {}

    /** Takes an activity out of the queue and sends its completion. */
    static final class Complete extends OnLease<HeldWork, @Nullable Void> {
        private final WorkLease lease;
        private final String body;

        Complete(WorkLease lease, WorkItem.CompletionWork completion) {
            this.lease = lease;
            this.body = JsonText.ofWork(completion);
        }

        @Override
        @Nullable
        HeldWork find(Leases leases) {
            return leases.work(lease.token());
        }

        @Override
        int weight() {
            return body.length();
        }

        @Override
        void write(Batch batch, HeldWork its) {
            batch.complete(its, body);
        }

        @Override
        @Nullable
        Void committed(Batch batch, HeldWork its) {
            batch.leases().remove(its);
            return batch.had(its) ? null : tooLate();
        }

        @Override
        @Nullable
        Void tooLate() {
            throw ProviderErrors.workLeaseLost(lease.instance());
        }
    }

    /** Puts a leased activity back. */
    static final class GiveBack extends OnLease<HeldWork, @Nullable Void> {
        private final WorkLease lease;
        private final WorkAbandonment why;

        GiveBack(WorkLease lease, WorkAbandonment why) {
            this.lease = lease;
            this.why = why;
        }

        @Override
        @Nullable
        HeldWork find(Leases leases) {
            return leases.work(lease.token());
        }

        @Override
        void write(Batch batch, HeldWork its) {
            Failure failure = why.failure();
            batch.giveBackWork.add(
                    its.instance,
                    its.position,
                    batch.node(),
                    batch.delayMicros(why.delay()),
                    why.attempted(),
                    failure == null ? null : failure.type(),
                    failure == null ? null : failure.message(),
                    failure == null ? null : failure.stackTrace(),
                    failure == null ? null : failure.retryable(),
                    why.heartbeat());
        }

        @Override
        @Nullable
        Void committed(Batch batch, HeldWork its) {
            batch.leases().remove(its);
            return null;
        }

        @Override
        @Nullable
        Void tooLate() {
            return null;
        }
    }

    /** Asks whether an activity is still this node's, and stores what it reports of its progress. */
    static final class Renew extends OnLease<HeldWork, Boolean> {
        private final WorkLease lease;
        private final @Nullable String heartbeat;

        Renew(WorkLease lease, @Nullable String heartbeat) {
            this.lease = lease;
            this.heartbeat = heartbeat;
        }

        @Override
        @Nullable
        HeldWork find(Leases leases) {
            return leases.work(lease.token());
        }

        @Override
        void write(Batch batch, HeldWork its) {
            batch.renew(its, heartbeat);
        }

        @Override
        Boolean committed(Batch batch, HeldWork its) {
            if (!batch.had(its)) {
                batch.leases().remove(its);
                return tooLate();
            }
            return true;
        }

        @Override
        Boolean tooLate() {
            return false;
        }
    }

    /** Leases activities that are visible, oldest first. */
    static final class Claim extends Op<List<LeasedWork>> {
        private static final String CLAIM = """
            WITH due AS MATERIALIZED (
              SELECT w.instance, w.position FROM rekindle.work AS w
              WHERE w.node IS NULL AND w.visible_at <= (SELECT rekindle.store_now())
              ORDER BY w.visible_at, w.instance, w.position LIMIT ? FOR UPDATE SKIP LOCKED
            )
            UPDATE rekindle.work AS w SET node = ? FROM due
            WHERE w.instance = ANY (ARRAY[due.instance]) AND w.position = due.position
            RETURNING w.instance, w.position, w.visible_at, w.attempt, w.deaths, w.failure_type, w.failure_message,
              w.failure_trace, w.failure_retryable, w.heartbeat, w.body\
            """;

        private static final String NEXT = """
            SELECT w.visible_at FROM rekindle.work AS w
            WHERE w.node IS NULL ORDER BY w.visible_at LIMIT 1\
            """;

        private static final Comparator<Claimed> OLDEST_FIRST = Comparator.comparing(Claimed::visibleAt)
                .thenComparingLong(Claimed::instance)
                .thenComparingLong(Claimed::position);

        private final NodeId node;
        private final int max;
        private final List<Claimed> claimed = new ArrayList<>();
        private final Consumer<Op<?>> later;
        private Optional<Instant> next = Optional.empty();

        /** A row that was claimed. */
        private record Claimed(
                long instance,
                long position,
                Instant visibleAt,
                int attempt,
                int deaths,
                @Nullable Failure failure,
                @Nullable String heartbeat,
                WorkItem.@Nullable ActivityExecute work) {}

        Claim(NodeId node, int max, Consumer<Op<?>> later) {
            this.node = node;
            this.max = max;
            this.later = later;
        }

        @Override
        boolean admit(Batch batch) {
            claimed.clear();
            return true;
        }

        @Override
        void write(Batch batch) {
            batch.claim(new Single<>(CLAIM, row -> claimed.add(read(row)), max, batch.node()));
            batch.claim(new Single<>(NEXT, row -> {
                next = Optional.ofNullable(Session.nullableInstant(row, 1));
                return true;
            }));
        }

        private static Claimed read(ResultSet row) throws SQLException {
            String type = row.getString(6);
            return new Claimed(
                    row.getLong(1),
                    row.getLong(2),
                    Session.instant(row, 3),
                    row.getInt(4),
                    row.getInt(5),
                    type == null ? null : new Failure(type, row.getString(7), row.getString(8), row.getBoolean(9)),
                    row.getString(10),
                    work(row.getLong(1), row.getLong(2), row.getString(11)));
        }

        private static WorkItem.@Nullable ActivityExecute work(long instance, long position, String body) {
            try {
                if (JsonText.toWork(body) instanceof WorkItem.ActivityExecute work) {
                    return work;
                }
                LOG.warn("Left where it is: queued activity {} of instance {} is no activity", position, instance);
            } catch (RekindleException e) {
                LOG.warn("Left where it is: queued activity {} of instance {}: {}", position, instance, e.getMessage());
            }
            return null;
        }

        @Override
        List<LeasedWork> committed(Batch batch) {
            Leases leases = batch.leases();
            if (claimed.size() == max) {
                leases.workSignal.raise();
            }
            next.map(time -> batch.soon(time)).ifPresent(leases.workSignal::raiseAt);
            claimed.sort(OLDEST_FIRST);
            List<LeasedWork> leased = new ArrayList<>();
            for (Claimed row : claimed) {
                if (row.work() == null) {
                    later.accept(new Hide(row.instance(), row.position()));
                    continue;
                }
                HeldWork held = leases.addWork(row.instance(), row.position(), node, row.work());
                leased.add(new LeasedWork(
                        held.lease(), row.work(), row.attempt(), row.deaths(), row.failure(), row.heartbeat()));
            }
            return leased;
        }
    }

    /** Puts an activity aside that this version can't read; those behind it go on. */
    private static final class Hide extends Op<@Nullable Void> {
        private final long instance;
        private final long position;

        Hide(long instance, long position) {
            this.instance = instance;
            this.position = position;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {
            batch.hideWork.add(instance, position, batch.node());
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }
}
