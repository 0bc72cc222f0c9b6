package dev.rekindle.postgres;

import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceQueues.QueuedTimer;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be asked of the queues and of who works on them. What is counted is counted up to a bound, along an index. */
final class Queues {
    /** Leases are looked for in so many rows of each queue, those of the latest instances first. */
    private static final int LEASES_LOOKED_AT = 10_000;

    private static final int OVERDUE_LOOKED_AT = 5_000;

    private static final String DEPTHS = """
        SELECT (SELECT count(*) FROM (SELECT FROM rekindle.message ORDER BY instance, number LIMIT %1$d) AS x),
          (SELECT count(*) FROM (SELECT FROM rekindle.work ORDER BY instance, position LIMIT %1$d) AS x),
          (SELECT count(*) FROM (SELECT FROM rekindle.timer ORDER BY instance, position LIMIT %1$d) AS x),
          (SELECT count(*) FROM (SELECT FROM rekindle.dead_letter ORDER BY key LIMIT %1$d) AS x)\
        """.formatted(QueueDepths.COUNTED);

    /** From one definition and status to the next, without reading what is between. */
    private static final String DEFINITIONS = """
        WITH RECURSIVE d AS (
          (SELECT i.orchestration, i.version, i.status FROM rekindle.instance AS i
            ORDER BY i.orchestration, i.version, i.status LIMIT 1)
          UNION ALL
          SELECT n.orchestration, n.version, n.status FROM d, LATERAL (
            SELECT i.orchestration, i.version, i.status FROM rekindle.instance AS i
            WHERE (i.orchestration, i.version, i.status) > (d.orchestration, d.version, d.status)
            ORDER BY i.orchestration, i.version, i.status LIMIT 1) AS n
        )
        SELECT d.orchestration, d.version, d.status, c.instances FROM d, LATERAL (
          SELECT count(*) AS instances FROM (
            SELECT FROM rekindle.instance AS i
            WHERE i.orchestration = d.orchestration AND i.version = d.version AND i.status = d.status
            ORDER BY i.created_at LIMIT %d) AS x) AS c\
        """.formatted(DefinitionUse.COUNTED);

    private static final String ACTIVITIES = """
        WITH t AS MATERIALIZED (SELECT rekindle.store_now() AS now),
        looked AS MATERIALIZED (
          SELECT w.activity, w.attempt, w.visible_at, COALESCE(w.scheduled_at, w.visible_at) AS scheduled_at
          FROM rekindle.work AS w ORDER BY w.instance, w.position LIMIT %1$d)
        SELECT l.activity, count(*), count(*) FILTER (WHERE l.attempt > 1), min(l.scheduled_at),
          min(l.visible_at) FILTER (WHERE l.visible_at > t.now), (SELECT count(*) FROM looked) >= %1$d
        FROM looked AS l, t GROUP BY l.activity ORDER BY count(*) DESC, l.activity COLLATE "C"\
        """.formatted(ActivityQueue.COUNTED);

    /** A bounded number of rows after a place in the queue is looked at; those that fit are read whole. */
    private static final String LISTED = """
        WITH looked AS MATERIALIZED (
          SELECT x.instance, x.position, x.activity, x.failure_type IS NOT NULL AS failed FROM rekindle.work AS x
          WHERE (x.instance, x.position) > (?, ?) ORDER BY x.instance, x.position LIMIT %d),
        found AS MATERIALIZED (
          SELECT l.instance, l.position FROM looked AS l
          WHERE l.activity = COALESCE(?::text, l.activity) AND (l.failed OR NOT ?::boolean)
          ORDER BY l.instance, l.position LIMIT ?)
        SELECT w.body, w.attempt, w.deaths, CASE WHEN w.visible_at > t.now THEN w.visible_at END, w.failure_type,
          w.failure_message, w.failure_trace, w.failure_retryable, w.heartbeat, n.name, w.instance, w.position
        FROM (SELECT rekindle.store_now() AS now) AS t, found AS f,
          LATERAL (SELECT * FROM rekindle.work AS y WHERE y.instance = f.instance AND y.position = f.position LIMIT 1) AS w
        LEFT JOIN rekindle.node AS n ON n.key = w.node
        ORDER BY w.instance, w.position\
        """.formatted(ActivityQuery.LOOKED_AT);

    /** The last row that is looked at, and one more if there is one. */
    private static final String LISTED_UP_TO = """
        SELECT x.instance, x.position FROM rekindle.work AS x
        WHERE (x.instance, x.position) > (?, ?) ORDER BY x.instance, x.position OFFSET %d LIMIT 2\
        """.formatted(ActivityQuery.LOOKED_AT - 1);

