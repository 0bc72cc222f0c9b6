package dev.rekindle.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement for rows that stand in it as {@code :rows}, and that has two forms. For many rows, each column is an array.
 * For one row the values stand in the statement themselves, which spares the server a scan of a function for each column
 * and the joins with it: that is half the work of a statement that touches one row. Immutable.
 *
 * <p>A table is joined to the rows by {@code key = ANY (ARRAY[r.key])} and not by {@code key = r.key}: the first can only
 * be answered by looking each row up. For the second, a plan that the server makes while a queue looks empty reads
 * the queue's whole index, dead entries and all, and is kept after the queue has filled.
 *
 * @param many the statement for any number of rows
 * @param one the statement for exactly one row
 * @param types the types of the columns
 */
record RowStatement(String many, String one, List<Type> types) {
    private static final String ROWS = ":rows";

    /** The types of columns. */
    enum Type {
        BIGINT("bigint", Types.BIGINT),
        INTEGER("integer", Types.INTEGER),
        BOOLEAN("boolean", Types.BOOLEAN),
        TEXT("text", Types.VARCHAR);

        private final String name;
        private final int code;

        Type(String name, int code) {
            this.name = name;
            this.code = code;
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

    /**
     * Prepares a statement.
     *
     * @param sql the statement; its rows stand in it once, as {@code :rows AS r (first, second)}
     * @param types the types of the columns of these rows
     */
    static RowStatement of(String sql, Type... types) {
        if (!sql.contains(ROWS)) {
            throw new IllegalArgumentException("a statement without " + ROWS + ": " + sql);
        }
        return new RowStatement(
                sql.replace(ROWS, columns("unnest(", types, "[]", ")")),
                sql.replace(ROWS, columns("(VALUES (", types, "", "))")),
                List.of(types));
    }

    private static String columns(String before, Type[] types, String suffix, String after) {
        return Arrays.stream(types)
                .map(type -> "?::" + type.name + suffix)
                .collect(Collectors.joining(", ", before, after));
    }

    /** Sets the parameters of {@link #many} from this index on, and returns the index after them. */
    int bindMany(PreparedStatement statement, int first, List<@Nullable Object[]> rows) throws SQLException {
        int index = first;
        for (int column = 0; column < types.size(); column++) {
            Type type = types.get(column);
            @Nullable Object[] values = type.array(rows.size());
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[column];
            }
            statement.setArray(index++, statement.getConnection().createArrayOf(type.name, values));
        }
        return index;
    }

    /** Sets the parameters of {@link #one} from this index on, and returns the index after them. */
    int bindOne(PreparedStatement statement, int first, @Nullable Object[] row) throws SQLException {
        int index = first;
        for (int column = 0; column < types.size(); column++) {
            switch (row[column]) {
                case null -> statement.setNull(index, types.get(column).code);
                case Long number -> statement.setLong(index, number);
                case Integer number -> statement.setInt(index, number);
                case Boolean flag -> statement.setBoolean(index, flag);
                case String text -> statement.setString(index, text);
                case Object other -> throw new IllegalArgumentException("can't bind " + other.getClass());
            }
            index++;
        }
        return index;
    }
}
