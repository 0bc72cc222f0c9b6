package dev.rekindle.sqlite;

import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code history}: a row for each turn, with all its events. */
final class HistoryTable {
    private static final String INSERT = """
        INSERT INTO history (key, events, body) VALUES (?, ?, ?)
        """;
    private static final String DELETE_RANGE = """
        DELETE FROM history WHERE key BETWEEN ? AND ?
        """;
    private static final String COUNT_EVENTS = """
        SELECT sum(events) FROM history WHERE key BETWEEN ? AND ?
        """;
    private static final String RANGE = """
        SELECT body FROM history WHERE key > ? AND key <= ? ORDER BY key
        """;
    private static final String ROW_OF = """
        SELECT key FROM history WHERE key > ? AND key <= ? ORDER BY key DESC LIMIT 1
        """;
    private static final String ALL = """
        SELECT key, events, body FROM history ORDER BY key
        """;
    private static final String LAST = """
        SELECT key, events, body FROM history WHERE key > ? AND key <= ? ORDER BY key DESC LIMIT 1
        """;
    private static final String LAST_POSITION = """
        SELECT key + events - 1 FROM history WHERE key > ? AND key <= ? ORDER BY key DESC LIMIT 1
        """;

    final Bulk insert;
    final Bulk deleteRange;

    HistoryTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.deleteRange = new Bulk(session, DELETE_RANGE);
    }

    /** The events after position {@code from} up to {@code to}. */
    static List<Event> read(Session session, long from, long to) throws SQLException {
        List<Event> events = new ArrayList<>();
        for (String body : session.list(RANGE, row -> row.getString(1), from, to)) {
            events.addAll(JsonText.toEvents(body));
        }
        return List.copyOf(events);
    }

    /** A part of a history, and whether there is more of it. */
    record Part(List<Event> events, boolean more) {}

    /** At most so many of the events after position {@code from} up to {@code to}, those that come after an event. */
    static Part read(Session session, long from, long to, long lastEventId, int limit) throws SQLException {
        long first = session.number(ROW_OF, from, Math.min(to, from + lastEventId + 1));
        List<Event> events = new ArrayList<>();
        boolean[] more = new boolean[1];
        session.scan(
                RANGE,
                row -> {
                    for (Event event : JsonText.toEvents(row.getString(1))) {
                        if (event.id() > lastEventId) {
                            more[0] = events.size() == limit;
                            if (more[0]) {
                                return false;
                            }
                            events.add(event);
                        }
                    }
                    return true;
                },
                Math.max(from, first - 1),
                to);
        return new Part(List.copyOf(events), more[0]);
    }

    /** One row of {@code history}. */
    record Row(long key, long events, String body) {}

    static List<Row> all(Session session) throws SQLException {
        return session.list(ALL, row -> new Row(row.getLong(1), row.getLong(2), row.getString(3)));
    }

    /** The last event of a range and its position. */
    record Last(long position, Event event) {}

    static Optional<Last> last(Session session, long from, long to) throws SQLException {
        return session.first(
                LAST,
                row -> new Last(
                        Keys.position(row.getLong(1) + row.getLong(2) - 1),
                        JsonText.toEvents(row.getString(3)).getLast()),
                from,
                to);
    }

    /** How many events there are in the rows with these keys. */
    static long countEvents(Session session, long first, long last) throws SQLException {
        return session.number(COUNT_EVENTS, first, last);
    }

    /** How many events an execution has that begins after position {@code base}. */
    static long count(Session session, long instance, long base) throws SQLException {
        long last = session.number(LAST_POSITION, Keys.of(instance, base), Keys.last(instance));
        return last == 0 ? 0 : Keys.position(last) - base;
    }
}
