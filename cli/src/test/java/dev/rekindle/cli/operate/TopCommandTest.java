package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Stores;
import dev.rekindle.cli.Cli;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.provider.Provider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopCommandTest {
    private static List<String> top(String url, Object... more) {
        Object[] words = new Object[more.length + 3];
        words[0] = "top";
        words[1] = "--db";
        words[2] = url;
        System.arraycopy(more, 0, words, 3, more.length);
        Cli.Ran ran = Cli.run(Cli.at(Samples.NOW, Map.of(), ""), words);
        assertThat(ran.exitCode()).as(ran.err().toString()).isEqualTo(ExitCode.OK.number());
        assertThat(ran.err()).isEmpty();
        return ran.out();
    }

    @Test
    void top_ofAStoreWithFigures_showsRatesAndFailures() {
        Samples.importInto("test:top", Samples.shop());
        Samples.measureIn("test:top");

        assertThat(top("test:top"))
                .containsSequence(
                        "LAST 5 MIN  ENDED  PER MINUTE  FAILED",
                        "instances     100        20.0  10.0 %",
                        "activities     95        19.0");
        assertThat(top("test:top", "--json"))
                .singleElement()
                .asString()
                .contains("\"lately\":{\"seconds\":300,\"instances\":{\"count\":100,\"failed\":10}");
    }

    @Test
    void top_ofAStoreWithoutFigures_showsTheRest() {
        Samples.importInto("unmeasured:top", Samples.shop());

        assertThat(top("unmeasured:top"))
                .anyMatch(line -> line.startsWith("Running"))
                .noneMatch(line -> line.contains("PER MINUTE"));
        assertThat(top("unmeasured:top", "--json")).singleElement().asString().doesNotContain("lately");
    }

    @Test
    void top_fromTheSecondLookOn_showsWhatWasStarted() {
        Samples.importInto("test:top-twice", Samples.shop());

        assertThat(top("test:top-twice", "--looks", "2", "--every", "1ms"))
                .filteredOn(line -> line.startsWith("started"))
                .singleElement()
                .asString()
                .endsWith("0.0");
    }

    @Test
    void top_ofAStoreWhoseInstanceNobodyRuns_showsSinceWhenItIsDue() {
        try (Provider provider = Stores.open("test:top-late")) {
            new Client(provider).startOrchestration("late-1", "ProcessOrder", "null");
        }

        assertThat(top("test:top-late")).last().asString().contains("late-1", "Pending", "has been due for ");
    }
}
