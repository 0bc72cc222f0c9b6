package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Cli;
import dev.rekindle.cli.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of commands with what they print, as a person at a shell would see it. Lines that begin with {@code $} are run, one
 * after the other on the same store; the rest is compared. {@code -Drekindle.golden.update=true} writes the rest anew.
 */
final class Transcript {
    private static final Path FILES = Path.of("src/test/resources/dev/rekindle/cli/operate");
    private static final String PROMPT = "$ ";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final Path file;
    private final Map<String, String> variables;

    private Transcript(String name, String url) {
        this.file = FILES.resolve(name + ".txt");
        this.variables = Map.of("REKINDLE_DB", url);
    }

    /** Runs the commands of a file on a store, and compares. */
    static void check(String name, String url) throws IOException {
        new Transcript(name, url).check();
    }

    private void check() throws IOException {
        List<String> expected = Files.readAllLines(file);
        List<String> found = new ArrayList<>();
        for (String line : expected) {
            if (line.startsWith(PROMPT)) {
                found.addAll(run(line));
            } else if (line.startsWith("#")) {
                found.add(line);
            }
        }
        if (Boolean.getBoolean("rekindle.golden.update")) {
            Files.write(file, found);
        }
        assertThat(String.join("\n", found))
                .as("%s; -Drekindle.golden.update=true writes it anew", file)
                .isEqualTo(String.join("\n", expected));
    }

    /** Runs a line of commands, each with the output of the one before as its input. */
    private List<String> run(String line) {
        List<String> lines = new ArrayList<>();
        lines.add(line);
        String input = "";
        int exitCode = 0;
        for (String command : line.substring(PROMPT.length()).split(" \\| ")) {
            boolean answered = command.startsWith("yes ");
            List<String> words = words(answered ? command.substring(4) : command);
            Surroundings around = Cli.surroundings(
                    InstantSource.fixed(Samples.NOW), variables, answered ? "y\n" : input, answered);
            Cli.Ran ran = Cli.run(around, words.subList(1, words.size()).toArray());
            ran.err().forEach(error -> lines.add("! " + error));
            input = String.join("\n", ran.out());
            exitCode = ran.exitCode();
        }
        lines.addAll(input.lines().toList());
        if (exitCode != 0) {
            lines.add("[exit code " + exitCode + "]");
        }
        lines.add("");
        return lines;
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words;
    }
}
