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
        BIGINT("bigint"),
        INTEGER("integer"),
        BOOLEAN("boolean"),
        TEXT("text");

        private final String name;

        Type(String name) {
            this.name = name;
        }

        /** The values as the array that the driver sends in its shortest form. */
        private Object[] array(List<@Nullable Object> values) {
            Object[] none = switch (this) {
                case BIGINT -> new Long[0];
                case INTEGER -> new Integer[0];
                case BOOLEAN -> new Boolean[0];
                case TEXT -> new String[0];
            };
            return values.toArray(none);
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
            columns.get(i).add(values[i] instanceof String text ? storable(text) : values[i]);
        }
    }

    /** The server can't store the character zero; JSON never has it, but what exceptions say may. */
    private static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
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

    int size() {
        return columns.getFirst().size();
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public int bind(PreparedStatement statement, int first) throws SQLException {
        int index = first;
        for (int i = 0; i < types.length; i++) {
            Object[] values = types[i].array(columns.get(i));
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
