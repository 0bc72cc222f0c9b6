package dev.rekindle.memory;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;

class BasicInMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        MemoryStore store = MemoryStore.of(clock, new BasicInMemoryProvider(clock));
        store.lacks().put(Trait.MANAGEMENT, "the basic provider runs orchestrations and does nothing else");
        return store;
    }
}
