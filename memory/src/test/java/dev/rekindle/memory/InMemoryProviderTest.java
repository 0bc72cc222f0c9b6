package dev.rekindle.memory;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;

// snippet: contract
@Skips(trait = Trait.REOPENS, checks = 15)
@Skips(trait = Trait.SEVERAL_PROVIDERS, checks = 45)
@Skips(trait = Trait.CRASHES, checks = 24)
@Skips(trait = Trait.DAMAGE, checks = 18)
@Skips(trait = Trait.LOST_ANSWERS, checks = 14)
class InMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        return MemoryStore.of(clock, new InMemoryProvider(clock));
    }
}
// snippet end
