package dev.rekindle.memory;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;

@Skips(trait = Trait.MANAGEMENT, checks = 200)
@Skips(trait = Trait.EAGER_START, checks = 23)
@Skips(trait = Trait.ANALYTICS, checks = 8)
@Skips(trait = Trait.REOPENS, checks = 10)
@Skips(trait = Trait.SEVERAL_PROVIDERS, checks = 38)
@Skips(trait = Trait.CRASHES, checks = 23)
@Skips(trait = Trait.DAMAGE, checks = 18)
@Skips(trait = Trait.LOST_ANSWERS, checks = 14)
class BasicInMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        MemoryStore store = MemoryStore.of(clock, new BasicInMemoryProvider(clock));
        String basic = "the basic provider runs orchestrations and does nothing else";
        store.lacks().put(Trait.MANAGEMENT, basic);
        store.lacks().put(Trait.QUERIES, basic);
        store.lacks().put(Trait.CHANGES, basic);
        store.lacks().put(Trait.ANALYTICS, basic);
        store.lacks().put(Trait.EAGER_START, basic);
        return store;
    }
}
