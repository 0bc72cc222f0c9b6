package dev.rekindle.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.OldStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file with the tables of the first migration, and rows in them, when this version opens it. */
@Timeout(60)
class OldStoreTest extends OldStoreContract {
    private static final String OWNED = "PRAGMA application_id = " + StoreFile.APPLICATION_ID;

    @TempDir
    private Path dir;

    private String jdbc() {
        return "jdbc:sqlite:" + dir.resolve("old.db");
    }

    @Override
    protected Provider open() throws SQLException, IOException {
        try (Session session = Session.connect(jdbc())) {
            session.script(text("migrations/0001_initial.sql"));
            session.script("PRAGMA user_version = 1");
            session.script(OWNED);
            session.script("PRAGMA journal_mode = WAL");
            session.script(text("old-store.sql"));
        }
        return SqliteProvider.open("sqlite:" + dir.resolve("old.db"));
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(SqliteProvider.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void open_ofAnOldStore_hasTheTablesOfANewOne() throws SQLException {
        SqliteProvider.open("sqlite:" + dir.resolve("new.db")).close();
        try (Session old = Session.connect(jdbc());
                Session young = Session.connect("jdbc:sqlite:" + dir.resolve("new.db"))) {
            assertThat(old.number("PRAGMA user_version")).isEqualTo(StoreFile.SCHEMA);
            assertThat(layout(old)).isEqualTo(layout(young));
            assertThat(old.list("PRAGMA integrity_check", row -> row.getString(1)))
                    .containsExactly("ok");
        }
    }

    private static List<String> layout(Session session) throws SQLException {
        return session.list(
                "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1",
                row -> row.getString(1));
    }
}
