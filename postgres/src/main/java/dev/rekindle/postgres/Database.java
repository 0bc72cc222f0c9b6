package dev.rekindle.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.StoreFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where connections come from: a pool of our own, or the user's data source, which stays the user's. Thread-safe.
 *
 * <p><b>Interrupts.</b> An interrupt closes the socket that a virtual thread reads from, and ends a wait for a connection.
 * Questions don't end with an interrupt, so they are asked again, as is everything that had not begun; the thread is left
 * interrupted.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int OLDEST_VERSION = 13;

    /** One that writes, and one that listens. */
    private static final int STANDING_CONNECTIONS = 2;

    private static final long CONNECTION_TIMEOUT = TimeUnit.SECONDS.toMillis(5);
    private static final long VALIDATION_TIMEOUT = TimeUnit.SECONDS.toMillis(3);

    /** What the driver is told where the URL does not say otherwise. Times are seconds. */
    private static final Map<PGProperty, String> DRIVER = Map.of(
            PGProperty.APPLICATION_NAME, "rekindle",
            PGProperty.CONNECT_TIMEOUT, "5",
            PGProperty.TCP_KEEP_ALIVE, "true");

    /** How long the driver waits for a byte of an answer, in seconds, on all connections. */
    private static final String SOCKET_TIMEOUT = String.valueOf(SilenceLimit.LIMIT.toSeconds());

    private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private final String name;
    private final Schema schema;
    private final DataSource source;
    private final DataSource standing;
    private final Optional<HikariDataSource> pool;
    private volatile boolean closed;

    private Database(
            String name,
            PostgresOptions options,
            DataSource source,
            DataSource standing,
            Optional<HikariDataSource> pool) {
        this.name = name;
        this.schema = new Schema(options);
        this.source = source;
        this.standing = standing;
        this.pool = pool;
    }

    /**
     * Opens the database that a URL names, creating or migrating the tables.
     *
     * @throws RekindleException {@code STORE_UNAVAILABLE} when the server does not answer, {@code STORE_UNREADABLE},
     *     {@code STORE_FOREIGN}, {@code STORE_NEWER} or {@code INVALID_ARGUMENT}
     */
    static Database open(PostgresUrl url) {
        prepare(url.name(), url.options(), driver(url, "0"));
        DataSource driver = driver(url, SOCKET_TIMEOUT);
        HikariDataSource pool = new HikariDataSource(pool(url, driver));
        return new Database(url.name(), url.options(), pool, driver, Optional.of(pool));
    }

    /**
     * Opens the database that a data source of the user leads to, creating or migrating the tables.
     *
     * @throws RekindleException as {@link #open(PostgresUrl)} does
     */
    static Database open(DataSource source, PostgresOptions options) {
        String name = "PostgreSQL data source, schema " + options.schema();
        prepare(name, options, source);
        return new Database(name, options, source, source, Optional.empty());
    }

    /**
     * Opens the database that a URL names to read from it. Nothing is created, and the server refuses what would write.
     *
     * @throws RekindleException as {@link #open(PostgresUrl)} does
     */
    static Database openReadOnly(PostgresUrl url) {
        DataSource driver = driver(url.preferringStandby(), SOCKET_TIMEOUT);
        try (Connection connection = plain(driver.getConnection())) {
            checkServer(url.name(), connection);
            new Migrations(url.name(), new Session(connection, new Schema(url.options()))).check();
        } catch (SQLException e) {
            throw Trouble.opening(url.name(), e);
        }
        HikariConfig config = pool(url, driver);
        config.setMaximumPoolSize(url.pool());
        config.setConnectionInitSql("SET default_transaction_read_only = on");
        HikariDataSource pool = new HikariDataSource(config);
        return new Database(url.name(), url.options(), pool, driver, Optional.of(pool));
    }

    /** What to call the store in messages. */
    String name() {
        return name;
    }

    Schema schema() {
        return schema;
    }

    /**
     * A connection outside of any transaction, each statement being one. Closing it gives it back.
     *
     * @throws RekindleException {@code CLOSED}
     */
    Connection connect() throws SQLException {
        return connect(source);
    }

    /**
     * Like {@link #connect()}, for one of the {@value #STANDING_CONNECTIONS} connections that stay. They are not the pool's:
     * after an outage that takes up to five seconds until it tries again.
     */
    Connection connectToStay() throws SQLException {
        return connect(standing);
    }

    private Connection connect(DataSource from) throws SQLException {
        if (closed) {
            throw ProviderErrors.closed(name);
        }
        return plain(from.getConnection());
    }

    /**
     * Asks one question of one statement. It changes nothing, so it may be asked again when a connection broke, or when a
     * standby needed the rows for what the primary did meanwhile.
     */
    <T> T read(Session.Query<T> query) {
        return run(query, true);
    }

    /**
     * Does something, or nothing when it fails.
     *
     * @throws RekindleException {@code STORE_UNAVAILABLE} also when the connection broke and the outcome is unknown
     */
    <T> T write(Session.Query<T> change) {
        return run(change, false);
    }

    /** Does something that may as well be done twice, and so is when a connection broke. */
    <T> T repeat(Session.Query<T> change) {
        return run(change, true);
    }

    private <T> T run(Session.Query<T> query, boolean repeatable) {
        boolean interrupted = Thread.interrupted();
        try {
            for (boolean again = repeatable; ; again = false) {
                boolean begun = false;
                try (Connection connection = connect()) {
                    begun = true;
                    return query.run(new Session(connection, schema));
                } catch (SQLException e) {
                    boolean broken = Thread.interrupted();
                    interrupted |= broken;
                    if (closed) {
                        throw ProviderErrors.closed(name);
                    }
                    boolean lost = Trouble.isConnectionLost(e);
                    boolean harmless = repeatable || !begun;
                    if (!(broken ? harmless : again && (lost || Trouble.isRetryableTransaction(e)))) {
                        throw Trouble.of(name, e);
                    }
                    if (lost && !broken) {
                        forgetIdleConnections();
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where one connection was lost the others in the pool are likely to be, unless it was the reader's own doing. */
    private void forgetIdleConnections() {
        pool.ifPresent(all -> all.getHikariPoolMXBean().softEvictConnections());
    }

    /** Asks a question of several statements that see the database at one moment. */
    <T> T snapshot(Session.Query<T> query) {
        return read(session -> {
            session.script(BEGIN);
            try {
                T answer = query.run(session);
                session.script("COMMIT");
                return answer;
            } catch (SQLException | RuntimeException e) {
                giveUp(session);
                throw e;
            }
        });
    }

    /** Ends a transaction. Where that fails the connection is broken, and its pool finds out. */
    private void giveUp(Session session) {
        try {
            session.script("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("Giving up a connection to {}", name, e);
        }
    }

    /** Questions under way are cut off. */
    @Override
    public void close() {
        closed = true;
        pool.ifPresent(HikariDataSource::close);
    }

    /** Looks at what is there, and changes nothing. */
    static StoreFacts look(PostgresUrl url) {
        try (Connection connection = plain(driver(url, SOCKET_TIMEOUT).getConnection())) {
            checkServer(url.name(), connection);
            return new Migrations(url.name(), new Session(connection, new Schema(url.options()))).look();
        } catch (SQLException e) {
            throw Trouble.opening(url.name(), e);
        }
    }

    private static void prepare(String name, PostgresOptions options, DataSource source) {
        try (Connection connection = plain(source.getConnection())) {
            checkServer(name, connection);
            new Migrations(name, new Session(connection, new Schema(options))).apply();
        } catch (SQLException e) {
            throw Trouble.opening(name, e);
        }
    }

    private static void checkServer(String name, Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a PostgreSQL data source: '%s'; expected connections of the PostgreSQL driver, found '%s'. Hand over another."
                            .formatted(name, connection.getMetaData().getDriverName()));
        }
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            throw new RekindleException(
                    ErrorCode.STORE_UNREADABLE,
                    "server too old: '%s'; expected PostgreSQL %d or newer, found %s. Upgrade the server."
                            .formatted(
                                    name,
                                    OLDEST_VERSION,
                                    connection.getMetaData().getDatabaseProductVersion()));
        }
    }

    private static Connection plain(Connection connection) throws SQLException {
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static DataSource driver(PostgresUrl url, String socketTimeout) {
        Map<String, String> properties = new TreeMap<>(url.properties());
        DRIVER.forEach((property, value) -> properties.putIfAbsent(property.getName(), value));
        properties.putIfAbsent(PGProperty.SOCKET_TIMEOUT.getName(), socketTimeout);
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl(url.jdbc());
        try {
            for (Map.Entry<String, String> property : properties.entrySet()) {
                driver.setProperty(property.getKey(), property.getValue());
            }
        } catch (SQLException e) {
            throw Trouble.opening(url.name(), e);
        }
        return driver;
    }

    private static HikariConfig pool(PostgresUrl url, DataSource driver) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver);
        config.setPoolName("rekindle-" + url.options().schema());
        config.setMaximumPoolSize(url.pool() - STANDING_CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECTION_TIMEOUT);
        config.setValidationTimeout(VALIDATION_TIMEOUT);
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new Eviction());
        return config;
    }
}
