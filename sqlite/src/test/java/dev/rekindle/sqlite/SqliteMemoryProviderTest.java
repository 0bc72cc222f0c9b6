package dev.rekindle.sqlite;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;

/** The provider in memory: everything runs on the writer's one connection. */
@Skips(trait = Trait.REOPENS, checks = 15)
@Skips(trait = Trait.SEVERAL_PROVIDERS, checks = 45)
@Skips(trait = Trait.CRASHES, checks = 24)
@Skips(trait = Trait.DAMAGE, checks = 18)
@Skips(trait = Trait.LOST_ANSWERS, checks = 14)
class SqliteMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        return SqliteStore.memory(clock);
    }
}
