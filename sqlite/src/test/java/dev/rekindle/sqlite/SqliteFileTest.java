package dev.rekindle.sqlite;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The provider on a file: reads beside the writer. */
class SqliteFileTest extends SqliteContract {
    @TempDir
    private Path dir;

    @Override
    String url() {
        return "sqlite:" + dir.resolve("store.db");
    }
}
