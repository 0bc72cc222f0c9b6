package dev.rekindle.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement for many rows at once: each of its parameters is an array with one value of each row. */
final class Rows implements Step {
    private final String sql;
    private final Type[] types;
    private final List<List<@Nullable Object>> columns = new ArrayList<>();
    private Answer answer = row -> {};
    private long[] scalars = {};

    /** The types of columns. */
    enum Type {
        BIGINT("bigint", new Long[0]),
        INTEGER("integer", new Integer[0]),
        BOOLEAN("boolean", new Boolean[0]),
        TEXT("text", new String[0]);

        private final String name;
        private final Object[] none;

        Type(String name, Object[] none) {
            this.name = name;
            this.none = none;
        }
    }

    /** What to do with each row that comes back. */
    interface Answer {
        void take(ResultSet row) throws SQLException;
    }

    Rows(String sql, Type... types) {
        this.sql = sql;
        this.types = types;
        Arrays.stream(types).forEach(type -> columns.add(new ArrayList<>()));
    }

    Rows answering(Answer taker) {
        answer = taker;
        return this;
    }

    /** Adds parameters that are no arrays, after those that are. */
    Rows with(long... values) {
        scalars = values.clone();
        return this;
    }

    void add(@Nullable Object... values) {
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(values[i]);
        }
    }

    /** Another statement for the same rows. */
    Rows reusing(String other) {
        Rows same = new Rows(other, types);
        same.columns.clear();
        same.columns.addAll(columns);
        same.scalars = scalars;
        return same;
    }

    boolean isEmpty() {
        return columns.getFirst().isEmpty();
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int index = first;
        for (int i = 0; i < types.length; i++) {
            Object[] values = columns.get(i).toArray(types[i].none);
            statement.setArray(index++, statement.getConnection().createArrayOf(types[i].name, values));
        }
        for (long value : scalars) {
            statement.setLong(index++, value);
        }
        return index;
    }

    @Override
    public void take(ResultSet rows) throws SQLException {
        while (rows.next()) {
            answer.take(rows);
        }
    }
}
