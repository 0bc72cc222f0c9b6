package dev.rekindle.postgres;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts rows into a schema as providers leave them there, and as they never should. */
final class StoredRows {
    static final Instant CREATED = Instant.parse("2030-01-01T00:00:00Z");
    static final Instant STARTED = CREATED.plusSeconds(1);
    static final Instant ENDED = CREATED.plusSeconds(60);

    private static final String INSTANCE = """
        INSERT INTO rekindle.instance (id, run_id, orchestration, version, parent_instance, parent_run,
          parent_execution, parent_scheduled, status, execution, base, custom_status, problem, created_by, created_in,
          created_at, started_at, finished_at)
        VALUES (?, ?, 'Orders', '1', ?, ?, 2, 7, ?, ?, ?, '"half"', NULL, 1, 1, ?, ?, ?) RETURNING key\
        """;

    private final TestSchema schema;

    StoredRows(TestSchema schema) {
        this.schema = schema;
    }

    /** An instance and its row in the queue, if it has one. Returns its key. */
    long instance(String id, Status status) {
        return instance(id, status, 1, 0);
    }

    /** An instance in one of its executions. */
    long instance(String id, Status status, long execution, long base) {
        long key = row(
                INSTANCE,
                id,
                "run-" + id,
                null,
                null,
                status.label(),
                execution,
                base,
                CREATED,
                status == Status.PENDING ? null : STARTED,
                status.isTerminal() ? ENDED : null);
        if (!status.isTerminal()) {
            queue(key, null, null);
        }
        return key;
    }

    void parent(long key) {
        row(
                "UPDATE rekindle.instance SET parent_instance = 'parent', parent_run = 'run-parent' WHERE key = ?"
                        + " RETURNING key",
                key);
    }

    void queue(long instance, @Nullable Long node, @Nullable Instant wakeAt) {
        row(
                "INSERT INTO rekindle.queue (instance, node, wake_at) VALUES (?, ?, ?) ON CONFLICT (instance) DO"
                        + " UPDATE SET node = excluded.node, wake_at = excluded.wake_at RETURNING instance",
                instance,
                node,
                wakeAt);
    }

    long node(String name, long pending, long running, long completed) {
        return row("""
            INSERT INTO rekindle.node (name, since, seen_at, expires_at, pending, running, completed)
            VALUES (?, now(), now(), now() + interval '1 hour', ?, ?, ?) RETURNING key\
            """, name, pending, running, completed);
    }

    /** A later execution of an instance, which begins after position base. */
    void execution(long instance, long execution, long base) {
        row(
                "INSERT INTO rekindle.execution VALUES (?, ?, ?, ?) RETURNING instance",
                instance,
                execution,
                base,
                STARTED.plusSeconds(execution));
    }

    /** One turn of an instance; position is that of its first event. */
    void turn(long instance, long position, Event... events) {
        history(instance, position, events.length, JsonText.ofEvents(List.of(events)));
    }

    void history(long instance, long position, int events, String body) {
        row("INSERT INTO rekindle.history VALUES (?, ?, ?, ?) RETURNING instance", instance, position, events, body);
    }

    void message(long instance, WorkItem work, Instant visibleAt) {
        row(
                "INSERT INTO rekindle.message (instance, kind, visible_at, body) VALUES (?, 'other', ?, ?) RETURNING"
                        + " number",
                instance,
                visibleAt,
                JsonText.ofWork(work));
    }

    void timer(long instance, long position, Instant dueAt) {
        row("INSERT INTO rekindle.timer VALUES (?, ?, ?) RETURNING instance", instance, position, dueAt);
    }

    void work(long instance, long position, WorkItem work, @Nullable Long node) {
        row("""
            INSERT INTO rekindle.work (instance, position, activity, node, visible_at, attempt, body)
            VALUES (?, ?, 'Charge', ?, now(), 3, ?) RETURNING instance\
            """, instance, position, node, JsonText.ofWork(work));
    }

    void deadLetter(String instance, WorkItem work, String reason) {
        row(
                "INSERT INTO rekindle.dead_letter (instance, reason, at, body) VALUES (?, ?, now(), ?) RETURNING key",
                instance,
                reason,
                JsonText.ofWork(work));
    }

    private long row(String insert, @Nullable Object... values) {
        String key = schema.value(insert, values);
        if (key == null) {
            throw new AssertionError("no row: " + insert);
        }
        return Long.parseLong(key);
    }

    // ---- what stands in the rows

    static Event started(long id) {
        return new Event.OrchestrationStarted(id, STARTED, "Orders", "1", "{}", null);
    }

    static Event scheduled(long id) {
        return new Event.ActivityScheduled(id, STARTED, "Charge", "{}");
    }

    static Event continued(long id) {
        return new Event.OrchestrationContinuedAsNew(id, ENDED, "1", "{}");
    }

    static Event completed(long id) {
        return new Event.OrchestrationCompleted(id, ENDED, "\"done\"");
    }

    static WorkItem.RaiseEvent raised(String instance) {
        return new WorkItem.RaiseEvent(instance, null, "channel", "1");
    }

    static WorkItem.ActivityExecute charge(String instance, long execution, long scheduled) {
        return new WorkItem.ActivityExecute(
                instance, "run-" + instance, execution, scheduled, "Charge", "{}", ActivityOptions.DEFAULT, STARTED);
    }
}
