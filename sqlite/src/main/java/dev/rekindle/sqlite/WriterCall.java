package dev.rekindle.sqlite;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads something on the writer's own connection, which is the only one that a database in memory has. */
final class WriterCall<T> extends Op<T> {
    private final Session.Query<T> query;
    private @Nullable T answer;

    WriterCall(Session.Query<T> query) {
        this.query = query;
    }

    @Override
    boolean admit(Batch batch) {
        return true;
    }

    @Override
    void write(Batch batch) throws SQLException {
        answer = query.run(batch.tables().session());
    }

    @Override
    T committed(Batch batch) {
        return Objects.requireNonNull(answer, "not run");
    }
}
