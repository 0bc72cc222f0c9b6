package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening a database in good and in bad circumstances, and asking it. */
class DatabaseTest {
    private static final String LETTERS = "SELECT count(*) FROM rekindle.dead_letter";
    private static final String LETTER = """
        INSERT INTO rekindle.dead_letter (instance, reason, at, body) VALUES ('i', 'r', now(), '{}')
        """;
    private static final String ROLE = "rekindle_test_role";

    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private final TestSchema own = new TestSchema();

    @AfterEach
    void dropSchemaAndRoles() {
        own.close();
        for (String role : new String[] {ROLE, TestServer.ROLE_WITH_PASSWORD}) {
            own.sql("""
                DO $$ BEGIN
                  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '%1$s') THEN
                    DROP OWNED BY %1$s;
                    DROP ROLE %1$s;
                  END IF;
                END $$\
                """.formatted(role));
        }
    }

    private static RekindleException refused(ThrowingCallable call) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, call);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal;
    }

    private static RekindleException refused(String url) {
        return refused(() -> Database.open(PostgresUrl.parse(url)));
    }

    private static long count(Session session) throws SQLException {
        return session.first(LETTERS, row -> row.getLong(1)).orElseThrow();
    }

    private static Database open(String url) {
        return Database.open(PostgresUrl.parse(url));
    }

    // ---- opening

    @Test
    void testServer_isDurable() {
        assertThat(SCHEMA.value("SHOW fsync")).isEqualTo("on");
        assertThat(SCHEMA.value("SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void open_serverAway_isUnavailable() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RekindleException refusal = refused("postgresql://me:secret@127.0.0.1:" + port + "/shop");
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(refusal.getMessage()).contains("127.0.0.1:" + port).doesNotContain("secret");
    }

    @Test
    void open_wrongPassword_isRefusedWithoutShowingIt() {
        assumeTrue(TestServer.isEmbedded(), "a named server may trust everybody");
        own.sql("CREATE ROLE %s LOGIN PASSWORD 'right'".formatted(TestServer.ROLE_WITH_PASSWORD));
        String url = own.url() + "&user=" + TestServer.ROLE_WITH_PASSWORD + "&password=";
        RekindleException refusal = refused(url + "wrong");
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNREADABLE);
        assertThat(refusal.getMessage())
                .contains("password authentication failed")
                .doesNotContain("wrong");
        assertThat(refused(url + "right")).hasMessageContaining("permission denied");
    }

    @Test
    void open_unknownDatabase_isRefused() {
        RekindleException refusal = refused(own.url().replaceFirst("(?<=\\d)/\\w+\\?", "/nowhere?"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNREADABLE);
        assertThat(refusal).hasMessageContaining("nowhere");
    }

    @Test
    void open_badValueForTheDriver_isRefused() {
        RekindleException refusal = refused(own.url() + "&connectTimeout=long");
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("connectTimeout");
    }

    @Test
    void open_serverTooOld_isRefused() {
        try (Wire wire = Wire.open()) {
            wire.pretendVersion("12.22");
            RekindleException refusal = refused(wire.url(own));
            assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNREADABLE);
            assertThat(refusal).hasMessageContainingAll("PostgreSQL 13 or newer", "12.22");
            wire.pretendVersion("13.0");
            open(wire.url(own)).close();
        }
    }

    @Test
    void open_roleWithoutRights_isRefused() {
        own.sql("CREATE ROLE " + ROLE + " LOGIN");
        RekindleException refusal = refused(own.url() + "&user=" + ROLE);
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNREADABLE);
        assertThat(refusal).hasMessageContaining("permission denied");
    }

    @Test
    void open_roleThatMayNotCreateSchemas_usesTheOneItOwns() {
        own.sql("CREATE ROLE %1$s LOGIN; CREATE SCHEMA %2$s AUTHORIZATION %1$s".formatted(ROLE, own.name()));
        try (Database database = open(own.url() + "&user=" + ROLE)) {
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
        }
    }

    @Test
    void open_roleThatMayNotMigrate_usesTablesThatAreThere() {
        own.open().close();
        own.sql("""
            CREATE ROLE %1$s LOGIN;
            GRANT USAGE ON SCHEMA %2$s TO %1$s;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %2$s TO %1$s
            """.formatted(ROLE, own.name()));
        try (Database database = open(own.url() + "&user=" + ROLE)) {
            assertThat(database.<Integer>write(session -> session.run(LETTER))).isEqualTo(1);
        }
    }

    @Test
    void open_url_tellsTheServerWhoConnects() {
        Session.Query<String> mine =
                session -> session.first("SELECT current_setting('application_name')", row -> row.getString(1))
                        .orElseThrow();
        try (Database database = own.open();
                Database named = open(own.url() + "&ApplicationName=shop")) {
            assertThat(database.read(mine)).isEqualTo("rekindle");
            assertThat(named.read(mine)).isEqualTo("shop");
        }
    }

    // ---- the user's data source

    private static HikariDataSource source() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestServer.url("connectTimeout=5"));
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    @Test
    void openDataSource_usesItAndLeavesItOpenAndClean() throws Exception {
        try (HikariDataSource source = source()) {
            Database database = Database.open(source, own.options());
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
            refused(() -> database.snapshot(session -> session.run("INSERT INTO nowhere VALUES (1)")));
            database.close();
            assertThat(refused(() -> database.read(DatabaseTest::count)).code()).isEqualTo(ErrorCode.CLOSED);
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(statement.executeUpdate(new Schema(own.options()).sql(LETTER)))
                        .isEqualTo(1);
            }
            assertThat(own.value(LETTERS)).isEqualTo("0");
        }
    }

    // ---- asking

    @Test
    void connect_afterClose_isRefused() {
        Database database = SCHEMA.open();
        database.close();
        assertThat(refused(database::connect).code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void snapshot_severalStatements_seeOneMoment() {
        try (Database database = own.open()) {
            String counts = database.snapshot(session -> {
                long before = count(session);
                own.sql(LETTER);
                return before + " then " + count(session);
            });
            assertThat(counts).isEqualTo("0 then 0");
            assertThat(database.<Long>read(DatabaseTest::count)).isEqualTo(1);
        }
    }

    @Test
    void snapshot_write_isRefused() {
        try (Database database = own.open()) {
            assertThat(refused(() -> database.snapshot(session -> session.run(LETTER))))
                    .hasMessageContaining("read-only");
        }
        assertThat(own.value(LETTERS)).isEqualTo("0");
    }

    @Test
    void snapshot_thatFails_leavesNoTransactionBehind() {
        try (Database database = own.open()) {
            for (int i = 0; i < 5; i++) {
                refused(() -> database.snapshot(session -> session.run("SELECT nothing FROM nowhere")));
                assertThat(database.<Integer>write(session -> session.run(LETTER)))
                        .isEqualTo(1);
            }
        }
        assertThat(own.value(LETTERS)).isEqualTo("5");
    }

    @Test
    void read_allConnectionsCutBefore_isAskedAgain() throws Exception {
        try (Wire wire = Wire.open();
                Database database = open(wire.url(own))) {
            List<Connection> several = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                several.add(database.connect());
            }
            for (Connection connection : several) {
                connection.close();
            }
            wire.cut();
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
        }
    }

    @Test
    void write_answerLost_isDoneOnceAndUnknown() throws Exception {
        try (Wire wire = Wire.open();
                Database database = open(wire.url(own))) {
            wire.loseAnswerOfCommit(1);
            RekindleException unknown = refused(() -> database.write(session -> {
                session.script("BEGIN; " + LETTER + "; COMMIT");
                return true;
            }));
            wire.awaitLostAnswer();
            assertThat(unknown.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(own.value(LETTERS)).isEqualTo("1");
        }
    }

    @Test
    void read_serverAway_isUnavailableUntilItIsBack() {
        try (Wire wire = Wire.open();
                Database database = open(wire.url(own))) {
            wire.refuse();
            assertThat(refused(() -> database.read(DatabaseTest::count)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            wire.repair();
            assertThat(database.<Long>read(DatabaseTest::count)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "immediate"})
    void read_serverRestarted_goesOnAndNothingIsLost(String mode) {
        assumeTrue(TestServer.isEmbedded(), "a named server is not ours to restart");
        try (Database database = own.open()) {
            assertThat(database.<Integer>write(session -> session.run(LETTER))).isEqualTo(1);
            TestServer.restart(mode);
            assertThat(database.<Long>read(DatabaseTest::count)).isEqualTo(1);
        }
    }

    @Test
    void read_interruptedVirtualThread_isAnsweredAndStaysInterrupted() throws Exception {
        try (Database database = own.open();
                Connection holder = TestServer.connect();
                Statement lock = holder.createStatement()) {
            int key = own.name().hashCode();
            lock.execute("SELECT pg_advisory_lock(" + key + ")");
            CompletableFuture<Long> answer = new CompletableFuture<>();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(database.read(session -> session.first(
                                    "SELECT 42, pg_advisory_xact_lock(?)", row -> row.getLong(1), (long) key)
                            .orElseThrow()));
                } catch (RekindleException e) {
                    answer.completeExceptionally(e);
                }
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            awaitWaiting(key);
            reader.interrupt();
            lock.execute("SELECT pg_advisory_unlock(" + key + ")");
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(42);
            reader.join();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void write_interruptedWhileItWaitsForAConnection_isDoneAndStaysInterrupted() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestServer.jdbcUrl());
        AtomicBoolean interrupt = new AtomicBoolean();
        try (HikariDataSource source = new HikariDataSource(config) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (interrupt.getAndSet(false)) {
                            Thread.currentThread().interrupt();
                            throw new SQLException("Interrupted during connection acquisition");
                        }
                        return super.getConnection();
                    }
                };
                Database database = Database.open(source, PostgresOptions.DEFAULTS.withSchema(own.name()))) {
            interrupt.set(true);
            assertThat(database.<Integer>write(session -> session.run(LETTER))).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(own.value(LETTERS)).isEqualTo("1");
        }
    }

    private void awaitWaiting(int key) {
        String waiting = "SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND NOT granted"
                + " AND (classid::bigint << 32 | objid::bigint) = ?";
        own.await(waiting, (long) key);
    }

    // ---- the tests' own means

    @Test
    void wire_lostAnswerOfCommit_isCommittedAndTheClientDoesNotKnow() throws Exception {
        try (Wire wire = Wire.open();
                Database database = open(wire.url(own));
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            wire.loseAnswerOfCommit(7);
            for (int i = 1; i < 7; i++) {
                statement.execute(database.schema().sql(LETTER));
                connection.commit();
            }
            statement.execute(database.schema().sql(LETTER));
            SQLException lost = catchThrowableOfType(SQLException.class, connection::commit);
            assertThat(Trouble.isConnectionLost(lost)).isTrue();
            wire.awaitLostAnswer();
            assertThat(own.value(LETTERS)).isEqualTo("7");
        }
    }

    @Test
    void schema_setTime_isTheStoresTime() {
        try (Database database = own.open()) {
            Session.Query<Instant> now =
                    session -> session.first("SELECT rekindle.store_now()", row -> Session.instant(row, 1))
                            .orElseThrow();
            Instant first = Instant.parse("2030-01-01T00:00:00Z");
            own.setTime(first);
            assertThat(database.read(now)).isEqualTo(first);
            own.setTime(first.plusMillis(1));
            assertThat(database.read(now)).isEqualTo(first.plusMillis(1));
            own.sql(LETTER);
            own.empty();
            assertThat(own.value(LETTERS)).isEqualTo("0");
            assertThat(own.value("SELECT key FROM rekindle.node")).isEqualTo("0");
        }
    }
}
