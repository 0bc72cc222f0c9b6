package dev.rekindle.memory;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.OrchestrationContract;

class BasicInMemoryOrchestrationTest extends OrchestrationContract {
    @Override
    protected Provider open() {
        return new BasicInMemoryProvider();
    }
}
