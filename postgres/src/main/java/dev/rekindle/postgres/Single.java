package dev.rekindle.postgres;

import dev.rekindle.jdbc.RowReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A statement with parameters of its own, and the rows that it gives. */
final class Single<T> implements Step {
    private final String sql;
    private final RowReader<T> reader;
    private final Object[] parameters;
    private final List<T> rows = new ArrayList<>();

    Single(String sql, RowReader<T> reader, Object... parameters) {
        this.sql = sql;
        this.reader = reader;
        this.parameters = parameters.clone();
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int index = first;
        for (Object parameter : parameters) {
            statement.setObject(index++, parameter);
        }
        return index;
    }

    @Override
    public void take(ResultSet result) throws SQLException {
        rows.addAll(reader.all(result));
    }

    /** All rows that came back. */
    List<T> all() {
        return rows;
    }

    /** The only row. */
    T result() {
        return rows.getFirst();
    }
}
