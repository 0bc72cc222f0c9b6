package dev.rekindle.sqlite;

import dev.rekindle.Status;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The table {@code figure}. */
final class FigureTable {
    private static final String ADD = """
        INSERT INTO figure (resolution, at, kind, orchestration, name, outcome, bucket, things, millis, queued, retrying)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET things = things + excluded.things, millis = millis + excluded.millis,
          queued = queued + excluded.queued, retrying = retrying + excluded.retrying
        """;
    private static final String SUM = """
        SELECT kind, orchestration, name, outcome, bucket, sum(things), sum(millis), sum(queued), sum(retrying)
        FROM figure WHERE resolution = ? AND at >= ? AND at < ?
        GROUP BY kind, orchestration, name, outcome, bucket
        """;
    private static final String SERIES = """
        SELECT at, outcome, sum(things), sum(millis), sum(queued), sum(retrying)
        FROM figure WHERE resolution = ? AND at >= ? AND at < ? AND kind = ?
        GROUP BY at, outcome ORDER BY at, outcome
        """;
    private static final String FORGET = """
        DELETE FROM figure WHERE resolution = ? AND at < ?
        """;

    private static final String COUNT = """
        SELECT count(*) FROM figure WHERE resolution = ? AND at < ?
        """;

    final Bulk add;
    final Bulk forget;

    FigureTable(Session session) throws SQLException {
        this.add = new Bulk(session, ADD);
        this.forget = new Bulk(session, FORGET);
    }

    void add(Measurement measurement) throws SQLException {
        Subject subject = measurement.subject();
        Totals totals = measurement.totals();
        add.add(
                measurement.resolution().name(),
                measurement.at().toEpochMilli(),
                subject.kind().name(),
                subject.orchestration(),
                subject.name(),
                measurement.outcome().label(),
                (long) measurement.bucket(),
                totals.count(),
                totals.millis(),
                totals.queuedMillis(),
                totals.retryingMillis());
    }

    static List<Measurement> sum(Session session, Resolution resolution, Instant from, Instant to) throws SQLException {
        return session.list(
                SUM,
                row -> new Measurement(
                        resolution,
                        from,
                        new Subject(Subject.Kind.valueOf(row.getString(1)), row.getString(2), row.getString(3)),
                        Status.parse(row.getString(4)),
                        row.getInt(5),
                        totals(row, 6)),
                resolution.name(),
                from.toEpochMilli(),
                to.toEpochMilli());
    }

    static List<Measurement> series(Session session, Subject.Kind kind, Resolution resolution, Instant from, Instant to)
            throws SQLException {
        return session.list(
                SERIES,
                row -> new Measurement(
                        resolution,
                        Instant.ofEpochMilli(row.getLong(1)),
                        new Subject(kind, "", ""),
                        Status.parse(row.getString(2)),
                        0,
                        totals(row, 3)),
                resolution.name(),
                from.toEpochMilli(),
                to.toEpochMilli(),
                kind.name());
    }

    static long count(Session session, Resolution resolution, Instant before) throws SQLException {
        return session.number(COUNT, resolution.name(), before.toEpochMilli());
    }

    private static Totals totals(ResultSet row, int first) throws SQLException {
        return new Totals(row.getLong(first), row.getLong(first + 1), row.getLong(first + 2), row.getLong(first + 3));
    }
}
