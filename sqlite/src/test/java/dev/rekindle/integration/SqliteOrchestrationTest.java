package dev.rekindle.integration;

import dev.rekindle.provider.Provider;
import dev.rekindle.sqlite.SqliteProvider;
import dev.rekindle.testkit.OrchestrationContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteOrchestrationTest extends OrchestrationContract {
    @TempDir
    private Path dir;

    @Override
    protected Provider open() {
        return SqliteProvider.open("sqlite:" + dir.resolve("orchestrations.db"));
    }
}
