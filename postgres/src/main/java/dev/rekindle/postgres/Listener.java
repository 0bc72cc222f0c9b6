package dev.rekindle.postgres;

import dev.rekindle.RekindleException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from other nodes that they left something in the queues. When it can't listen it tries again and again; the node
 * looks more often by itself in the meantime.
 */
final class Listener implements Runnable {
    /** There are instances to be run. */
    static final String INSTANCES = "instances";

    /** There are activities to be run. */
    static final String WORK = "work";

    /** There is one more that listens. */
    static final String NODES = "nodes";

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    static final String TELL = "SELECT pg_notify(?, ?)";
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Database database;
    private final Leases leases;
    private final Writer writer;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection listening;

    Listener(Database database, Leases leases, Writer writer) {
        this.database = database;
        this.leases = leases;
        this.writer = writer;
        this.thread = Thread.ofPlatform().daemon().name("rekindle listener").unstarted(this);
    }

    /** What tells the other nodes, as a statement of a transaction. */
    static Single<Boolean> tell(Database database, Set<String> what) {
        return new Single<>(TELL, row -> true, channel(database), String.join(" ", what));
    }

    static String channel(Database database) {
        return "rekindle_" + database.schema().name();
    }

    /** Begins to listen, if it has not. */
    void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** Ends listening, and gives up the connection: it waits for the server, and would come back late. */
    void close() {
        closing.countDown();
        if (!started.getAndSet(true)) {
            return;
        }
        thread.interrupt();
        Connection open = listening;
        try {
            if (open != null) {
                open.abort(Runnable::run);
            }
            thread.join(GRACE.toMillis());
        } catch (SQLException e) {
            LOG.debug("Giving up a connection to {}", database.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        Duration wait = FIRST_WAIT;
        while (closing.getCount() > 0) {
            try (Connection connection = database.connectToStay()) {
                wait = FIRST_WAIT;
                listening = connection;
                listen(connection);
            } catch (SQLException | RekindleException e) {
                LOG.debug("Not listening to {}", database.name(), e);
            }
            listening = null;
            writer.listening(false);
            wait = pause(wait);
        }
    }

    private Duration pause(Duration wait) {
        try {
            closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
        Duration longer = wait.multipliedBy(2);
        return longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    }

    private void listen(Connection connection) throws SQLException {
        try (SilenceLimit limit = new SilenceLimit(connection);
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"" + channel(database) + '"');
            statement.execute("NOTIFY \"%s\", '%s'".formatted(channel(database), NODES));
            writer.listening(true);
            PGConnection server = connection.unwrap(PGConnection.class);
            while (closing.getCount() > 0) {
                PGNotification[] heard = server.getNotifications((int) ROUND.toMillis());
                if (heard == null || heard.length == 0) {
                    statement.execute("SELECT 1");
                    continue;
                }
                for (PGNotification one : heard) {
                    hear(one.getParameter());
                }
            }
            statement.execute("UNLISTEN *");
        }
    }

    private void hear(String what) {
        if (what.contains(NODES)) {
            writer.lookSoon();
        }
        if (what.contains(INSTANCES)) {
            leases.with(leases.instanceSignal::raise);
        }
        if (what.contains(WORK)) {
            leases.with(leases.workSignal::raise);
        }
    }
}
