package dev.rekindle.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.rekindle.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class BenchCommandTest {

    @ParameterizedTest
    @EnumSource
    void json_ofEveryWorkload_isOneObjectWithFiguresAndSettings(Workload workload, @TempDir Path folder) {
        String url = "sqlite:" + folder.resolve("bench.db");

        Cli.Ran ran = bench("--workload", workload, "--db", url, "--in-flight", "4", "--json");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).hasSize(1);
        JsonNode result = new JsonMapper().readTree(ran.lastLine());
        double orchestrations = result.get("orchestrations_per_s").asDouble();
        assertThat(orchestrations).isPositive();
        assertThat(result.get("activities_per_s").asDouble())
                .isCloseTo(orchestrations * workload.activities(), withinPercentage(1));
        assertThat(result.get("p50_ms").asDouble()).isPositive();
        assertThat(result.get("p99_ms").asDouble())
                .isGreaterThanOrEqualTo(result.get("p50_ms").asDouble());
        assertThat(result.get("orchestrations").asLong()).isPositive();
        assertThat(result.get("errors").asLong()).isZero();
        assertThat(result.get("settings").propertyNames())
                .containsExactly("workload", "db", "store", "in_flight", "warmup_s", "seconds", "java", "cpus");
        assertThat(result.get("settings").get("workload").asString()).isEqualTo(workload.toString());
        assertThat(result.get("settings").get("db").asString()).isEqualTo(url);
        assertThat(result.get("settings").get("in_flight").asInt()).isEqualTo(4);
        assertThat(result.get("runtime").propertyNames())
                .containsExactly("turns", "replays", "activities", "evictions", "resident", "resident_bytes");
        assertThat(result.get("runtime").get("activities").asLong()).isPositive();
    }

    @Test
    void table_inANewStore_isForPeopleAndLeavesNothingBehind() {
        Cli.Ran ran = bench("--workload", "hello", "--in-flight", "1");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .anyMatch(line -> line.matches("orchestrations/s +[0-9,]+"))
                .anyMatch(line -> line.matches("p99 +[0-9.,]+ ms"))
                .anyMatch(line -> line.matches("errors +0"));
        assertThat(Path.of("").toAbsolutePath()).isDirectoryNotContaining("glob:**/.rekindle-bench-*");
    }

    private static Cli.Ran bench(Object... options) {
        Object[] args = new Object[options.length + 5];
        System.arraycopy(new Object[] {"bench", "--seconds", "0.5", "--warmup", "0.5"}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        return Cli.run(args);
    }
}
