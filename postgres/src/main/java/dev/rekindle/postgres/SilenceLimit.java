package dev.rekindle.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * While it is open, a connection waits for a byte of an answer for a minute at most, where nobody else has limited it: a
 * server that lost its power says nothing.
 */
final class SilenceLimit implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(1);

    private final Connection connection;
    private final boolean wasUnlimited;

    SilenceLimit(Connection connection) throws SQLException {
        this.connection = connection;
        this.wasUnlimited = connection.getNetworkTimeout() == 0;
        limit((int) LIMIT.toMillis());
    }

    @Override
    public void close() throws SQLException {
        limit(0);
    }

    private void limit(int millis) throws SQLException {
        if (wasUnlimited) {
            connection.setNetworkTimeout(Runnable::run, millis);
        }
    }
}
