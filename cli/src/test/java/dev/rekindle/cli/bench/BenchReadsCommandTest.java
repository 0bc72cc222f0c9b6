package dev.rekindle.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Cli;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchReadsCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void json_ofAFilledStore_hasOneLineForEachQuestion() {
        Cli.Ran ran = Cli.run(
                "bench-reads",
                "--finished",
                "300",
                "--rounds",
                "1",
                "--json",
                "--db",
                "sqlite:" + folder.resolve("b.db"));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).singleElement().asString().startsWith("filled with 300 instances in ");
        Set<String> questions = new HashSet<>();
        for (String line : ran.out()) {
            JsonNode answer = new JsonMapper().readTree(line);
            assertThat(answer.propertyNames()).containsExactly("question", "found", "p50_ms", "max_ms");
            assertThat(questions.add(answer.get("question").asString()))
                    .as(line)
                    .isTrue();
            assertThat(answer.get("found").asInt() > 0)
                    .as(line)
                    .isEqualTo(isAboutSomething(answer.get("question").asString()));
        }
        assertThat(questions)
                .hasSizeGreaterThan(30)
                .contains(
                        "metrics",
                        "definitions",
                        "why",
                        "list: status Failed",
                        "list: attribute",
                        "figures of an hour",
                        "list: id prefix of all");
    }

    private static boolean isAboutSomething(String question) {
        return !question.contains("nobody has")
                && !question.contains("there is none")
                && !Set.of(
                                "overdue",
                                "activity queues",
                                "nodes",
                                "dead letters",
                                "figures of an hour",
                                "rates of a day")
                        .contains(question);
    }

    @Test
    void atMost_lessThanAnyAnswerTakes_endsWithItsExitCode() {
        Cli.Ran ran = Cli.run(
                "bench-reads",
                "--finished",
                "100",
                "--rounds",
                "1",
                "--at-most",
                "-1",
                "--db",
                "sqlite:" + folder.resolve("b.db"));

        assertThat(ran.exitCode()).isEqualTo(8);
        assertThat(ran.out()).allSatisfy(line -> assertThat(line).endsWith("too long"));
    }

    @Test
    void finished_onAStoreThatCanNotBeFilled_isRefused() {
        Cli.Ran ran = Cli.run("bench-reads", "--finished", "1", "--db", "basic:reads");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).singleElement().asString().startsWith("INVALID_ARGUMENT can't fill this store");
    }
}
