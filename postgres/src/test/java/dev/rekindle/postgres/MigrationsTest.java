package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Creating and migrating schemas, alone and at once, and what is refused and left alone. */
class MigrationsTest {
    private static final String TABLES = """
        SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = ?
        """;
    private static final String ALL = "1 0001_initial, 2 0002_management, 3 0003_analytics, 4 0004_troubled";
    private static final String APPLIED = """
        SELECT string_agg(number || ' ' || name, ', ' ORDER BY number) FROM rekindle.migration
        """;
    private static final Migrations.Migration FIRST =
            new Migrations.Migration("0001_first", "CREATE TABLE rekindle.a (x int)");
    private static final Migrations.Migration SECOND = new Migrations.Migration(
            "0002_second", "ALTER TABLE rekindle.a ADD y int; INSERT INTO rekindle.a VALUES (1, 2)");
    private static final Migrations.Migration BROKEN =
            new Migrations.Migration("0003_broken", "CREATE TABLE rekindle.b (x int); SELECT nothing FROM nowhere");

    private static final String READ = "SELECT count(*) FROM rekindle.a";
    private static final String WAITING =
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = (? || '.a')::regclass";

    private final TestSchema schema = new TestSchema();

    @AfterEach
    void dropSchema() {
        schema.close();
    }

    private void migrate(Migrations.Migration... known) throws SQLException {
        try (Connection connection = TestServer.connect()) {
            new Migrations("test", new Session(connection, new Schema(schema.options())), List.of(known)).apply();
        }
    }

    private RekindleException refused() {
        return catchThrowableOfType(RekindleException.class, schema::open);
    }

    @Test
    void open_newSchema_createsTablesAndRecordsIt() {
        schema.open().close();
        assertThat(schema.value(APPLIED)).isEqualTo(ALL);
        assertThat(schema.value("SELECT name FROM rekindle.node WHERE key = 0")).isEqualTo("gone");
    }

    @Test
    void open_again_changesNothing() {
        schema.open().close();
        String when = schema.value("SELECT max(applied_at) FROM rekindle.migration");
        schema.open().close();
        assertThat(schema.value("SELECT max(applied_at) FROM rekindle.migration"))
                .isEqualTo(when);
    }

    @Test
    void open_byManyAtOnce_createsOneStore() throws Exception {
        int nodes = 8;
        CyclicBarrier together = new CyclicBarrier(nodes);
        try (ExecutorService callers = Executors.newFixedThreadPool(nodes)) {
            List<Future<Database>> opened = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                opened.add(callers.submit(() -> {
                    together.await();
                    return schema.open();
                }));
            }
            for (Future<Database> database : opened) {
                database.get().close();
            }
        }
        assertThat(schema.value(APPLIED)).isEqualTo(ALL);
        assertThat(schema.value("SELECT count(*) FROM rekindle.node")).isEqualTo("1");
    }

    @Test
    void open_twoSchemasOfOneDatabase_areApart() {
        try (TestSchema other = new TestSchema()) {
            schema.open().close();
            other.open().close();
            schema.sql("INSERT INTO rekindle.dead_letter (instance, reason, at, body) VALUES ('i', 'r', now(), '{}')");
            assertThat(schema.value("SELECT count(*) FROM rekindle.dead_letter"))
                    .isEqualTo("1");
            assertThat(other.value("SELECT count(*) FROM rekindle.dead_letter")).isEqualTo("0");
        }
    }

    @Test
    void open_schemaNamedByAKeyword_works() {
        String url = TestServer.url("schema=user");
        Database.open(PostgresUrl.parse(url)).close();
        assertThat(schema.value("SELECT count(*) FROM \"user\".migration")).isEqualTo("4");
        schema.sql("DROP SCHEMA \"user\" CASCADE");
    }

    @Test
    void open_emptySchemaThatIsThere_isUsed() {
        schema.sql("CREATE SCHEMA " + schema.name());
        schema.open().close();
        assertThat(schema.value(APPLIED)).isEqualTo(ALL);
    }

    @Test
    void open_newerSchema_isRefused() {
        schema.open().close();
        schema.sql("INSERT INTO rekindle.migration (number, name) VALUES (5, '0005_later')");
        RekindleException refusal = refused();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_NEWER);
        assertThat(refusal).hasMessageContainingAll("expected migration 4 at most", "found 5");
    }

    @Test
    void open_schemaOfSomethingElse_isRefusedUntouched() {
        schema.sql("CREATE SCHEMA %1$s; CREATE TABLE %1$s.theirs (a int)".formatted(schema.name()));
        assertThat(refused().code()).isEqualTo(ErrorCode.STORE_FOREIGN);
        assertThat(schema.value(TABLES, schema.name())).isEqualTo("1");
    }

    @Test
    void open_migrationTableOfSomethingElse_isRefusedUntouched() {
        schema.sql("CREATE SCHEMA %1$s; CREATE TABLE %1$s.migration (version text)".formatted(schema.name()));
        assertThat(refused().code()).isEqualTo(ErrorCode.STORE_FOREIGN);
        assertThat(schema.value(TABLES, schema.name())).isEqualTo("1");
    }

    @Test
    void open_migrationOfAnotherName_isRefused() {
        schema.open().close();
        schema.sql("UPDATE rekindle.migration SET name = '0001_theirs' WHERE number = 1");
        RekindleException refusal = refused();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_FOREIGN);
        assertThat(refusal).hasMessageContaining("0001_theirs");
    }

    @Test
    void apply_severalMigrations_areAppliedInOrder() throws SQLException {
        migrate(FIRST);
        migrate(FIRST, SECOND);
        assertThat(schema.value(APPLIED)).isEqualTo("1 0001_first, 2 0002_second");
        assertThat(schema.value("SELECT y FROM rekindle.a")).isEqualTo("2");
    }

    @Test
    void apply_migrationThatFails_leavesThoseBeforeIt() {
        assertThatThrownBy(() -> migrate(FIRST, SECOND, BROKEN)).isInstanceOf(SQLException.class);
        assertThat(schema.value(APPLIED)).isEqualTo("1 0001_first, 2 0002_second");
        assertThat(schema.value(
                        "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = 'b'",
                        schema.name()))
                .isEqualTo("0");
    }

    /** As behind a backup that reads all tables: whoever waits behind the change must get through in between. */
    @Test
    @Timeout(60)
    void apply_whileSomebodyReadsTheTable_givesWayToOthers() throws Exception {
        migrate(FIRST);
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                Connection migrating = TestServer.connect();
                Connection reader = TestServer.connect()) {
            reader.setAutoCommit(false);
            Schema names = new Schema(schema.options());
            new Session(reader, names).script(READ);
            Migrations migrations = new Migrations(
                    "test", new Session(migrating, names), List.of(FIRST, SECOND), Duration.ofMillis(100));
            Future<?> done = thread.submit(() -> {
                migrations.apply();
                return null;
            });
            schema.await(WAITING, schema.name());
            schema.sql("SET statement_timeout = '10s'; " + READ + "; RESET statement_timeout");
            assertThat(done.isDone()).isFalse();
            reader.rollback();
            done.get();
        }
        assertThat(schema.value("SELECT y FROM rekindle.a")).isEqualTo("2");
    }

    @Test
    void apply_firstMigrationThatFails_leavesNoSchema() {
        assertThatThrownBy(() -> migrate(BROKEN)).isInstanceOf(SQLException.class);
        assertThat(schema.value("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = ?", schema.name()))
                .isEqualTo("0");
    }
}
