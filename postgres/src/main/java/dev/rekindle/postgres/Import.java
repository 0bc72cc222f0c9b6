package dev.rekindle.postgres;

import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.WorkItem;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        this.export = export;
        this.its = export.instance();
        this.queues = export.queues();
        check();
    }

    // ---- what has to fit

    private void check() {
        require(
                export.format() == InstanceExport.FORMAT,
                "expected format %d, found %d".formatted(InstanceExport.FORMAT, export.format()));
        Limits.checkInstanceId(its.instance());
        Limits.checkAttributes(its.attributes());
        require(its.status() != Status.CONTINUED_AS_NEW, "an instance is never ContinuedAsNew");
        require(
                its.status().isTerminal() == (its.finishedAt() != null),
                "expected a time of its end if it has ended and none otherwise, found status %s"
                        .formatted(its.status().label()));
        checkExecutions();
        checkEnd();
        queues.messages().forEach(message -> checkBelongs(message.work().instance(), message.work().runId()));
        queues.activities().forEach(activity -> {
            checkBelongs(activity.work().instance(), activity.work().runId());
            checkPlace("activity", activity.work().executionId(), activity.work().scheduledId());
        });
        queues.timers().forEach(timer -> checkPlace("timer", timer.executionId(), timer.scheduledId()));
    }

    private void checkExecutions() {
        List<ExecutionHistory> executions = export.executions();
        require(!executions.isEmpty(), "expected its current execution, found none");
        long first = executions.getFirst().executionId();
        require(first >= 1, "expected executions from 1 on, found %d".formatted(first));
        long last = executions.getLast().executionId();
        require(
                last == its.executionId(),
                "expected execution %d as the last one, found %d".formatted(its.executionId(), last));
        for (int i = 0; i < executions.size(); i++) {
            ExecutionHistory execution = executions.get(i);
            require(
                    execution.executionId() == first + i,
                    "expected execution %d next, found %d".formatted(first + i, execution.executionId()));
            for (int event = 0; event < execution.events().size(); event++) {
                long id = execution.events().get(event).id();
                require(
                        id == event + 1L,
                        "expected event %d next in execution %d, found %d".formatted(event + 1, first + i, id));
            }
            require(
                    i == executions.size() - 1 || lastOf(execution) instanceof Event.OrchestrationContinuedAsNew,
                    "expected execution %d to have continued as new".formatted(first + i));
        }
    }

    private void checkEnd() {
        Optional<Event.Outcome> outcome = lastOf(export.executions().getLast()) instanceof Event.Outcome last
                ? Optional.of(last)
                : Optional.empty();
        boolean reopened =
                queues.messages().stream().anyMatch(message -> message.work() instanceof WorkItem.ReopenInstance);
        if (its.status().isTerminal()) {
            require(
                    outcome.isPresent() && outcome.get().status() == its.status(),
                    "expected a last event that says that it is %s"
                            .formatted(its.status().label()));
            require(
                    queues.messages().isEmpty()
                            && queues.activities().isEmpty()
                            && queues.timers().isEmpty(),
                    "expected empty queues of an instance that has ended");
        } else {
            require(
                    outcome.isEmpty() || reopened,
                    "expected a last event that ends nothing, found the instance %s"
                            .formatted(its.status().label()));
            long openings = queues.messages().stream()
                    .filter(message -> isOpening(message.work()))
                    .count();
            boolean fresh = export.executions().getLast().events().isEmpty();
            require(
                    openings == 1 || (openings == 0 && !fresh),
                    "expected one message that begins an execution without events, found %d".formatted(openings));
        }
    }

    private void checkBelongs(String instance, @Nullable String runId) {
        require(
                instance.equals(its.instance()) && (runId == null || runId.equals(its.runId())),
                "expected queues of this run, found something for '%s' of run '%s'".formatted(instance, runId));
    }

    private void checkPlace(String what, long execution, long scheduled) {
        int events = export.executions().getLast().events().size();
        require(
                execution == its.executionId() && scheduled >= 1 && scheduled <= events,
                "expected each %s to be of execution %d and one of its %d events, found execution %d event %d"
                        .formatted(what, its.executionId(), events, execution, scheduled));
    }

    private void require(boolean fits, String otherwise) {
        if (!fits) {
            throw ProviderErrors.badExport(its.instance(), otherwise);
        }
    }

    private static @Nullable Event lastOf(ExecutionHistory execution) {
        return execution.events().isEmpty() ? null : execution.events().getLast();
    }

    private static boolean isOpening(WorkItem.OrchestratorWork work) {
        return work instanceof WorkItem.StartOrchestration || work instanceof WorkItem.ContinueAsNew;
    }

    // ---- what is written

    /**
     * Writes it.
     *
     * @throws dev.rekindle.RekindleException {@code INSTANCE_EXISTS}
     */
    void run(Change change) throws SQLException {
        Session session = change.session();
        long base = 0;
        for (ExecutionHistory execution : export.executions().subList(0, export.executions().size() - 1)) {
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
}
