package dev.rekindle.sqlite;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads something on the writer's own connection, which is the only one that a database in memory has; before anything
 * of its batch is written, so that it sees whole operations only.
 */
final class WriterCall<T> extends Op<T> {
    private final Session.Query<T> query;
    private @Nullable T answer;

    WriterCall(Session.Query<T> query) {
        this.query = query;
    }

    @Override
    boolean admit(Batch batch) throws SQLException {
        answer = query.run(batch.tables().session());
        return true;
    }

    @Override
    void write(Batch batch) {}

    @Override
    T committed(Batch batch) {
        return Objects.requireNonNull(answer, "not run");
    }
}
