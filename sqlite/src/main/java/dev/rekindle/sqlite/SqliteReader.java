package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.ProviderErrors;
import java.time.InstantSource;

/**
 * Management of a file that is only read: a copy, a snapshot, or one that others work on. What changes something fails with
 * {@code READ_ONLY}; of leases nothing is known. Thread-safe. Made by {@link SqliteProvider#readOnly}.
 */
public final class SqliteReader extends SqliteManagement implements ManagementCapability, AutoCloseable {
    private final String name;
    private final Readers readers;
    private final InstantSource clock;
    private volatile boolean closed;

    private SqliteReader(String name, Readers readers, InstantSource clock) {
        this.name = name;
        this.readers = readers;
        this.clock = clock;
    }

    /**
     * Opens a file to read.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, {@code STORE_FOREIGN}, {@code STORE_NEWER} or {@code
     *     INVALID_ARGUMENT}
     */
    static SqliteReader open(String url, InstantSource clock) {
        SqliteUrl parsed = SqliteUrl.parse(url);
        StoreFile file = new StoreFile(parsed);
        file.checkReadable();
        return new SqliteReader(parsed.name(), new Readers(parsed.name(), file::readOnly), clock);
    }

    @Override
    <T> T query(Session.Query<T> query) {
        if (closed) {
            throw ProviderErrors.closed(name);
        }
        return readers.read(query);
    }

    @Override
    Holders holders() {
        return Holders.NOBODY;
    }

    @Override
    long now() {
        return clock.millis();
    }

    /** Waits for reads under way. */
    @Override
    public void close() {
        closed = true;
        readers.close();
    }
}
