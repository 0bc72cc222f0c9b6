package dev.rekindle.postgres;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations on instances that are not turns. */
final class InstanceOps {
    private InstanceOps() {}

    /** Gives a lease back without a turn. */
    static final class Abandon extends OnLease<HeldInstance, @Nullable Void> {
        private final long token;
        private final Abandonment why;

        Abandon(InstanceLease lease, Abandonment why) {
            this(lease.token(), why);
        }

        Abandon(long token, Abandonment why) {
            this.token = token;
            this.why = why;
        }

        @Override
        @Nullable
        HeldInstance find(Leases leases) {
            return leases.instance(token);
        }

        @Override
        void write(Batch batch, HeldInstance its) {
            Status status = why.stuck() && its.status != Status.SUSPENDED ? Status.STUCK : its.status;
            String problem = why.problem() == null ? its.problem : shown(its, why.problem());
            if (status != its.status || !Objects.equals(problem, its.problem)) {
                note(batch, its, status, problem);
            }
            batch.lock(its.key);
            batch.release.add(its.key, batch.delayMicros(why.delay()), false);
        }

        @Override
        @Nullable
        Void committed(Batch batch, HeldInstance its) {
            batch.leases().remove(its);
            return null;
        }

        @Override
        @Nullable
        Void tooLate() {
            return null;
        }
    }

    /** What is shown of a problem: of one that is suspended, why it is. */
    private static @Nullable String shown(HeldInstance its, String problem) {
        return its.status == Status.SUSPENDED ? its.problem : problem;
    }

    private static void note(Batch batch, HeldInstance its, Status status, @Nullable String problem) {
        batch.instanceUpdates.add(
                its.key,
                status.label(),
                its.definition.version(),
                its.execution,
                its.base,
                problem,
                false,
                null,
                false);
        batch.moved(its.status, status);
    }

    /** Puts messages aside that this version can't read; those behind them go on. */
    private static final class PutAside extends OnLease<HeldInstance, @Nullable Void> {
        private final long token;
        private final List<Long> messages;
        private final String problem;

        PutAside(HeldInstance held, List<Long> messages, String problem) {
            this.token = held.token;
            this.messages = messages;
            this.problem = problem;
        }

        @Override
        @Nullable
        HeldInstance find(Leases leases) {
            return leases.instance(token);
        }

        @Override
        void write(Batch batch, HeldInstance its) {
            messages.forEach(number -> batch.hideMessages.add(its.key, number));
            note(batch, its, its.status, shown(its, problem));
        }

        @Override
        @Nullable
        Void committed(Batch batch, HeldInstance its) {
            its.problem = shown(its, problem);
            return null;
        }

        @Override
        @Nullable
        Void tooLate() {
            return null;
        }
    }

    /** Leases instances that want to be run. */
    static final class Claim extends Op<List<OrchestrationItem>> {
        /** As many messages of one instance are handed out at a time. */
        private static final int MOST_MESSAGES = 1_000;

        /**
         * What is leased is as this statement saw it in all tables: a row of the queue that somebody changed between its
         * beginning and the lock, as management does together with others, is another than the one {@code seen}. To one
         * that is suspended comes the order to terminate it, however many messages came before that.
         */
        private static final String CLAIM = """
            WITH now AS MATERIALIZED (SELECT rekindle.store_now() AS now),
            due AS MATERIALIZED (
              SELECT q.instance FROM rekindle.queue AS q
              JOIN rekindle.queue AS seen ON seen.instance = ANY (ARRAY[q.instance]) AND seen.ctid = q.ctid
              WHERE q.node IS NULL AND q.wake_at <= (SELECT now FROM now)
              ORDER BY q.wake_at, q.instance LIMIT ? FOR UPDATE OF q SKIP LOCKED
            ), taken AS (
              UPDATE rekindle.queue AS q SET node = ? FROM due WHERE q.instance = ANY (ARRAY[due.instance])
              RETURNING q.instance, q.deaths, q.suspended
            )
            SELECT i.key, i.id, i.run_id, i.orchestration, i.version, i.parent_instance, i.parent_run,
              i.parent_execution, i.parent_scheduled, i.status, i.execution, i.base, i.custom_status IS NOT NULL,
              i.problem, i.created_at, taken.deaths, COALESCE(h.last, 0), m.number, m.body
            FROM taken
            JOIN rekindle.instance AS i ON i.key = ANY (ARRAY[taken.instance])
            LEFT JOIN LATERAL (
              SELECT h.position + h.events - 1 AS last FROM rekindle.history AS h
              WHERE h.instance = i.key ORDER BY h.position DESC LIMIT 1) AS h ON TRUE
            LEFT JOIN LATERAL (
              (SELECT m.number, m.body FROM rekindle.message AS m
                WHERE m.instance = i.key AND m.visible_at <= (SELECT now FROM now) ORDER BY m.number LIMIT ?)
              UNION ALL
              (SELECT -d.position, NULL FROM rekindle.timer AS d
                WHERE d.instance = i.key AND d.due_at <= (SELECT now FROM now) ORDER BY d.due_at LIMIT ?)
              UNION ALL
              (SELECT m.number, m.body FROM rekindle.message AS m
                WHERE taken.suspended AND m.instance = i.key AND m.kind = 'end'
                  AND m.visible_at <= (SELECT now FROM now) ORDER BY m.number LIMIT 1)
            ) AS m ON TRUE\
            """;

