package dev.rekindle.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement for many rows at once: each of its parameters is an array with one value of each row. */
final class Rows implements Step {
    private final String sql;
    private final Type[] types;
    private final List<@Nullable Object[]> rows;
    private Answer answer = row -> {};
    private long[] scalars = {};

    /** The types of columns. */
    enum Type {
        BIGINT("bigint"),
        INTEGER("integer"),
        BOOLEAN("boolean"),
        TEXT("text");

        private final String name;

        Type(String name) {
            this.name = name;
        }

        /** An array that the driver sends in its shortest form. */
        private @Nullable Object[] array(int length) {
            return switch (this) {
                case BIGINT -> new Long[length];
                case INTEGER -> new Integer[length];
                case BOOLEAN -> new Boolean[length];
                case TEXT -> new String[length];
            };
        }
    }

    /** What to do with each row that comes back. */
    interface Answer {
        void take(ResultSet row) throws SQLException;
    }

    Rows(String sql, Type... types) {
        this(sql, types, new ArrayList<>());
    }

    private Rows(String sql, Type[] types, List<@Nullable Object[]> rows) {
        this.sql = sql;
        this.types = types;
        this.rows = rows;
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
            if (values[i] instanceof String text) {
                values[i] = Session.storable(text);
            }
        }
        rows.add(values);
    }

    /** Another statement for the same rows. */
    Rows reusing(String other) {
        return reusing(other, types).with(scalars);
    }

    /** Another statement for the same rows, which takes the first columns of them. */
    Rows reusing(String other, Type... first) {
        return new Rows(other, first, rows);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int index = first;
        for (int i = 0; i < types.length; i++) {
            @Nullable Object[] values = types[i].array(rows.size());
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[i];
            }
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
