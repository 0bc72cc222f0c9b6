package dev.rekindle.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, and the rows that it is to be run for: all at once. */
final class Rows implements Step {
    private static final Comparator<@Nullable Object[]> BY_KEY = Comparator.<@Nullable Object[]>comparingLong(
                    row -> number(row, 0))
            .thenComparingLong(row -> number(row, 1));

    private final RowStatement statement;
    private final List<@Nullable Object[]> rows;
    private Answer answer = row -> {};
    private boolean sorted;
    private long[] scalars = {};

    /** What to do with each row that comes back. */
    interface Answer {
        void take(ResultSet row) throws SQLException;
    }

    Rows(RowStatement statement) {
        this(statement, new ArrayList<>());
    }

    private Rows(RowStatement statement, List<@Nullable Object[]> rows) {
        this.statement = statement;
        this.rows = rows;
    }

    Rows answering(Answer taker) {
        answer = taker;
        return this;
    }

    /**
     * Rows by their first two columns, where they are numbers. Of two transactions that change the same rows one waits for the
     * other then, and never each for the other.
     */
    Rows inOrder() {
        sorted = true;
        return this;
    }

    /** Adds parameters that are no columns, after those that are. */
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

    /** Another statement for the same rows, which takes all columns of them or the first ones. */
    Rows reusing(RowStatement other) {
        return new Rows(other, rows).with(scalars);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    @Override
    public String sql() {
        return statement.many();
    }

    @Override
    public int bind(PreparedStatement prepared, int first) throws SQLException {
        if (sorted) {
            rows.sort(BY_KEY);
        }
        return bindScalars(prepared, statement.bindMany(prepared, first, rows));
    }

    @Override
    public void take(ResultSet found) throws SQLException {
        while (found.next()) {
            answer.take(found);
        }
    }

    private static long number(@Nullable Object[] row, int column) {
        return column < row.length && row[column] instanceof Long number ? number : 0;
    }

    private int bindScalars(PreparedStatement prepared, int first) throws SQLException {
        int index = first;
        for (long value : scalars) {
            prepared.setLong(index++, value);
        }
        return index;
    }

    /** The same for the only row that there is. */
    Step alone() {
        return new Alone();
    }

    private final class Alone implements Step {
        @Override
        public String sql() {
            return statement.one();
        }

        @Override
        public int bind(PreparedStatement prepared, int first) throws SQLException {
            return bindScalars(prepared, statement.bindOne(prepared, first, rows.getFirst()));
        }

        @Override
        public void take(ResultSet found) throws SQLException {
            Rows.this.take(found);
        }
    }
}
