package dev.rekindle.memory;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A store in memory, which is its one provider. */
record MemoryStore(TestClock clock, BasicInMemoryProvider provider, Map<Trait, String> lacks) implements TestStore {
    private static final String ONE = "the store is its provider and ends with it";

    static MemoryStore of(TestClock clock, BasicInMemoryProvider provider) {
        Map<Trait, String> lacks = new EnumMap<>(Trait.class);
        for (Trait trait : new Trait[] {
            Trait.REOPENS,
            Trait.SEVERAL_PROVIDERS,
            Trait.SEVERAL_RUNNERS,
            Trait.CRASHES,
            Trait.FALLS_SILENT,
            Trait.LOST_ANSWERS,
            Trait.SKEWED_CLOCKS
        }) {
            lacks.put(trait, ONE);
        }
        lacks.put(Trait.DAMAGE, "it holds objects, not text");
        return new MemoryStore(clock, provider, lacks);
    }

    @Override
    public Provider open() {
        return provider;
    }

    @Override
    public void move(Duration by) {
        clock.move(by);
        provider.clockMoved();
    }
}
