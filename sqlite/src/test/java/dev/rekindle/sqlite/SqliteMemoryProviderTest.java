package dev.rekindle.sqlite;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;

/** The provider in memory: everything runs on the writer's one connection. */
class SqliteMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        return SqliteStore.memory(clock);
    }
}
