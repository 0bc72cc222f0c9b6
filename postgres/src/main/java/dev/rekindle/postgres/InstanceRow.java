package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.ParentLink;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code instance}, with what the last row of its history says.
 *
 * @param key its key
 * @param base where its current execution begins
 * @param snapshot where it stands
 * @param parent whose child it is, if it is one
 * @param events how many events its current execution has
 */
record InstanceRow(
        long key,
        long base,
        InstanceSnapshot snapshot,
        @Nullable ParentLink parent,
        long events) {
    private static final String SELECT = """
        SELECT i.key, i.base, i.id, i.run_id, i.orchestration, i.version, i.status, i.execution, i.custom_status,
          i.problem, i.created_at, i.finished_at, i.parent_instance, i.parent_run, i.parent_execution,
          i.parent_scheduled, COALESCE(last.position - i.base, 0),
          CASE WHEN i.finished_at IS NOT NULL THEN last.body END
        FROM rekindle.instance AS i
        LEFT JOIN LATERAL (
          SELECT h.position + h.events - 1 AS position, h.body FROM rekindle.history AS h
          WHERE h.instance = i.key AND h.position > i.base ORDER BY h.position DESC LIMIT 1) AS last ON TRUE
        """;

    /** One instance, by its id. */
    static final String BY_ID = SELECT + "WHERE i.id = ?";

    /** All instances, oldest first. */
    static final String ALL = SELECT + "ORDER BY i.key";

    static InstanceRow read(ResultSet row) throws SQLException {
        String body = row.getString(18);
        String problem = row.getString(10);
        Event.Outcome outcome = null;
        try {
            outcome = body == null ? null : outcome(body);
        } catch (RekindleException e) {
            if (e.code() != ErrorCode.HISTORY_UNREADABLE) {
                throw e;
            }
            problem = e.getMessage();
        }
        InstanceSnapshot snapshot = new InstanceSnapshot(
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Status.parse(row.getString(7)),
                row.getLong(8),
                outcome == null ? null : outcome.output(),
                outcome == null ? null : outcome.failure(),
                row.getString(9),
                problem,
                Session.instant(row, 11),
                Session.nullableInstant(row, 12));
        return new InstanceRow(row.getLong(1), row.getLong(2), snapshot, parent(row), row.getLong(17));
    }

    private static @Nullable ParentLink parent(ResultSet row) throws SQLException {
        String parent = row.getString(13);
        return parent == null ? null : new ParentLink(parent, row.getString(14), row.getLong(15), row.getLong(16));
    }

    /** How the execution ended whose last events these are, if it has. */
    static Event.@Nullable Outcome outcome(String body) {
        return JsonText.toEvents(body).getLast() instanceof Event.Outcome outcome ? outcome : null;
    }
}