    /** Those that have wanted to be run for longest are looked at first. */
    private static final String OVERDUE = """
        SELECT %s, q.wake_at
        FROM (
          SELECT x.instance, x.wake_at FROM rekindle.queue AS x
          WHERE x.node IS NULL AND x.wake_at <= (SELECT rekindle.store_now()) ORDER BY x.wake_at, x.instance LIMIT %d) AS q,
          LATERAL (SELECT * FROM rekindle.instance AS y WHERE y.key = q.instance LIMIT 1) AS i
        WHERE i.problem IS NULL ORDER BY q.wake_at, q.instance LIMIT ?\
        """.formatted(SummaryRow.COLUMNS, OVERDUE_LOOKED_AT);

    private static final String NODES = """
        WITH queued AS (
          SELECT x.node, count(*) AS held FROM (
            SELECT q.node FROM rekindle.queue AS q ORDER BY q.instance DESC LIMIT %1$d) AS x
          WHERE x.node IS NOT NULL GROUP BY x.node
        ), working AS (
          SELECT x.node, count(*) AS held FROM (
            SELECT w.node FROM rekindle.work AS w ORDER BY w.instance DESC, w.position DESC LIMIT %1$d) AS x
          WHERE x.node IS NOT NULL GROUP BY x.node
        )
        SELECT n.name, n.since, n.seen_at, n.expires_at > t.now, COALESCE(q.held, 0), COALESCE(w.held, 0)
        FROM (SELECT rekindle.store_now() AS now) AS t, rekindle.node AS n
        LEFT JOIN queued AS q ON q.node = n.key
        LEFT JOIN working AS w ON w.node = n.key
        WHERE n.key <> 0 AND n.runs\
        """.formatted(LEASES_LOOKED_AT);

    private static final String DEAD_LETTERS = """
        SELECT key, instance, run_id, reason, at, body FROM rekindle.dead_letter WHERE key < ? ORDER BY key DESC LIMIT ?\
        """;

    private static final String INSTANCE = """
        SELECT i.key, i.execution, i.base, n.name, CASE WHEN q.not_before > t.now THEN q.not_before END
        FROM (SELECT rekindle.store_now() AS now) AS t, rekindle.instance AS i
        LEFT JOIN rekindle.queue AS q ON q.instance = i.key
        LEFT JOIN rekindle.node AS n ON n.key = q.node
        WHERE i.id = ?\
        """;

    private static final String MESSAGES = """
        SELECT m.body, CASE WHEN m.visible_at > t.now THEN m.visible_at END
        FROM rekindle.message AS m, (SELECT rekindle.store_now() AS now) AS t
        WHERE m.instance = ? ORDER BY m.number\
        """;

    private static final String WORK = """
        SELECT w.body, w.attempt, w.deaths, CASE WHEN w.visible_at > t.now THEN w.visible_at END, w.failure_type,
          w.failure_message, w.failure_trace, w.failure_retryable, w.heartbeat, n.name
        FROM (SELECT rekindle.store_now() AS now) AS t, rekindle.work AS w
        LEFT JOIN rekindle.node AS n ON n.key = w.node
        WHERE w.instance = ? ORDER BY w.position\
        """;

    private static final String TIMERS = """
        SELECT position, due_at FROM rekindle.timer WHERE instance = ? ORDER BY position\
        """;

    private static final Pattern PLACE = Pattern.compile("a(\\d{1,18})\\.(\\d{1,18})");

    private static final Pattern CURSOR = Pattern.compile("d(\\d{1,18})");

    private Queues() {}

    // ---- the whole store

