package dev.rekindle.postgres;

import dev.rekindle.jdbc.RowReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection while somebody asks something of it. The driver remembers statements. Used by one thread at a time. */
record Session(Connection connection, Schema schema) {
    /** The server keeps times up to the year 294276; what lies beyond this is stored as never. */
    private static final Instant NEVER = Instant.parse("+200000-01-01T00:00:00Z");

    /** And from the year 4713 before Christ on; no row is from before this. */
    private static final Instant BEFORE_ALL = Instant.parse("-4000-01-01T00:00:00Z");

    /** Something to be asked. */
    interface Query<T> {
        T run(Session session) throws SQLException;
    }

    PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(schema.sql(sql));
    }

    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = bound(sql, values);
                ResultSet rows = statement.executeQuery()) {
            return reader.all(rows);
        }
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = bound(sql, values);
                ResultSet rows = statement.executeQuery()) {
            return reader.first(rows);
        }
    }

    /** Executes a statement without a result; how many rows it changed. */
    int run(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = bound(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, values);
        return statement;
    }

    /** Executes a text of one or more statements that are needed only once. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema.rewrite(sql));
        }
    }

    static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case Boolean flag -> statement.setBoolean(i + 1, flag);
                case String text -> statement.setString(i + 1, storable(text));
                case Instant time -> statement.setObject(i + 1, stored(time));
                case String[] texts -> statement.setArray(i + 1, array(statement, "text", storable(texts)));
                case Long[] numbers -> statement.setArray(i + 1, array(statement, "bigint", numbers));
                case Object other -> throw new IllegalArgumentException("can't bind " + other.getClass());
            }
        }
    }

    /** A time as a value of the type {@code timestamptz}. */
    static OffsetDateTime stored(Instant time) {
        if (time.isBefore(BEFORE_ALL)) {
            return OffsetDateTime.MIN;
        }
        return time.isBefore(NEVER) ? time.atOffset(ZoneOffset.UTC) : OffsetDateTime.MAX;
    }

    /** The server can't store the character zero; JSON never has it, but what exceptions say may. */
    static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    private static String[] storable(String[] texts) {
        return Arrays.stream(texts).map(Session::storable).toArray(String[]::new);
    }

    private static Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant nullableInstant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
