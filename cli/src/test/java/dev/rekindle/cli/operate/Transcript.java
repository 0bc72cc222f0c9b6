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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of commands with what they print, as a person at a shell would see it. Lines that begin with {@code $} are run, one
 * after the other on the same store, in front of a person who answers where a word stands before the command; the rest is
 * compared. {@code -Drekindle.golden.update=true} writes the rest anew.
 */
final class Transcript {
    private static final Path FILES = Path.of("src/test/resources/dev/rekindle/cli/operate");
    private static final String PROMPT = "$ ";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    /** What no two runs have in common: ids and times that are really new, free space. */
    private static final Map<String, String> CHANGING = Map.of(
            "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{uuid}",
            "20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?(?: \\([0-9]+ d ago\\))?", "{now}",
            "takes [0-9.]+ .B, [0-9.]+ .B are free", "takes {bytes}, {bytes} are free");

    private final Path file;
    private final Path folder;
    private final Map<String, String> variables;
    private final AtomicInteger ids = new AtomicInteger();

    private Transcript(String name, Path folder, String url) {
        this.file = FILES.resolve(name + ".txt");
        this.folder = folder;
        this.variables = Map.of("REKINDLE_DB", url);
    }

    /**
     * Runs the commands of a file on a store, and compares.
     *
     * @param folder what <code>{dir}</code> stands for
     */
    static void check(String name, Path folder, String url) throws IOException {
        new Transcript(name, folder, url).check();
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
        for (String command : line.substring(PROMPT.length()).split(" \\| ", -1)) {
            List<String> words = words(command.replace("{dir}", folder.toString()));
            boolean answered = !words.getFirst().equals("rekindle");
            if (answered) {
                input = words.removeFirst();
            }
            Surroundings around = around(input, answered);
            Cli.Ran ran = Cli.run(around, words.subList(1, words.size()).toArray());
            ran.err().forEach(error -> lines.add("! " + lasting(error)));
            input = String.join("\n", ran.out());
            exitCode = ran.exitCode();
        }
        input.lines().map(this::lasting).forEach(lines::add);
        if (exitCode != 0) {
            lines.add("[exit code " + exitCode + "]");
        }
        lines.add("");
        return lines;
    }

    private Surroundings around(String input, boolean interactive) {
        Surroundings any = Cli.surroundings(InstantSource.fixed(Samples.NOW), variables, input, interactive);
        return new Surroundings(
                any.clock(),
                any.zone(),
                any.variables(),
                () -> "new-" + ids.incrementAndGet(),
                any.input(),
                any.screen());
    }

    private String lasting(String text) {
        String lasting = text.replace(folder.toString(), "{dir}");
        for (Map.Entry<String, String> changing : CHANGING.entrySet()) {
            lasting = lasting.replaceAll(changing.getKey(), Matcher.quoteReplacement(changing.getValue()));
        }
        return lasting;
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