    static QueueDepths depths(Session session) throws SQLException {
        return session.first(
                        DEPTHS, row -> new QueueDepths(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .orElseThrow();
    }

    static List<DefinitionUse> definitions(Session session) throws SQLException {
        return session
                .list(
                        DEFINITIONS,
                        row -> new DefinitionUse(
                                row.getString(1), row.getString(2), Status.parse(row.getString(3)), row.getLong(4)))
                .stream()
                .sorted(Comparator.comparing(DefinitionUse::orchestration)
                        .thenComparing(DefinitionUse::version)
                        .thenComparing(DefinitionUse::status))
                .toList();
    }

    static List<OverdueInstance> overdue(Session session, int limit) throws SQLException {
        return session.list(
                OVERDUE,
                row -> new OverdueInstance(SummaryRow.read(row), Session.instant(row, SummaryRow.NEXT_COLUMN)),
                limit);
    }

    static List<ActivityQueue> activities(Session session) throws SQLException {
        return session.list(
                ACTIVITIES,
                row -> new ActivityQueue(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        Session.instant(row, 4),
                        Session.nullableInstant(row, 5),
                        row.getBoolean(6)));
    }

    /** A place in the order of the queue of activities. */
    private record Place(long instance, long position) {
        static Place after(@Nullable String cursor) {
            if (cursor == null) {
                return new Place(-1, -1);
            }
            Matcher parts = PLACE.matcher(cursor);
            if (!parts.matches()) {
                throw ProviderErrors.badCursor(cursor);
            }
            return new Place(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
        }

        String cursor() {
            return "a" + instance + "." + position;
        }
    }

    /** A row of the queue; without an activity when this version can't read it. */
    private record Listed(Place place, Optional<ActivityInfo> activity) {
        static Listed read(ResultSet row) throws SQLException {
            return new Listed(new Place(row.getLong(11), row.getLong(12)), info(row));
        }

        private static Optional<ActivityInfo> info(ResultSet row) throws SQLException {
            try {
                return Queues.activity(row).map(ActivityInfo::of);
            } catch (RekindleException e) {
                return Optional.empty();
            }
        }
    }

    /** The session is in a transaction that sees one moment. */
    static Page<ActivityInfo> activities(Session session, ActivityQuery query, PageRequest page) throws SQLException {
        Place after = Place.after(page.cursor());
        List<Listed> found = session.list(
                LISTED,
                Listed::read,
                after.instance(),
                after.position(),
                query.activity(),
                query.retryingOnly(),
                page.limit() + 1);
        List<Listed> shown = found.subList(0, Math.min(found.size(), page.limit()));
        String next = found.size() > shown.size() ? shown.getLast().place().cursor() : lookedUpTo(session, after);
        return new Page<>(present(shown.stream().map(Listed::activity).toList()), next);
    }

    private static @Nullable String lookedUpTo(Session session, Place after) throws SQLException {
        List<Place> last = session.list(
                LISTED_UP_TO, row -> new Place(row.getLong(1), row.getLong(2)), after.instance(), after.position());
        return last.size() < 2 ? null : last.getFirst().cursor();
    }

    static List<NodeInfo> nodes(Session session) throws SQLException {
        return session
                .list(
                        NODES,
                        row -> new NodeInfo(
                                row.getString(1),
                                Session.instant(row, 2),
                                Session.instant(row, 3),
                                row.getBoolean(4),
                                row.getLong(5),
                                row.getLong(6),
                                true))
                .stream()
                .sorted(Comparator.comparing(NodeInfo::alive).reversed().thenComparing(NodeInfo::name))
                .toList();
    }

    static Page<DeadLetterInfo> deadLetters(Session session, PageRequest page) throws SQLException {
        List<DeadLetterInfo> found =
                session.list(DEAD_LETTERS, Queues::deadLetter, before(page.cursor()), page.limit() + 1);
        if (found.size() <= page.limit()) {
            return new Page<>(found, null);
        }
        List<DeadLetterInfo> shown = found.subList(0, page.limit());
        return new Page<>(shown, "d" + shown.getLast().key());
    }

    private static long before(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!CURSOR.matcher(cursor).matches()) {
            throw ProviderErrors.badCursor(cursor);
        }
        return Long.parseLong(cursor.substring(1));
    }

    private static DeadLetterInfo deadLetter(ResultSet row) throws SQLException {
        return new DeadLetterInfo(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Session.instant(row, 5),
                row.getString(6));
    }

    // ---- one instance

    /** An instance, and where its current execution begins. */
    private record Head(
            long key,
            long execution,
            long base,
            @Nullable String leasedTo,
            @Nullable Instant notBefore) {
        static Head read(ResultSet row) throws SQLException {
            return new Head(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4), Session.nullableInstant(row, 5));
        }

        QueuedTimer timer(ResultSet row) throws SQLException {
            return new QueuedTimer(execution, row.getLong(1) - base, Session.instant(row, 2));
        }
    }

    /** What waits for one instance. The session is in a transaction that sees one moment. */
    static InstanceQueues of(Session session, String id) throws SQLException {
        Head its = session.first(INSTANCE, Head::read, id).orElseThrow(() -> ProviderErrors.notFound(id));
        return new InstanceQueues(
                its.leasedTo(),
                its.notBefore(),
                present(session.list(MESSAGES, Queues::message, its.key())),
                present(session.list(WORK, Queues::activity, its.key())),
                session.list(TIMERS, its::timer, its.key()));
    }

    private static <T> List<T> present(List<Optional<T>> rows) {
        return rows.stream().flatMap(Optional::stream).toList();
    }

    /** Empty for a row that is no message. */
    private static Optional<QueuedMessage> message(ResultSet row) throws SQLException {
        return JsonText.toWork(row.getString(1)) instanceof WorkItem.OrchestratorWork work
                ? Optional.of(new QueuedMessage(work, Session.nullableInstant(row, 2)))
                : Optional.empty();
    }

    /** Empty for a row that is no activity. */
    private static Optional<QueuedActivity> activity(ResultSet row) throws SQLException {
        if (!(JsonText.toWork(row.getString(1)) instanceof WorkItem.ActivityExecute work)) {
            return Optional.empty();
        }
        String type = row.getString(5);
        return Optional.of(new QueuedActivity(
                work,
                row.getInt(2),
                row.getInt(3),
                Session.nullableInstant(row, 4),
                type == null
                        ? null
                        : new Failure(
                                type, Objects.toString(row.getString(6), ""), row.getString(7), row.getBoolean(8)),
                row.getString(9),
                row.getString(10)));
    }
}
