package dev.rekindle.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code request}: what other processes want the owner to change. Nearly always empty. */
final class RequestTable {
    private static final String INSERT = """
        INSERT INTO request (at, body) VALUES (?, ?)
        """;
    private static final String LAST = """
        SELECT last_insert_rowid()
        """;
    private static final String ANSWER = """
        UPDATE request SET answer = ? WHERE key = ?
        """;
    private static final String DELETE = """
        DELETE FROM request WHERE key = ?
        """;
    private static final String BY_KEY = """
        SELECT key, at, body, answer FROM request WHERE key = ?
        """;
    private static final String OLDEST = """
        SELECT key, at, body, answer FROM request ORDER BY key LIMIT ?
        """;

    final Bulk insert;
    final Bulk answer;
    final Bulk delete;

    RequestTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.answer = new Bulk(session, ANSWER);
        this.delete = new Bulk(session, DELETE);
    }

    /** One row of {@code request}. */
    record Row(long key, long at, String body, @Nullable String answer) {
        boolean isOpen() {
            return answer == null;
        }
    }

    /** Writes a request at once, and returns its key. */
    long insert(Session session, long at, String body) throws SQLException {
        insert.add(at, body);
        insert.flush();
        return session.number(LAST);
    }

    static Optional<Row> byKey(Session session, long key) throws SQLException {
        return session.first(BY_KEY, RequestTable::row, key);
    }

    static List<Row> oldest(Session session, long limit) throws SQLException {
        return session.list(OLDEST, RequestTable::row, limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4));
    }
}
