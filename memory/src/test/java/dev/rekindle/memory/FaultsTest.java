package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import dev.rekindle.provider.Provider;
import dev.rekindle.testkit.ProviderContract;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestStore;
import dev.rekindle.testkit.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.NestedMethodSelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Would the contract notice? Each fault of {@code docs/conformance-faults.md} is caught by the checks named there. */
class FaultsTest {
    private static final Path TABLE = Path.of("..", "docs", "conformance-faults.md");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\|[^|]*\\|([^|]*)\\|");
    private static final Pattern CHECK = Pattern.compile("`(\\w+)\\.(\\w+)`");

    /** Which fault the contract below runs with: it is made by JUnit, which can't be handed anything. */
    private static volatile Fault present = Fault.NONE;

    /** The contract on a faulty provider. Not a test by itself. */
    static class OnAFaultyProvider extends ProviderContract {
        @Override
        protected TestStore store(TestClock clock) {
            return new FaultyStore(new SharedStore(clock), present);
        }
    }

    @Test
    void everyFault_isInTheTable() throws IOException {
        List<Fault> faults = new ArrayList<>(Arrays.asList(Fault.values()));
        faults.remove(Fault.NONE);
        assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(faults);
        assertThat(table().values()).allSatisfy(checks -> assertThat(checks).isNotEmpty());
    }

    @Test
    void everyFault_isCaughtByTheChecksOfItsRow() throws IOException {
        table().forEach((fault, checks) -> {
            Events results = run(fault, checks);
            assertThat(results.failed().count())
                    .as(
                            "%s is caught by %s; these succeeded: %s",
                            fault, checks, results.succeeded().list())
                    .isEqualTo(checks.size());
        });
    }

    @Test
    void noFault_theSameChecksSucceed() throws IOException {
        List<String> checks =
                table().values().stream().flatMap(List::stream).distinct().toList();
        Events results = run(Fault.NONE, checks);
        assertThat(results.succeeded().count()).isEqualTo(checks.size());
    }

    private static Events run(Fault fault, List<String> checks) {
        present = fault;
        try {
            return EngineTestKit.engine("junit-jupiter")
                    .selectors(checks.stream().map(FaultsTest::selector).toArray(NestedMethodSelector[]::new))
                    .execute()
                    .testEvents();
        } finally {
            present = Fault.NONE;
        }
    }

    private static NestedMethodSelector selector(String check) {
        String[] names = check.split("\\.");
        return selectNestedMethod(
                List.of(OnAFaultyProvider.class.getName()),
                ProviderContract.class.getName() + "$" + names[0],
                names[1]);
    }

    private static Map<Fault, List<String>> table() throws IOException {
        Map<Fault, List<String>> table = new EnumMap<>(Fault.class);
        Matcher row = ROW.matcher(Files.readString(TABLE));
        while (row.find()) {
            List<String> checks = new ArrayList<>();
            Matcher check = CHECK.matcher(row.group(2));
            while (check.find()) {
                checks.add(check.group(1) + "." + check.group(2));
            }
            table.put(Fault.valueOf(row.group(1)), checks);
        }
        return table;
    }

    /** A store whose providers have a fault. */
    private record FaultyStore(SharedStore store, Fault fault) implements TestStore {
        @Override
        public Map<Trait, String> lacks() {
            return store.lacks();
        }

        @Override
        public Provider open() {
            return new FaultyProvider(store.open(), fault);
        }

        @Override
        public void move(Duration by) {
            store.move(by);
        }

        @Override
        public Duration takeover() {
            return store.takeover();
        }

        @Override
        public void crash(Provider provider) {
            store.crash(((FaultyProvider) provider).inner);
        }

        @Override
        public void silence(Provider provider) {
            store.silence(((FaultyProvider) provider).inner);
        }

        @Override
        public void loseNextAnswer(Provider provider) {
            store.loseNextAnswer(((FaultyProvider) provider).inner);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
