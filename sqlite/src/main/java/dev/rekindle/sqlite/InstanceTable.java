package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.jdbc.RowReader;
import dev.rekindle.provider.ParentLink;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The tables {@code instance}, {@code execution} and {@code status_count}. */
final class InstanceTable {
    private static final String INSERT = """
        INSERT INTO instance (key, id, run_id, orchestration, version, parent_instance, parent_run,
          parent_execution, parent_scheduled, status, execution, base, created_at, started_at, attributes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """;
    private static final String INSERT_WHOLE = """
        INSERT INTO instance (key, id, run_id, orchestration, version, parent_instance, parent_run,
          parent_execution, parent_scheduled, status, execution, base, custom_status, problem, created_at,
          started_at, finished_at, first_execution, attributes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """;
    private static final String BEGIN = """
        UPDATE instance
        SET status = 'Running', version = ?, started_at = coalesce(started_at, ?), problem = NULL
        WHERE key = ?
        """;
    private static final String FINISH = """
        UPDATE instance
        SET status = ?, version = ?, started_at = coalesce(started_at, ?), finished_at = ?, problem = NULL
        WHERE key = ?
        """;
    private static final String CUSTOM_STATUS = """
        UPDATE instance SET custom_status = ? WHERE key = ?
        """;
    private static final String PROBLEM = """
        UPDATE instance SET status = ?, problem = ? WHERE key = ?
        """;
    private static final String REOPEN = """
        UPDATE instance SET status = 'Running', problem = NULL, finished_at = NULL WHERE key = ?
        """;
    private static final String PRUNE = """
        UPDATE instance SET first_execution = ? WHERE key = ?
        """;
    private static final String DELETE = """
        DELETE FROM instance WHERE key = ?
        """;
    private static final String DELETE_EXECUTIONS = """
        DELETE FROM execution WHERE instance = ? AND execution < ?
        """;
    private static final String CHILDREN = """
        SELECT id FROM instance INDEXED BY instance_parent WHERE parent_instance = ? AND parent_run = ?
        ORDER BY created_at, key
        """;
    private static final String NEXT_EXECUTION = """
        UPDATE instance SET execution = ?, base = ? WHERE key = ?
        """;
    private static final String INSERT_EXECUTION = """
        INSERT INTO execution (instance, execution, base, started_at) VALUES (?, ?, ?, ?)
        """;
    private static final String COUNT = """
        INSERT INTO status_count (status, instances) VALUES (?, ?)
        ON CONFLICT (status) DO UPDATE SET instances = instances + excluded.instances
        """;
    private static final String COLUMNS = """
        SELECT key, id, run_id, orchestration, version, parent_instance, parent_run, parent_execution,
          parent_scheduled, status, execution, base, custom_status, problem, created_at, started_at, finished_at,
          first_execution, attributes
        FROM instance
        """;
    private static final String BY_KEY = COLUMNS + "WHERE key = ?";
    private static final String BY_ID = COLUMNS + "WHERE id = ?";
    private static final String ALL = COLUMNS + "ORDER BY key";
    private static final String IDS = """
        SELECT id FROM instance INDEXED BY instance_created ORDER BY created_at DESC, key DESC
        """;
    private static final String IDS_BY_STATUS = """
        SELECT id FROM instance INDEXED BY instance_status WHERE status = ? ORDER BY created_at DESC, key DESC
        """;
    private static final String COUNTS = """
        SELECT status, instances FROM status_count WHERE instances <> 0
        """;
    private static final String EXECUTIONS = """
        SELECT instance, execution, base FROM execution ORDER BY instance, execution
        """;
    private static final String EXECUTION = """
        SELECT base, started_at FROM execution WHERE instance = ? AND execution = ?
        """;

    final Bulk insert;
    final Bulk insertWhole;
    final Bulk begin;
    final Bulk finish;
    final Bulk customStatus;
    final Bulk problem;
    final Bulk reopen;
    final Bulk prune;
    final Bulk delete;
    final Bulk deleteExecutions;
    final Bulk nextExecution;
    final Bulk insertExecution;
    final Bulk count;

    InstanceTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.insertWhole = new Bulk(session, INSERT_WHOLE);
        this.begin = new Bulk(session, BEGIN);
        this.finish = new Bulk(session, FINISH);
        this.customStatus = new Bulk(session, CUSTOM_STATUS);
        this.problem = new Bulk(session, PROBLEM);
        this.reopen = new Bulk(session, REOPEN);
        this.prune = new Bulk(session, PRUNE);
        this.delete = new Bulk(session, DELETE);
        this.deleteExecutions = new Bulk(session, DELETE_EXECUTIONS);
        this.nextExecution = new Bulk(session, NEXT_EXECUTION);
        this.insertExecution = new Bulk(session, INSERT_EXECUTION);
        this.count = new Bulk(session, COUNT);
    }

    /** One row of {@code instance}. */
    record Row(
            long key,
            String id,
            String runId,
            String orchestration,
            String version,
            @Nullable ParentLink parent,
            Status status,
            long execution,
            long base,
            @Nullable String customStatus,
            @Nullable String problem,
            long createdAt,
            @Nullable Long startedAt,
            @Nullable Long finishedAt,
            long firstExecution,
            @Nullable String attributes) {
        Row withKey(long other) {
            return new Row(
                    other,
                    id,
                    runId,
                    orchestration,
                    version,
                    parent,
                    status,
                    execution,
                    base,
                    customStatus,
                    problem,
                    createdAt,
                    startedAt,
                    finishedAt,
                    firstExecution,
                    attributes);
        }
    }

    /** Inserts a row as it is. */
    void addWhole(Row row) throws SQLException {
        ParentLink parent = row.parent();
        insertWhole.add(
                row.key(),
                row.id(),
                row.runId(),
                row.orchestration(),
                row.version(),
                parent == null ? null : parent.instance(),
                parent == null ? null : parent.runId(),
                parent == null ? null : parent.executionId(),
                parent == null ? null : parent.scheduledId(),
                row.status().label(),
                row.execution(),
                row.base(),
                row.customStatus(),
                row.problem(),
                row.createdAt(),
                row.startedAt(),
                row.finishedAt(),
                row.firstExecution(),
                row.attributes());
    }

    /** Where an execution begins and when it did. */
    record Start(long base, @Nullable Long startedAt) {}

    static Optional<Row> byKey(Session session, long key) throws SQLException {
        return session.first(BY_KEY, InstanceTable::row, key);
    }

    static Optional<Row> byId(Session session, String id) throws SQLException {
        return session.first(BY_ID, InstanceTable::row, id);
    }

    /** All instances, oldest first. */
    static List<Row> all(Session session) throws SQLException {
        return session.list(ALL, InstanceTable::row);
    }

    /** One row of {@code execution}. */
    record ExecutionRow(long instance, long execution, long base) {}

    /** All executions after the first of their instance. */
    static List<ExecutionRow> executions(Session session) throws SQLException {
        return session.list(EXECUTIONS, row -> new ExecutionRow(row.getLong(1), row.getLong(2), row.getLong(3)));
    }

    static List<String> ids(Session session) throws SQLException {
        return session.list(IDS, row -> row.getString(1));
    }

    static List<String> ids(Session session, Status status) throws SQLException {
        return session.list(IDS_BY_STATUS, row -> row.getString(1), status.label());
    }

    /** The ids of the children of a run. */
    static List<String> children(Session session, String parent, String run) throws SQLException {
        return session.list(CHILDREN, row -> row.getString(1), parent, run);
    }

    /** How many instances there are in one status. */
    record Count(Status status, long instances) {}

    static List<Count> counts(Session session) throws SQLException {
        return session.list(COUNTS, row -> new Count(Status.parse(row.getString(1)), row.getLong(2)));
    }

    /** Where an execution of an instance begins; empty when there is no such execution, or none any more. */
    static Optional<Start> start(Session session, Row instance, long execution) throws SQLException {
        if (execution < instance.firstExecution()) {
            return Optional.empty();
        }
        if (execution == 1) {
            return Optional.of(new Start(0, instance.startedAt()));
        }
        return session.first(EXECUTION, row -> new Start(row.getLong(1), row.getLong(2)), instance.key(), execution);
    }

    /** The position after which the events of the execution that follows this one begin. */
    static OptionalLong end(Session session, Row instance, long execution) throws SQLException {
        return start(session, instance, execution + 1).stream()
                .mapToLong(Start::base)
                .findFirst();
    }

    private static Row row(ResultSet row) throws SQLException {
        String parent = row.getString(6);
        return new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                parent == null ? null : new ParentLink(parent, row.getString(7), row.getLong(8), row.getLong(9)),
                Status.parse(row.getString(10)),
                row.getLong(11),
                row.getLong(12),
                row.getString(13),
                row.getString(14),
                row.getLong(15),
                RowReader.nullableLong(row, 16),
                RowReader.nullableLong(row, 17),
                row.getLong(18),
                row.getString(19));
    }
}
