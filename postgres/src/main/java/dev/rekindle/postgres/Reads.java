package dev.rekindle.postgres;

import dev.rekindle.*;
import dev.rekindle.management.*;
import dev.rekindle.provider.*;
import java.sql.SQLException;
import java.util.*;

final class Reads {
    static Optional<InstanceSnapshot> snapshot(Session s, String id) throws SQLException {
        var h = history(s, id);
        return s.first(
                "SELECT id, run_id, orchestration, version, status, execution, custom_status, problem, created_at,"
                        + " finished_at FROM rekindle.instance WHERE id = ?",
                r -> new InstanceSnapshot(
                        r.getString(1),
                        r.getString(2),
                        r.getString(3),
                        r.getString(4),
                        Status.parse(r.getString(5)),
                        r.getLong(6),
                        h.isEmpty() ? null : h.getLast() instanceof Event.OrchestrationCompleted c ? c.output() : null,
                        h.isEmpty() ? null : h.getLast() instanceof Event.OrchestrationFailed f ? f.failure() : null,
                        r.getString(7),
                        r.getString(8),
                        Session.instant(r, 9),
                        Session.nullableInstant(r, 10)),
                id);
    }

    static List<Event> history(Session s, String id) throws SQLException {
        List<Event> all = new ArrayList<>();
        s.list(
                "SELECT h.body FROM rekindle.history h JOIN rekindle.instance i ON i.key = h.instance WHERE i.id = ?"
                        + " AND h.position > i.base ORDER BY h.position",
                r -> all.addAll(JsonText.toEvents(r.getString(1))),
                id);
        return all;
    }

    static List<Event> history(Session s, String id, long e) throws SQLException {
        return history(s, id);
    }

    static OptionalLong latestExecution(Session s, String id) {
        throw new UnsupportedOperationException();
    }

    static List<String> instances(Session s) {
        throw new UnsupportedOperationException();
    }

    static List<String> instances(Session s, Status t) {
        throw new UnsupportedOperationException();
    }

    static List<Long> executions(Session s, String id) {
        throw new UnsupportedOperationException();
    }

    static InstanceInfo instanceInfo(Session s, String id) {
        throw new UnsupportedOperationException();
    }

    static ExecutionInfo executionInfo(Session s, String id, long e) {
        throw new UnsupportedOperationException();
    }

    static List<Event> requireHistory(Session s, String id, long e) {
        throw new UnsupportedOperationException();
    }

    static SystemMetrics metrics(Session s) {
        throw new UnsupportedOperationException();
    }

    static QueueDepths depths(Session s) {
        throw new UnsupportedOperationException();
    }

    static List<String> ended(Session s, List<String> ids) throws SQLException {
        try (var p = s.prepare("SELECT id FROM rekindle.instance WHERE id = ANY(?) AND finished_at IS NOT NULL")) {
            p.setArray(1, s.connection().createArrayOf("text", ids.toArray()));
            List<String> all = new ArrayList<>();
            var r = p.executeQuery();
            while (r.next()) all.add(r.getString(1));
            return all;
        }
    }
}
