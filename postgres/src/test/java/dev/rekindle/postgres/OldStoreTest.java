package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.OldStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A schema with the tables of the first migration, and rows in them, when this version opens it. */
@Timeout(60)
class OldStoreTest extends OldStoreContract {
    private static final String LAYOUT = """
        SELECT string_agg(what, ', ' ORDER BY what) FROM (
          SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull AS what
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE n.nspname = ? AND c.relkind IN ('r', 'i', 'S')) AS columns
        """;

    private static final TestSchema SCHEMA = new TestSchema();

    @AfterAll
    static void dropSchema() {
        SCHEMA.close();
    }

    @Override
    protected Provider open() throws SQLException, IOException {
        SCHEMA.close();
        try (Connection connection = TestServer.connect()) {
            Migrations.Migration first = Migrations.Migration.read("0001_initial");
            new Migrations("test", new Session(connection, new Schema(SCHEMA.options())), List.of(first)).apply();
        }
        SCHEMA.sql(rows());
        return PostgresProvider.open(SCHEMA.url() + "&takeover=2");
    }

    private static String rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(PostgresProvider.class.getResourceAsStream("old-store.sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void open_ofAnOldStore_hasTheTablesOfANewOne() {
        try (TestSchema young = new TestSchema()) {
            young.open().close();
            assertThat(SCHEMA.value(LAYOUT, SCHEMA.name())).isEqualTo(young.value(LAYOUT, young.name()));
            assertThat(SCHEMA.value("SELECT max(number) FROM rekindle.migration"))
                    .isEqualTo(young.value("SELECT max(number) FROM rekindle.migration"));
        }
    }
}
