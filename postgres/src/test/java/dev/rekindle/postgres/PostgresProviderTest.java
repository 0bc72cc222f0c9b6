package dev.rekindle.postgres;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresProviderTest extends ProviderContract {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    @BeforeAll
    static void createTables() {
        SCHEMA.open().close();
    }

    @Override
    protected TestStore store(TestClock clock) {
        return new PostgresStore(SCHEMA, clock);
    }
}
