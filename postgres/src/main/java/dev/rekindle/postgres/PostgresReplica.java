package dev.rekindle.postgres;

import dev.rekindle.RekindleException;
import dev.rekindle.provider.ProviderErrors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Management that reads a store and writes nothing, not even that it is there: what a hot standby allows. Hand it to a
 * client as its management object, beside a provider that is connected to the primary. Its methods that change something
 * fail with {@code READ_ONLY}. What it says is as old as the standby is behind. Thread-safe.
 */
public final class PostgresReplica extends StoreReads implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresReplica(Database database) {
        super(database);
    }

    /**
     * Opens the store that a URL names, in the forms of {@link PostgresProvider#open(String)}. Of several hosts a standby is
     * preferred, unless the URL says otherwise. The tables have to be there, as this version made them.
     *
     * @throws RekindleException {@code STORE_UNREADABLE}, also when the tables are older than this version; {@code
     *     STORE_FOREIGN}, {@code STORE_NEWER}, {@code STORE_UNAVAILABLE} or {@code INVALID_ARGUMENT}
     */
    public static PostgresReplica open(String url) {
        return new PostgresReplica(Database.openReadOnly(PostgresUrl.parse(url)));
    }

    /** Lets go of the store. Repeating does nothing. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            database.close();
        }
    }

    @Override
    void checkOpen() {
        if (closed.get()) {
            throw ProviderErrors.closed(database.name());
        }
    }
}
