package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.Stores;
import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.TestNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening: what is refused, and that it is left alone. */
class OpeningTest {
    @TempDir
    private Path dir;

    private void assertUntouched(ErrorCode code, Path file) throws IOException {
        byte[] before = Files.readAllBytes(file);
        List<String> neighbours = names();
        assertCode(code, () -> SqliteProvider.open("sqlite:" + file));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(names()).isEqualTo(neighbours);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void sql(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void open_foreignDatabase_isRefusedUntouched() throws Exception {
        Path file = dir.resolve("other.db");
        sql(file, "CREATE TABLE theirs (a)");
        assertUntouched(ErrorCode.STORE_FOREIGN, file);
    }

    @Test
    void open_foreignDatabaseWithWriteAheadLog_isRefusedUntouched() throws Exception {
        Path file = dir.resolve("other.db");
        sql(file, "PRAGMA journal_mode = WAL", "CREATE TABLE theirs (a)");
        assertUntouched(ErrorCode.STORE_FOREIGN, file);
    }

    @Test
    void open_otherApplicationId_isRefusedUntouched() throws Exception {
        Path file = dir.resolve("other.db");
        sql(file, "PRAGMA application_id = 42");
        assertUntouched(ErrorCode.STORE_FOREIGN, file);
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Where a process can see which files it has open.
    void connection_damagedMeanwhile_isClosed() throws Exception {
        Path path = Files.writeString(dir.resolve("damaged.db"), "no database at all".repeat(100));
        StoreFile file = new StoreFile(SqliteUrl.parse("sqlite:" + path));
        assertThatThrownBy(file::writer).isInstanceOf(SQLException.class);
        assertThatThrownBy(file::reader).isInstanceOf(SQLException.class);
        assertThat(openFiles()).doesNotContain(path.toRealPath().toString());
    }

    private static List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        for (File descriptor : Objects.requireNonNull(new File("/proc/self/fd").listFiles())) {
            open.add(descriptor.getCanonicalPath());
        }
        return open;
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a database", "SQLite format 3\u0000 and then rubbish"})
    void open_notADatabase_isRefusedUntouched(String content) throws Exception {
        Path file = dir.resolve("notes.txt");
        Files.writeString(file, content.repeat(100));
        assertUntouched(ErrorCode.STORE_FOREIGN, file);
    }

    @Test
    void open_newerSchema_isRefusedUntouched() throws Exception {
        Path file = dir.resolve("store.db");
        SqliteProvider.open("sqlite:" + file).close();
        Files.delete(dir.resolve("store.db-owner"));
        sql(file, "PRAGMA user_version = 99");
        assertUntouched(ErrorCode.STORE_NEWER, file);
    }

    @Test
    void open_directoryOrNoDirectory_isRefused() {
        assertCode(ErrorCode.STORE_UNREADABLE, () -> SqliteProvider.open("sqlite:" + dir));
        Path missing = dir.resolve("missing").resolve("store.db");
        assertCode(ErrorCode.STORE_UNREADABLE, () -> SqliteProvider.open("sqlite:" + missing));
        assertThat(missing.getParent()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:",
                "sqlite:a.db?synchronous=OFF",
                "sqlite:a.db?mode=ro",
                "sqlite:a\u0000.db",
                "postgres:x"
            })
    void open_urlNotUnderstood_isRefused(String url) {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> SqliteProvider.open(url));
    }

    @Test
    void open_formsOfUrl_leadToTheSameFile() {
        Path file = dir.resolve("with space & 100%?.db".replace("?", ""));
        try (SqliteProvider one = SqliteProvider.open("sqlite:" + file);
                SqliteProvider two = SqliteProvider.open("sqlite://" + file + "?synchronous=normal")) {
            new TestNode(one, "node").start("a");
            assertThat(two.listInstances()).containsExactly("a");
            assertThat(one.name()).isEqualTo("SQLite with space & 100%.db");
        }
        assertThat(file).exists();
    }

    @Test
    void open_byManyAtOnce_createsOneStore() throws Exception {
        String url = "sqlite:" + dir.resolve("store.db");
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<Future<SqliteProvider>> opened = IntStream.range(0, 8)
                    .mapToObj(i -> callers.submit(() -> SqliteProvider.open(url)))
                    .toList();
            for (int i = 0; i < 8; i++) {
                new TestNode(opened.get(i).get(), "node").start("i" + i);
            }
            assertThat(opened.getFirst().get().listInstances()).hasSize(8);
            for (Future<SqliteProvider> provider : opened) {
                provider.get().close();
            }
        }
    }

    @Test
    void stores_findTheProviderByItsUrl() {
        try (Provider provider = Stores.open("sqlite:" + dir.resolve("store.db"))) {
            assertThat(provider).isInstanceOf(SqliteProvider.class);
        }
    }
}
