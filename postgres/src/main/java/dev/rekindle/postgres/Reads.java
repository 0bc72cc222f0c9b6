package dev.rekindle.postgres;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What can be asked of a store. Each question is one statement, and so one snapshot. */
final class Reads {
    private static final String LATEST = """
        SELECT execution FROM rekindle.instance WHERE id = ?\
        """;

    private static final String EXECUTIONS = """
        SELECT first_execution, execution FROM rekindle.instance WHERE id = ?\
        """;

    private static final String LATEST_HISTORY = """
        SELECT h.body FROM rekindle.instance AS i
        JOIN rekindle.history AS h ON h.instance = i.key AND h.position > i.base
        WHERE i.id = ? ORDER BY h.position\
        """;

    /** One execution of an instance; base is null when there is no such execution, and last where its events end. */
    private static final String EXECUTION = """
        WITH e AS (
          SELECT i.key, i.execution AS latest, i.status, i.finished_at,
            CASE WHEN n.number < i.first_execution THEN NULL WHEN n.number = 1 THEN 0 ELSE x.base END AS base,
            CASE n.number WHEN 1 THEN i.started_at ELSE x.started_at END AS started_at,
            COALESCE(next.base, 9223372036854775807) AS last
          FROM (SELECT ?::bigint AS number) AS n
          JOIN rekindle.instance AS i ON i.id = ?
          LEFT JOIN rekindle.execution AS x ON x.instance = i.key AND x.execution = n.number
          LEFT JOIN LATERAL (
            SELECT y.base FROM rekindle.execution AS y WHERE y.instance = i.key AND y.execution > n.number
            ORDER BY y.execution LIMIT 1) AS next ON TRUE
        )
        """;

    private static final String HISTORY = EXECUTION + """
        SELECT e.latest, e.base, h.body FROM e
        LEFT JOIN rekindle.history AS h ON h.instance = e.key AND h.position > e.base AND h.position <= e.last
        ORDER BY h.position\
        """;

    private static final String EXECUTION_INFO = EXECUTION + """
        SELECT e.latest, e.base, e.status, e.started_at, e.finished_at, end_of.position - e.base, end_of.body FROM e
        LEFT JOIN LATERAL (
          SELECT h.position + h.events - 1 AS position, h.body FROM rekindle.history AS h
          WHERE h.instance = e.key AND h.position > e.base AND h.position <= e.last
          ORDER BY h.position DESC LIMIT 1) AS end_of ON TRUE\
        """;

    private static final String IDS = """
        SELECT id FROM rekindle.instance ORDER BY created_at DESC, key DESC\
        """;

    private static final String IDS_BY_STATUS = """
        SELECT id FROM rekindle.instance WHERE status = ? ORDER BY created_at DESC, key DESC\
        """;

    private static final String ENDED = """
        SELECT w.id FROM unnest(?) AS w (id) LEFT JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[w.id])
        WHERE i.key IS NULL OR i.finished_at IS NOT NULL\
        """;

    private static final String COUNTS = """
        SELECT c.status, sum(c.instances)::bigint
        FROM rekindle.node AS n, LATERAL (VALUES ('Pending', n.pending), ('Running', n.running),
          ('Suspended', n.suspended), ('Stuck', n.stuck), ('Completed', n.completed), ('Failed', n.failed),
          ('Cancelled', n.cancelled), ('Terminated', n.terminated)) AS c (status, instances)
        GROUP BY c.status HAVING sum(c.instances) <> 0\
        """;

    private static final String HISTORY_PAGE = EXECUTION + """
        SELECT e.latest, e.base, end_of.position - e.base, h.body FROM e
        LEFT JOIN LATERAL (
          SELECT h.position + h.events - 1 AS position FROM rekindle.history AS h
          WHERE h.instance = e.key AND h.position > e.base AND h.position <= e.last
          ORDER BY h.position DESC LIMIT 1) AS end_of ON TRUE
        LEFT JOIN LATERAL (
          SELECT max(h.position) AS position FROM rekindle.history AS h
          WHERE h.instance = e.key AND h.position > e.base AND h.position <= LEAST(e.last, e.base + ?)) AS first ON TRUE
        LEFT JOIN rekindle.history AS h
          ON h.instance = e.key AND h.position >= first.position AND h.position <= LEAST(e.last, e.base + ?)
        ORDER BY h.position\
        """;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private Reads() {}

    static Optional<InstanceSnapshot> snapshot(Session session, String id) throws SQLException {
        return session.first(InstanceRow.BY_ID, InstanceRow::read, id).map(InstanceRow::snapshot);
    }

    static InstanceInfo instanceInfo(Session session, String id) throws SQLException {
        InstanceRow row =
                session.first(InstanceRow.BY_ID, InstanceRow::read, id).orElseThrow(() -> ProviderErrors.notFound(id));
        return new InstanceInfo(row.snapshot(), row.parent(), row.events());
    }

    static InstanceSummary summary(Session session, String id) throws SQLException {
        return session.first(SummaryRow.BY_ID, SummaryRow::read, id).orElseThrow(() -> ProviderErrors.notFound(id));
    }

