package dev.rekindle.sqlite;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The provider on a file: reads beside the writer. */
@Skips(trait = Trait.SEVERAL_RUNNERS, checks = 25)
@Skips(trait = Trait.LOST_ANSWERS, checks = 14)
class SqliteFileProviderTest extends ProviderContract {
    @TempDir
    private Path dir;

    @Override
    protected TestStore store(TestClock clock) {
        return SqliteStore.file(dir.resolve("store.db"), clock);
    }
}
