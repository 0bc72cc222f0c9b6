package dev.rekindle.postgres;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.StoredText;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A PostgreSQL store under test: a schema whose clock is the test's. Each provider has a wire of its own. */
final class PostgresStore implements TestStore {
    /** So long that no node tells by itself that it is alive while a test runs. */
    private static final Duration TAKEOVER = Duration.ofMinutes(10);

    private final TestSchema schema;
    private final TestClock clock;
    private final Map<PostgresProvider, Wire> living = new LinkedHashMap<>();
    private final Map<PostgresProvider, Wire> others = new LinkedHashMap<>();

    PostgresStore(TestSchema schema, TestClock clock) {
        this.schema = schema;
        this.clock = clock;
        schema.empty();
        schema.setTime(clock.instant());
    }

    @Override
    public Provider open() {
        return open(InstantSource.system());
    }

    @Override
    public Provider openSkewed(Duration off) {
        return open(Clock.offset(Clock.systemUTC().withZone(ZoneOffset.UTC), off));
    }

    private Provider open(InstantSource local) {
        Wire wire = Wire.open();
        PostgresProvider provider =
                PostgresProvider.open(wire.url(schema) + "&pool=5&takeover=" + TAKEOVER.toSeconds(), local);
        living.put(provider, wire);
        return provider;
    }

    @Override
    public void move(Duration by) {
        clock.move(by);
        living.keySet().forEach(provider -> provider.mute(true));
        long[] alive =
                living.keySet().stream().mapToLong(PostgresProvider::nodeKey).toArray();
        StringBuilder keys = new StringBuilder("-1");
        for (long key : alive) {
            keys.append(", ").append(key);
        }
        schema.sql("""
            BEGIN;
            UPDATE rekindle.test_clock SET now = timestamptz 'epoch' + %d * interval '1 millisecond';
            UPDATE rekindle.node SET expires_at = expires_at + %d * interval '1 millisecond' WHERE key IN (%s);
            COMMIT\
            """.formatted(clock.instant().toEpochMilli(), by.toMillis(), keys));
        living.keySet().forEach(provider -> provider.mute(false));
        living.keySet().forEach(PostgresProvider::clockMoved);
    }

    @Override
    public Duration takeover() {
        return TAKEOVER;
    }

    @Override
    public void crash(Provider provider) {
        leaveAlone(provider).dropWithoutRelease();
    }

    @Override
    public void silence(Provider provider) {
        leaveAlone(provider).mute(true);
    }

    private PostgresProvider leaveAlone(Provider provider) {
        PostgresProvider its = (PostgresProvider) provider;
        Wire wire = living.remove(its);
        if (wire != null) {
            others.put(its, wire);
        }
        return its;
    }

    @Override
    public void loseNextAnswer(Provider provider) {
        Wire wire = living.get(provider);
        if (wire == null) {
            throw new AssertionError("not open: " + provider);
        }
        wire.loseAnswerOfCommit(1);
    }

    @Override
    public void rewrite(StoredText text, String instance, UnaryOperator<String> change) {
        String table = switch (text) {
            case HISTORY -> "history";
            case MESSAGES -> "message";
            case WORK -> "work";
        };
        String select =
                "SELECT t.ctid::text, t.body FROM \"%1$s\".%2$s t JOIN \"%1$s\".instance i ON i.key = t.instance WHERE i.id = ?"
                        .formatted(schema.name(), table);
        String update = "UPDATE \"%s\".%s SET body = ? WHERE ctid = ?::tid".formatted(schema.name(), table);
        try (Connection connection = TestServer.connect();
                PreparedStatement read = connection.prepareStatement(select);
                PreparedStatement write = connection.prepareStatement(update)) {
            read.setString(1, instance);
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    write.setString(1, change.apply(rows.getString(2)));
                    write.setString(2, rows.getString(1));
                    write.addBatch();
                }
            }
            write.executeBatch();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        living.values().forEach(Wire::close);
        others.values().forEach(Wire::close);
    }
}
