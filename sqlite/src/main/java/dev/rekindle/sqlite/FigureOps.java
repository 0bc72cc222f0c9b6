package dev.rekindle.sqlite;

import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on figures. Nobody's memory follows them, so anyone may do them. */
final class FigureOps {
    private FigureOps() {}

    /** Adds to what is kept. */
    static final class Add extends Op<@Nullable Void> {
        private final List<Measurement> measurements;

        Add(List<Measurement> measurements) {
            this.measurements = List.copyOf(measurements);
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            for (Measurement measurement : measurements) {
                batch.tables().figure().add(measurement);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
    }

    /** Forgets what is older than a time; answers with how many rows that were. */
    static final class Forget extends Op<Long> {
        private final Resolution resolution;
        private final Instant before;
        private long rows;

        Forget(Resolution resolution, Instant before) {
            this.resolution = resolution;
            this.before = before;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            rows = FigureTable.count(batch.tables().session(), resolution, before);
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            batch.tables().figure().forget.add(resolution.name(), before.toEpochMilli());
        }

        @Override
        Long committed(Batch batch) {
            return rows;
        }
    }
}
