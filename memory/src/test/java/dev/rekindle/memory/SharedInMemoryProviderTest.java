package dev.rekindle.memory;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;

/** The provider in memory, shared by nodes that die and fall silent one by one. */
@Skips(trait = Trait.DAMAGE, checks = 18)
@Skips(trait = Trait.SKEWED_CLOCKS, checks = 3)
class SharedInMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        return new SharedStore(clock);
    }
}
