package dev.rekindle.postgres;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ExportRules;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.List;

/** Creates an instance as an export describes it. */
final class Import {
    /** So many events at most are in one row of a history that comes from elsewhere. */
    private static final int EVENTS_PER_ROW = 100;

    private static final String INSTANCE = """
        INSERT INTO rekindle.instance (id, run_id, orchestration, version, status, execution, first_execution, base,
          parent_instance, parent_run, parent_execution, parent_scheduled, custom_status, problem, created_at, started_at,
          finished_at, attributes, created_by, created_in)
        SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?::text, ?::text, ?::bigint, ?::bigint, ?::text, ?::text, ?, ?::timestamptz,
          ?::timestamptz, CASE WHEN cardinality(a.names) > 0 THEN jsonb_object(a.names, a.values) END, 0, 0
        FROM (SELECT ?::text[] AS names, ?::text[] AS values) AS a
        ON CONFLICT (id) DO NOTHING RETURNING key\
        """;

    private static final String ATTRIBUTES = """
        INSERT INTO rekindle.attribute (name, value, created_at, instance)
        SELECT a.key, a.value, i.created_at, i.key
        FROM rekindle.instance AS i, LATERAL jsonb_each_text(i.attributes) AS a WHERE i.key = ?\
        """;

    private static final String EXECUTION = """
        INSERT INTO rekindle.execution (instance, execution, base, started_at)
        VALUES (?, ?, ?, COALESCE(?::timestamptz, rekindle.store_now()))\
        """;

    private static final String HISTORY = """
        INSERT INTO rekindle.history (instance, position, events, body) VALUES (?, ?, ?, ?)\
        """;

    private static final String QUEUE = """
        INSERT INTO rekindle.queue (instance) VALUES (?)\
        """;

    private static final String OPENING = """
        INSERT INTO rekindle.message (instance, number, kind, visible_at, body)
        VALUES (?, 0, ?, COALESCE(?::timestamptz, rekindle.store_now()), ?)\
        """;

    private static final String MESSAGE = """
        INSERT INTO rekindle.message (instance, kind, visible_at, body)
        VALUES (?, ?, COALESCE(?::timestamptz, rekindle.store_now()), ?)\
        """;

    private static final String TIMER = """
        INSERT INTO rekindle.timer (instance, position, due_at) VALUES (?, ?, ?)\
        """;

    private static final String WORK = """
        INSERT INTO rekindle.work (instance, position, activity, visible_at, scheduled_at, attempt, deaths, failure_type,
          failure_message, failure_trace, failure_retryable, heartbeat, body)
        VALUES (?, ?, ?, COALESCE(?::timestamptz, rekindle.store_now()), ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private final InstanceExport export;
    private final InstanceSummary its;
    private final InstanceQueues queues;

    /**
     * Checks an export.
     *
     * @throws dev.rekindle.RekindleException {@code INVALID_ARGUMENT} when it contradicts itself
     */
    Import(InstanceExport export) {
        ExportRules.check(export);
        this.export = export;
        this.its = export.instance();
        this.queues = export.queues();
    }

    /**
     * Writes it.
     *
     * @throws dev.rekindle.RekindleException {@code INSTANCE_EXISTS}
     */
    void run(Change change) throws SQLException {
        Session session = change.session();
        long base = 0;
        for (ExecutionHistory execution :
                export.executions().subList(0, export.executions().size() - 1)) {
            base += execution.events().size();
        }
        long key = insert(session, base);
        session.run(ATTRIBUTES, key);
        insertExecutions(session, key);
        if (!its.status().isTerminal()) {
            session.run(QUEUE, key);
            insertQueues(session, key, base);
            change.requeue(key, its.status() == Status.SUSPENDED, queues.notBefore());
            change.leaves(Listener.WORK);
        }
        change.came(its.status());
    }

    private long insert(Session session, long base) throws SQLException {
        ParentLink parent = its.parent();
        return session.first(
                        INSTANCE,
                        row -> row.getLong(1),
                        its.instance(),
                        its.runId(),
                        its.orchestration(),
                        its.version(),
                        its.status().label(),
                        its.executionId(),
                        export.executions().getFirst().executionId(),
                        base,
                        parent == null ? null : parent.instance(),
                        parent == null ? null : parent.runId(),
                        parent == null ? null : parent.executionId(),
                        parent == null ? null : parent.scheduledId(),
                        its.customStatus(),
                        its.problem(),
                        its.createdAt(),
                        its.startedAt(),
                        its.finishedAt(),
                        its.attributes().keySet().toArray(String[]::new),
                        its.attributes().values().toArray(String[]::new))
                .orElseThrow(() -> ProviderErrors.exists(its.instance()));
    }

    private void insertExecutions(Session session, long key) throws SQLException {
        long base = 0;
        for (ExecutionHistory execution : export.executions()) {
            if (execution.executionId() > 1) {
                session.run(EXECUTION, key, execution.executionId(), base, execution.startedAt());
            }
            List<Event> events = execution.events();
            for (int from = 0; from < events.size(); from += EVENTS_PER_ROW) {
                List<Event> part = events.subList(from, Math.min(from + EVENTS_PER_ROW, events.size()));
                session.run(HISTORY, key, base + from + 1, part.size(), JsonText.ofEvents(part));
            }
            base += events.size();
        }
    }

    private void insertQueues(Session session, long key, long base) throws SQLException {
        for (InstanceQueues.QueuedMessage message : queues.messages()) {
            session.run(
                    isOpening(message.work()) ? OPENING : MESSAGE,
                    key,
                    MessageTable.kind(message.work()),
                    message.visibleAt(),
                    JsonText.ofWork(message.work()));
        }
        for (InstanceQueues.QueuedTimer timer : queues.timers()) {
            session.run(TIMER, key, base + timer.scheduledId(), timer.dueAt());
        }
        for (InstanceQueues.QueuedActivity activity : queues.activities()) {
            Failure failure = activity.lastFailure();
            session.run(
                    WORK,
                    key,
                    base + activity.work().scheduledId(),
                    activity.work().activity(),
                    activity.visibleAt(),
                    activity.work().scheduledAt(),
                    activity.attempt(),
                    activity.nodeDeaths(),
                    failure == null ? null : failure.type(),
                    failure == null ? null : failure.message(),
                    failure == null ? null : failure.stackTrace(),
                    failure == null ? null : failure.retryable(),
                    activity.heartbeat(),
                    JsonText.ofWork(activity.work()));
        }
    }

    private static boolean isOpening(WorkItem.OrchestratorWork work) {
        return work instanceof WorkItem.StartOrchestration || work instanceof WorkItem.ContinueAsNew;
    }
}
