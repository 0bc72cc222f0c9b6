package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    static Stream<String> commands() {
        return Cli.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_ofEveryCommand_showsAnExampleAndTheExitCodes(String command) {
        Cli.Ran ran = Cli.run(command, "--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("Example:", "Exit codes:")
                .anyMatch(line -> line.startsWith("  rekindle " + command + " "))
                .anyMatch(line -> line.matches(" +5 +the store can't be opened.*"));
    }

    @Test
    void rekindle_withoutArguments_listsTheCommands() {
        Cli.Ran ran = Cli.run();

        assertThat(ran.exitCode()).isZero();
        assertThat(String.join("\n", ran.out())).contains("demo", "bench");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "demo --version"})
    void version_isOneLine(String line) {
        Cli.Ran ran = Cli.run((Object[]) line.split(" "));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).singleElement().asString().startsWith("rekindle ").contains(" on Java ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuchcommand",
                "--nosuchoption",
                "demo --jobs=many",
                "demo --jobs=0",
                "demo one two",
                "demo",
                "bench --workload=lazy",
                "bench --in-flight=0",
                "bench --seconds=0",
                "bench --warmup=-1",
            })
    void wrongArguments_areOneLineOnStderrAndExitCode2(String line) {
        Cli.Ran ran = Cli.run((Object[]) line.split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("INVALID_ARGUMENT ")
                .endsWith("--help'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo . --db=nosuch:store", "bench --db=nosuch:store"})
    void unknownStore_isOneLineOnStderrAndExitCode2(String line) {
        Cli.Ran ran = Cli.run((Object[]) line.split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("UNKNOWN_STORE ")
                .contains("'nosuch:store'", "sqlite:FILE");
    }

    @Test
    void verbose_onAnError_showsTheStackTraceAndTheLine() {
        Cli.Ran ran = Cli.run("bench", "--db", "nosuch:store", "--verbose");

        assertThat(ran.err())
                .anyMatch(line -> line.startsWith("\tat dev.rekindle."))
                .last()
                .asString()
                .startsWith("UNKNOWN_STORE ");
    }
}
