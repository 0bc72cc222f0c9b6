package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;
import static dev.rekindle.postgres.RowStatement.Type.INTEGER;
import static dev.rekindle.postgres.RowStatement.Type.TEXT;

import dev.rekindle.Status;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The table {@code figure}. Each method is one statement. */
final class FigureTable {
    private static final RowStatement ADD =
            RowStatement.of("""
                INSERT INTO rekindle.figure AS f
                  (resolution, at, kind, orchestration, name, outcome, bucket, things, millis, queued, retrying)
                SELECT r.resolution, to_timestamp(r.at), r.kind, r.orchestration, r.name, r.outcome, r.bucket, sum(r.things),
                  sum(r.millis), sum(r.queued), sum(r.retrying)
                FROM :rows AS r (resolution, at, kind, orchestration, name, outcome, bucket, things, millis, queued, retrying)
                GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
                ON CONFLICT (resolution, at, kind, orchestration, name, outcome, bucket) DO UPDATE
                SET things = f.things + excluded.things, millis = f.millis + excluded.millis, queued = f.queued + excluded.queued,
                  retrying = f.retrying + excluded.retrying\
                """, TEXT, BIGINT, TEXT, TEXT, TEXT, TEXT, INTEGER, BIGINT, BIGINT, BIGINT, BIGINT);

    private static final String SUM = """
        SELECT kind, orchestration, name, outcome, bucket, sum(things), sum(millis), sum(queued), sum(retrying)
        FROM rekindle.figure WHERE resolution = ? AND at >= ? AND at < ?
        GROUP BY kind, orchestration, name, outcome, bucket\
        """;

    private static final String SERIES = """
        SELECT at, outcome, sum(things), sum(millis), sum(queued), sum(retrying)
        FROM rekindle.figure WHERE resolution = ? AND at >= ? AND at < ? AND kind = ?
        GROUP BY at, outcome ORDER BY at, outcome\
        """;

    private static final String FORGET = """
        DELETE FROM rekindle.figure WHERE resolution = ? AND at < ?\
        """;

    private FigureTable() {}

    /** Adds them in the order of the key, because nodes add to the same rows. */
    static int add(Session session, List<Measurement> measurements) throws SQLException {
        Rows rows = new Rows(ADD);
        for (Measurement measurement : measurements) {
            Subject subject = measurement.subject();
            Totals totals = measurement.totals();
            rows.add(
                    measurement.resolution().name(),
                    measurement.at().getEpochSecond(),
                    subject.kind().name(),
                    subject.orchestration(),
                    subject.name(),
                    measurement.outcome().label(),
                    measurement.bucket(),
                    totals.count(),
                    totals.millis(),
                    totals.queuedMillis(),
                    totals.retryingMillis());
        }
        try (PreparedStatement statement = session.prepare(rows.sql())) {
            rows.bind(statement, 1);
            return statement.executeUpdate();
        }
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
                from,
                to);
    }

    static List<Measurement> series(Session session, Subject.Kind kind, Resolution resolution, Instant from, Instant to)
            throws SQLException {
        return session.list(
                SERIES,
                row -> new Measurement(
                        resolution,
                        Session.instant(row, 1),
                        new Subject(kind, "", ""),
                        Status.parse(row.getString(2)),
                        0,
                        totals(row, 3)),
                resolution.name(),
                from,
                to,
                kind.name());
    }

    static int forget(Session session, Resolution resolution, Instant before) throws SQLException {
        return session.run(FORGET, resolution.name(), before);
    }

    private static Totals totals(ResultSet row, int first) throws SQLException {
        return new Totals(row.getLong(first), row.getLong(first + 1), row.getLong(first + 2), row.getLong(first + 3));
    }
}
