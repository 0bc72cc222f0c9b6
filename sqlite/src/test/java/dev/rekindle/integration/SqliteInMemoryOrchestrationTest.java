package dev.rekindle.integration;

import dev.rekindle.provider.Provider;
import dev.rekindle.sqlite.SqliteProvider;
import dev.rekindle.testkit.OrchestrationContract;

class SqliteInMemoryOrchestrationTest extends OrchestrationContract {
    @Override
    protected Provider open() {
        return SqliteProvider.open("sqlite::memory:");
    }
}
