package dev.rekindle.postgres;

import dev.rekindle.jdbc.RowReader;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ProviderErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One instance with all that belongs to it. */
final class Export {
    private static final String EXECUTIONS = """
        SELECT 1, 0, i.started_at FROM rekindle.instance AS i WHERE i.id = ? AND i.first_execution = 1
        UNION ALL
        SELECT x.execution, x.base, x.started_at FROM rekindle.instance AS i
        JOIN rekindle.execution AS x ON x.instance = i.key AND x.execution >= i.first_execution
        WHERE i.id = ? ORDER BY 1\
        """;

    private static final String HISTORY = """
        SELECT h.position, h.body FROM rekindle.instance AS i JOIN rekindle.history AS h ON h.instance = i.key
        WHERE i.id = ? ORDER BY h.position\
        """;

    private Export() {}

    /** An execution that has not got its events yet. */
    private record Draft(long executionId, @Nullable Instant startedAt, List<Event> events) {
        ExecutionHistory finished() {
            return new ExecutionHistory(executionId, events.isEmpty() ? null : startedAt, events);
        }
    }

    /** The session is in a transaction that sees one moment. */
    static InstanceExport of(Session session, String id) throws SQLException {
        InstanceSummary summary =
                session.first(SummaryRow.BY_ID, SummaryRow::read, id).orElseThrow(() -> ProviderErrors.notFound(id));
        TreeMap<Long, Draft> executions = new TreeMap<>();
        RowReader<Boolean> execution = row -> executions.put(row.getLong(2), draft(row)) == null;
        session.list(EXECUTIONS, execution, id, id);
        RowReader<Boolean> turn = row -> events(executions, row.getLong(1)).addAll(events(row));
        session.list(HISTORY, turn, id);
        return new InstanceExport(
                InstanceExport.FORMAT,
                summary,
                executions.values().stream().map(Draft::finished).toList(),
                free(Queues.of(session, id)));
    }

    /** Leases are not carried over. */
    private static InstanceQueues free(InstanceQueues queues) {
        return new InstanceQueues(
                null,
                queues.notBefore(),
                queues.messages(),
                queues.activities().stream().map(Export::free).toList(),
                queues.timers());
    }

    private static QueuedActivity free(QueuedActivity activity) {
        return new QueuedActivity(
                activity.work(),
                activity.attempt(),
                activity.nodeDeaths(),
                activity.visibleAt(),
                activity.lastFailure(),
                activity.heartbeat(),
                null);
    }

    private static Draft draft(ResultSet row) throws SQLException {
        return new Draft(row.getLong(1), Session.nullableInstant(row, 3), new ArrayList<>());
    }

    /** The events of the execution that a position belongs to. */
    private static List<Event> events(NavigableMap<Long, Draft> executionsByBase, long position) {
        Map.Entry<Long, Draft> execution = executionsByBase.lowerEntry(position);
        return execution == null ? new ArrayList<>() : execution.getValue().events();
    }

    private static List<Event> events(ResultSet row) throws SQLException {
        return JsonText.toEvents(row.getString(2));
    }
}
