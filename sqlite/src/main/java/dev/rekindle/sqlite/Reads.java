package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ProviderErrors;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What can be asked of a file. Each method runs in one snapshot. */
final class Reads {
    private static final long OVERDUE_LOOKED_AT = 5_000L;

    private static final String DUE = """
        SELECT due_at, key >> 28 FROM timer WHERE due_at <= ?
        UNION ALL
        SELECT visible_at, instance FROM message WHERE visible_at IS NOT NULL AND visible_at <= ?
        ORDER BY 1 LIMIT ?
        """;
    private static final String NOT_BEGUN = """
        SELECT created_at, key, EXISTS (
          SELECT 1 FROM message INDEXED BY message_of WHERE instance = instance.key AND visible_at IS NOT NULL)
        FROM instance INDEXED BY instance_status
        WHERE status = 'Pending' ORDER BY created_at LIMIT ?
        """;

    private Reads() {}

    static Optional<InstanceSnapshot> snapshot(Session session, String id) throws SQLException {
        InstanceTable.Row row = InstanceTable.byId(session, id).orElse(null);
        return row == null ? Optional.empty() : Optional.of(snapshot(session, row));
    }

    static OptionalLong latestExecution(Session session, String id) throws SQLException {
        return InstanceTable.byId(session, id).stream()
                .mapToLong(InstanceTable.Row::execution)
                .findFirst();
    }

    /** The history of one execution, or of the latest when the number is 0; empty when there is none. */
    static List<Event> history(Session session, String id, long executionId) throws SQLException {
        InstanceTable.Row row = InstanceTable.byId(session, id).orElse(null);
        if (row == null) {
            return List.of();
        }
        Range range = range(session, row, executionId == 0 ? row.execution() : executionId);
        return range == null ? List.of() : HistoryTable.read(session, range.from(), range.to());
    }

    static List<Event> requireHistory(Session session, String id, long executionId) throws SQLException {
        Range range = requireRange(session, require(session, id), executionId);
        return HistoryTable.read(session, range.from(), range.to());
    }

    static List<Long> executions(Session session, String id) throws SQLException {
        InstanceTable.Row row = require(session, id);
        return LongStream.rangeClosed(row.firstExecution(), row.execution())
                .boxed()
                .toList();
    }

    static InstanceSummary summary(InstanceTable.Row row) {
        return new InstanceSummary(
                row.id(),
                row.runId(),
                row.orchestration(),
                row.version(),
                row.status(),
                row.execution(),
                row.parent(),
                row.customStatus(),
                row.problem(),
                Json.toAttributes(row.attributes()),
                Instant.ofEpochMilli(row.createdAt()),
                instant(row.startedAt()),
                instant(row.finishedAt()));
    }

    static Page<Event> historyPage(Session session, String id, long executionId, PageRequest page) throws SQLException {
        Range range = requireRange(session, require(session, id), executionId);
        HistoryTable.Part part =
                HistoryTable.read(session, range.from(), range.to(), number(page.cursor(), 0), page.limit());
        String next = part.more() ? Long.toString(part.events().getLast().id()) : null;
        return new Page<>(part.events(), next);
    }

    static Page<DeadLetterInfo> deadLetters(Session session, PageRequest page) throws SQLException {
        List<DeadLetterInfo> letters =
                MessageTable.dead(session, number(page.cursor(), Long.MAX_VALUE), page.limit() + 1L);
        if (letters.size() <= page.limit()) {
            return new Page<>(letters, null);
        }
        List<DeadLetterInfo> shown = letters.subList(0, page.limit());
        return new Page<>(shown, Long.toString(shown.getLast().key()));
    }

    /** What has been due longest is looked at first; several of one instance are one. */
    static List<OverdueInstance> overdue(Session session, long now, int limit) throws SQLException {
        Map<Long, Long> due = new HashMap<>();
        session.scan(
                DUE,
                row -> {
                    due.merge(row.getLong(2), row.getLong(1), Math::min);
                    return true;
                },
                now,
                now,
                OVERDUE_LOOKED_AT);
        session.scan(
                NOT_BEGUN,
                row -> {
                    boolean delayed = row.getBoolean(3);
                    if (!delayed) {
                        due.merge(row.getLong(2), row.getLong(1), Math::min);
                    }
                    return true;
                },
                OVERDUE_LOOKED_AT);
        List<OverdueInstance> overdue = new ArrayList<>();
        for (Map.Entry<Long, Long> one :
                due.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList()) {
            if (overdue.size() == limit) {
                break;
            }
            InstanceTable.byKey(session, one.getKey())
                    .filter(row -> row.problem() == null)
                    .map(row -> new OverdueInstance(summary(row), Instant.ofEpochMilli(one.getValue())))
                    .ifPresent(overdue::add);
        }
        return overdue;
    }

    static long number(@Nullable String cursor, long without) {
        if (cursor == null) {
            return without;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw ProviderErrors.badCursor(cursor);
        }
        return Long.parseLong(cursor);
    }

