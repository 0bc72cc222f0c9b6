package dev.rekindle.postgres;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@Skips(trait = Trait.QUERIES, checks = 67)
@Skips(trait = Trait.CHANGES, checks = 95)
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