    /** Which of these instances have ended, or were deleted. */
    static List<String> ended(Session session, List<String> ids) throws SQLException {
        try (PreparedStatement statement = session.prepare(ENDED)) {
            statement.setArray(1, session.connection().createArrayOf("text", ids.toArray()));
            List<String> ended = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ended.add(rows.getString(1));
                }
            }
            return ended;
        }
    }

    static OptionalLong latestExecution(Session session, String id) throws SQLException {
        return session.first(LATEST, row -> row.getLong(1), id).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The history of the latest execution; empty when there is none. */
    static List<Event> history(Session session, String id) throws SQLException {
        return events(session.list(LATEST_HISTORY, row -> row.getString(1), id));
    }

    /** The history of one execution; empty when there is none. */
    static List<Event> history(Session session, String id, long executionId) throws SQLException {
        return turns(session, id, executionId).stream()
                .flatMap(turn -> turn.events().stream())
                .toList();
    }

    static List<Event> requireHistory(Session session, String id, long executionId) throws SQLException {
        List<Turn> turns = turns(session, id, executionId);
        requireExecution(turns, id, executionId);
        return turns.stream().flatMap(turn -> turn.events().stream()).toList();
    }

    /** One row of the history of an execution, or the only one of an execution that has none or does not exist. */
    private record Turn(
            long latest, boolean exists, @Nullable String body) {
        List<Event> events() {
            return body == null ? List.of() : JsonText.toEvents(body);
        }
    }

    private static List<Turn> turns(Session session, String id, long executionId) throws SQLException {
        return session.list(
                HISTORY,
                row -> new Turn(row.getLong(1), RowReader.nullableLong(row, 2) != null, row.getString(3)),
                executionId,
                id);
    }

    /** One row of a page of a history, or the only one of a page that has none. */
    private record Part(Turn turn, long lastEventId) {
        static Part read(ResultSet row) throws SQLException {
            return new Part(
                    new Turn(row.getLong(1), RowReader.nullableLong(row, 2) != null, row.getString(4)), row.getLong(3));
        }
    }

    static Page<Event> historyPage(Session session, String id, long executionId, PageRequest page) throws SQLException {
        String cursor = page.cursor();
        if (cursor != null && !NUMBER.matcher(cursor).matches()) {
            throw ProviderErrors.badCursor(cursor);
        }
        long after = cursor == null ? 0 : Long.parseLong(cursor);
        long last = after + page.limit();
        List<Part> parts = session.list(HISTORY_PAGE, Part::read, executionId, id, after + 1, last);
        requireExecution(parts.stream().map(Part::turn).toList(), id, executionId);
        List<Event> events = parts.stream()
                .flatMap(part -> part.turn().events().stream())
                .filter(event -> event.id() > after && event.id() <= last)
                .toList();
        return new Page<>(events, parts.getFirst().lastEventId() > last ? String.valueOf(last) : null);
    }

    private static void requireExecution(List<Turn> turns, String id, long executionId) {
        if (turns.isEmpty()) {
            throw ProviderErrors.notFound(id);
        }
        if (!turns.getFirst().exists()) {
            throw ProviderErrors.noSuchExecution(
                    id, executionId, turns.getFirst().latest());
        }
    }

    private static List<Event> events(List<String> bodies) {
        List<Event> events = new ArrayList<>();
        bodies.forEach(body -> events.addAll(JsonText.toEvents(body)));
        return List.copyOf(events);
    }

    static List<Long> executions(Session session, String id) throws SQLException {
        return session.first(EXECUTIONS, row -> LongStream.rangeClosed(row.getLong(1), row.getLong(2)), id)
                .orElseThrow(() -> ProviderErrors.notFound(id))
                .boxed()
                .toList();
    }

    static ExecutionInfo executionInfo(Session session, String id, long executionId) throws SQLException {
        return session.first(EXECUTION_INFO, row -> executionInfo(row, id, executionId), executionId, id)
                .orElseThrow(() -> ProviderErrors.notFound(id));
    }

    private static ExecutionInfo executionInfo(ResultSet row, String id, long executionId) throws SQLException {
        long latest = row.getLong(1);
        if (RowReader.nullableLong(row, 2) == null) {
            throw ProviderErrors.noSuchExecution(id, executionId, latest);
        }
        long events = row.getLong(6);
        String last = row.getString(7);
        Instant startedAt = events == 0 ? null : Session.nullableInstant(row, 4);
        if (executionId < latest) {
            Instant finishedAt =
                    last == null ? null : JsonText.toEvents(last).getLast().at();
            return new ExecutionInfo(
                    id, executionId, Status.CONTINUED_AS_NEW, null, null, events, startedAt, finishedAt);
        }
        Status status = Status.parse(row.getString(3));
        Event.Outcome outcome = last == null || !status.isTerminal() ? null : InstanceRow.outcome(last);
        return new ExecutionInfo(
                id,
                executionId,
                status,
                outcome == null ? null : outcome.output(),
                outcome == null ? null : outcome.failure(),
                events,
                startedAt,
                Session.nullableInstant(row, 5));
    }

    /** The ids of all instances, newest first. */
    static List<String> instances(Session session) throws SQLException {
        return session.list(IDS, row -> row.getString(1));
    }

    /** The ids of all instances in a status, newest first. */
    static List<String> instances(Session session, Status status) throws SQLException {
        return session.list(IDS_BY_STATUS, row -> row.getString(1), status.label());
    }

    static SystemMetrics metrics(Session session) throws SQLException {
        return new SystemMetrics(counts(session));
    }

    /** How many instances there are in each status that has any. */
    static Map<Status, Long> counts(Session session) throws SQLException {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        session.list(COUNTS, row -> counts.put(Status.parse(row.getString(1)), row.getLong(2)));
        return counts;
    }
}
