package dev.rekindle.sqlite;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The provider on a file: reads beside the writer. */
class SqliteFileProviderTest extends ProviderContract {
    @TempDir
    private Path dir;

    @Override
    protected TestStore store(TestClock clock) {
        return SqliteStore.file(dir.resolve("store.db"), clock);
    }
}
