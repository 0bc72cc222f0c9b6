package dev.rekindle.memory;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;

// snippet: contract
class InMemoryProviderTest extends ProviderContract {
    @Override
    protected TestStore store(TestClock clock) {
        return MemoryStore.of(clock, new InMemoryProvider(clock));
    }
}
// snippet end