        private static final String NEXT = """
            SELECT q.wake_at FROM rekindle.queue AS q
            WHERE q.node IS NULL AND q.wake_at IS NOT NULL ORDER BY q.wake_at LIMIT 1\
            """;

        private final NodeId node;
        private final int max;
        private final Consumer<Op<?>> later;
        private final Map<Long, HeldInstance> claimed = new LinkedHashMap<>();
        private final Map<HeldInstance, List<Long>> unreadable = new LinkedHashMap<>();
        private String problem = "";
        private Optional<Instant> next = Optional.empty();

        /**
         * A claim.
         *
         * @param later does what is found to be needed
         */
        Claim(NodeId node, int max, Consumer<Op<?>> later) {
            this.node = node;
            this.max = max;
            this.later = later;
        }

        @Override
        boolean admit(Batch batch) {
            claimed.clear();
            unreadable.clear();
            return true;
        }

        @Override
        void write(Batch batch) {
            RowReader<Boolean> taker = row -> {
                take(batch, row);
                return true;
            };
            batch.claim(new Single<>(CLAIM, taker, max, batch.node(), MOST_MESSAGES, MOST_MESSAGES));
            batch.claim(new Single<>(NEXT, row -> {
                next = Optional.ofNullable(Session.nullableInstant(row, 1));
                return true;
            }));
        }

        private void take(Batch batch, ResultSet row) throws SQLException {
            HeldInstance held = claimed.get(row.getLong(1));
            if (held == null) {
                held = instance(batch, row);
                claimed.put(held.key, held);
            }
            long number = row.getLong(18);
            if (row.wasNull()) {
                return;
            }
            String body = row.getString(19);
            try {
                held.receive(new OrchestrationItem.Message(number, work(held, number, body)));
            } catch (RekindleException e) {
                problem = "message %d: %s".formatted(number, e.getMessage());
                unreadable.computeIfAbsent(held, key -> new ArrayList<>()).add(number);
            }
        }

        private static WorkItem.OrchestratorWork work(HeldInstance held, long number, @Nullable String body) {
            if (body == null) {
                return new WorkItem.TimerFired(held.id, held.runId, held.execution, -number - held.base);
            }
            if (JsonText.toWork(body) instanceof WorkItem.OrchestratorWork work) {
                return work;
            }
            throw Trouble.notForAnInstance(number);
        }

        private HeldInstance instance(Batch batch, ResultSet row) throws SQLException {
            long token = batch.leases().newToken();
            String parent = row.getString(6);
            HeldInstance held = new HeldInstance(
                    token,
                    row.getLong(1),
                    new InstanceLease(row.getString(2), row.getString(3), token),
                    new OrchestrationItem.Definition(
                            row.getString(4),
                            row.getString(5),
                            parent == null
                                    ? null
                                    : new ParentLink(parent, row.getString(7), row.getLong(8), row.getLong(9))),
                    Session.instant(row, 15));
            held.status = Status.parse(row.getString(10));
            held.execution = row.getLong(11);
            held.base = row.getLong(12);
            held.showsCustomStatus = row.getBoolean(13);
            held.problem = row.getString(14);
            held.deaths = row.getInt(16);
            held.lastEventId = Math.max(0, row.getLong(17) - held.base);
            held.node = node;
            return held;
        }

        @Override
        List<OrchestrationItem> committed(Batch batch) {
            Leases leases = batch.leases();
            if (claimed.size() == max) {
                leases.instanceSignal.raise();
            }
            next.map(time -> batch.soon(time)).ifPresent(leases.instanceSignal::raiseAt);
            List<OrchestrationItem> items = new ArrayList<>();
            for (HeldInstance held : claimed.values()) {
                leases.add(held);
                List<Long> aside = unreadable.get(held);
                if (aside != null) {
                    later.accept(new PutAside(held, aside, problem));
                }
                if (held.hasMessages()) {
                    items.add(held.handOut());
                } else {
                    later.accept(new Abandon(held.token, Abandonment.QUIET));
                }
            }
            return items;
        }
    }
}
