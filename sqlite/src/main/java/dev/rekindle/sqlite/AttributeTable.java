package dev.rekindle.sqlite;

import java.sql.SQLException;

/** The table {@code attribute}: what instances can be found by. */
final class AttributeTable {
    private static final String INSERT = """
        INSERT INTO attribute (name, value, created_at, instance) VALUES (?, ?, ?, ?)
        """;
    private static final String DELETE = """
        DELETE FROM attribute WHERE name = ? AND value = ? AND created_at = ? AND instance = ?
        """;

    final Bulk insert;
    final Bulk delete;

    AttributeTable(Session session) throws SQLException {
        this.insert = new Bulk(session, INSERT);
        this.delete = new Bulk(session, DELETE);
    }
}
