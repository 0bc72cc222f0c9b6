package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.Skips;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A list of skips that is not true fails, whatever else succeeds. Not to be seen in a run: the classes below. */
class SkipsTest {
    /** Lists nothing of what its store lacks, and something that it does not. */
    @Skips(trait = Trait.MANAGEMENT, checks = 20)
    static class ListsWrongly extends ProviderContract {
        @Override
        protected TestStore store(TestClock clock) {
            return MemoryStore.of(clock, new InMemoryProvider(clock));
        }
    }

    @Test
    void skips_thatDifferFromThoseListed_failTheContract() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(ListsWrongly.class))
                .execute();
        assertThat(results.testEvents().failed().count()).isZero();
        List<String> failures = results.containerEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .map(Throwable::getMessage)
                        .orElse(""))
                .toList();
        assertThat(failures)
                .singleElement()
                .asString()
                .contains(
                        "the skips of ListsWrongly", "MANAGEMENT: expected 20, found 0", "REOPENS: expected 0, found");
    }
}
