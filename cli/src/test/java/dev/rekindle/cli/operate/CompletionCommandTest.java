package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rekindle.cli.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path folder = Path.of("");

    private static List<String> bash(String... words) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(BASH), "there is no bash here");
        List<String> command = new ArrayList<>(List.of(BASH.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().toList();
    }

    private Path script() throws IOException {
        Cli.Ran ran = Cli.run("generate-completion");
        assertThat(ran.exitCode()).isZero();
        return Files.write(folder.resolve("completion"), ran.out());
    }

    @Test
    void script_isOneThatBashCanRead() throws Exception {
        assertThat(bash("-n", script().toString())).isEmpty();
    }

    @Test
    void script_inABash_completesCommandsAndOptions() throws Exception {
        String press = """
            . "$0"
            compopt() { :; } # works only while somebody presses the key
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            _complete_rekindle
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
        assertThat(bash("-c", press, script().toString(), "rekindle", "dead")).containsExactly("dead-letters");
        assertThat(bash("-c", press, script().toString(), "rekindle", "history", "--la"))
                .containsExactly("--last");
    }
}
