package dev.rekindle.postgres;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.OrchestrationContract;
import org.junit.jupiter.api.AfterAll;

class PostgresOrchestrationTest extends OrchestrationContract {
    private static final TestSchema SCHEMA = new TestSchema();

    @AfterAll
    static void dropTables() {
        SCHEMA.close();
    }

    @Override
    protected Provider open() {
        SCHEMA.close();
        return PostgresProvider.open(SCHEMA.url());
    }
}