    static InstanceQueues queues(Session session, String id, Holders holders, long now) throws SQLException {
        return new QueueReads(session, require(session, id), holders, now).queues();
    }

    static InstanceExport export(Session session, String id, long now) throws SQLException {
        InstanceTable.Row row = require(session, id);
        List<InstanceExport.ExecutionHistory> executions = new ArrayList<>();
        for (long execution = row.firstExecution(); execution <= row.execution(); execution++) {
            Range range = requireRange(session, row, execution);
            List<Event> events = HistoryTable.read(session, range.from(), range.to());
            Instant startedAt = events.isEmpty() ? null : instant(range.startedAt());
            executions.add(new InstanceExport.ExecutionHistory(execution, startedAt, events));
        }
        InstanceQueues queues = new QueueReads(session, row, Holders.NOBODY, now).requireQueues();
        return new InstanceExport(InstanceExport.FORMAT, summary(row), executions, queues);
    }

    static InstanceInfo instanceInfo(Session session, String id) throws SQLException {
        InstanceTable.Row row = require(session, id);
        return new InstanceInfo(
                snapshot(session, row), row.parent(), HistoryTable.count(session, row.key(), row.base()));
    }

    static ExecutionInfo executionInfo(Session session, String id, long executionId) throws SQLException {
        InstanceTable.Row row = require(session, id);
        Range range = requireRange(session, row, executionId);
        Optional<HistoryTable.Last> last = HistoryTable.last(session, range.from(), range.to());
        long events =
                last.map(end -> end.position() - Keys.position(range.from())).orElse(0L);
        Instant startedAt = events == 0 ? null : instant(range.startedAt());
        if (executionId < row.execution()) {
            Instant finishedAt = last.map(end -> end.event().at()).orElse(null);
            return new ExecutionInfo(
                    id, executionId, Status.CONTINUED_AS_NEW, null, null, events, startedAt, finishedAt);
        }
        Event.Outcome outcome = row.status().isTerminal() ? outcome(last) : null;
        return new ExecutionInfo(
                id,
                executionId,
                row.status(),
                outcome == null ? null : outcome.output(),
                outcome == null ? null : outcome.failure(),
                events,
                startedAt,
                instant(row.finishedAt()));
    }

    static SystemMetrics metrics(Session session) throws SQLException {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        for (InstanceTable.Count count : InstanceTable.counts(session)) {
            counts.put(count.status(), count.instances());
        }
        return new SystemMetrics(counts);
    }

    static QueueDepths depths(Session session) throws SQLException {
        return new QueueDepths(
                MessageTable.count(session),
                WorkTable.count(session),
                TimerTable.count(session),
                MessageTable.countDead(session));
    }

    /** The keys after {@code from} up to {@code to} are those of one execution. */
    private record Range(long from, long to, @Nullable Long startedAt) {}

    private static @Nullable Range range(Session session, InstanceTable.Row row, long executionId) throws SQLException {
        InstanceTable.Start start =
                InstanceTable.start(session, row, executionId).orElse(null);
        if (start == null) {
            return null;
        }
        OptionalLong end = InstanceTable.end(session, row, executionId);
        return new Range(
                Keys.of(row.key(), start.base()),
                end.isPresent() ? Keys.of(row.key(), end.getAsLong()) : Keys.last(row.key()),
                start.startedAt());
    }

    private static Range requireRange(Session session, InstanceTable.Row row, long executionId) throws SQLException {
        Range range = range(session, row, executionId);
        if (range == null) {
            throw ProviderErrors.noSuchExecution(row.id(), executionId, row.execution());
        }
        return range;
    }

    static InstanceTable.Row require(Session session, String id) throws SQLException {
        return InstanceTable.byId(session, id).orElseThrow(() -> ProviderErrors.notFound(id));
    }

    static InstanceSnapshot snapshot(Session session, InstanceTable.Row row) throws SQLException {
        Event.Outcome outcome = null;
        String problem = row.problem();
        if (row.status().isTerminal()) {
            try {
                outcome = outcome(HistoryTable.last(session, Keys.of(row.key(), row.base()), Keys.last(row.key())));
            } catch (RekindleException e) {
                if (e.code() != ErrorCode.HISTORY_UNREADABLE) {
                    throw e;
                }
                problem = e.getMessage();
            }
        }
        return new InstanceSnapshot(
                row.id(),
                row.runId(),
                row.orchestration(),
                row.version(),
                row.status(),
                row.execution(),
                outcome == null ? null : outcome.output(),
                outcome == null ? null : outcome.failure(),
                row.customStatus(),
                problem,
                Instant.ofEpochMilli(row.createdAt()),
                instant(row.finishedAt()));
    }

    private static Event.@Nullable Outcome outcome(Optional<HistoryTable.Last> last) {
        return last.isPresent() && last.get().event() instanceof Event.Outcome outcome ? outcome : null;
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
