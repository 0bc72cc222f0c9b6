package dev.rekindle.postgres;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresProviderTest extends ProviderContract {
    private static final TestSchema SCHEMA = new TestSchema();

    @BeforeAll
    static void createTables() {
        SCHEMA.open().close();
    }

    @AfterAll
    static void dropTables() {
        SCHEMA.close();
    }

    @Override
    protected TestStore store(TestClock clock) {
        return new PostgresStore(SCHEMA, clock);
    }
}
