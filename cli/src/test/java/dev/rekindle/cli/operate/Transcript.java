package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Cli;
import dev.rekindle.cli.ShownUrl;
import dev.rekindle.cli.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of commands with what they print, as a person at a shell would see it. Lines that begin with {@code $} are run, one
 * after the other on the same store, in front of a person who answers where a word stands before the command; the rest is
 * compared. {@code -Drekindle.golden.update=true} writes the rest anew.
 */
final class Transcript {
    private static final Path FILES = Path.of("src/test/resources/dev/rekindle/cli/operate");
    private static final String PROMPT = "$ ";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern COMMAND = Pattern.compile("^\\$ .*?\\brekindle ([a-z-]+)", Pattern.MULTILINE);

    /** What no two runs have in common, and what kinds of stores say in other ways. */
    private static final Map<Pattern, String> CHANGING = changing();

    private final Path file;
    private final Path folder;
    private final SampleStore store;
    private final boolean coloured;
    private final AtomicInteger ids = new AtomicInteger();

    private Transcript(String name, Path folder, SampleStore store, boolean coloured) {
        this.coloured = coloured;
        Path special =
                FILES.resolve("%s-%s.txt".formatted(name, store.kind().name().toLowerCase(Locale.ROOT)));
        this.file = Files.exists(special) ? special : FILES.resolve(name + ".txt");
        this.folder = folder;
        this.store = store;
    }

    /**
     * Runs the commands of a file on a store, and compares. A file of its own for a kind of store goes first.
     *
     * @param folder what <code>{dir}</code> stands for
     */
    static void check(String name, Path folder, SampleStore store) throws IOException {
        new Transcript(name, folder, store, false).check();
    }

    /** The same on a terminal with colours, of whose commands the files show the escape as {@code \\e}. */
    static void checkColoured(String name, Path folder, SampleStore store) throws IOException {
        new Transcript(name, folder, store, true).check();
    }

    private static Map<Pattern, String> changing() {
        Map<Pattern, String> changing = new LinkedHashMap<>();
        changing.put(
                Pattern.compile("[0-9]+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|process [0-9]+, [0-9a-f]{8}"),
                "{node}");
        changing.put(Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "{uuid}");
        changing.put(Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?(?: \\([0-9]+ d ago\\))?"), "{now}");
        changing.put(Pattern.compile("[0-9]{5} d\\b"), "{long}");
        changing.put(Pattern.compile("\\b[0-9.]+ [kMGT]B\\b"), "{bytes}");
        changing.put(Pattern.compile("(?<=schema )[0-9]+|(?<=\"(?:from|to)\":)[0-9]+"), "{n}");
        changing.put(Pattern.compile("(?<=archive-tree-)[0-9a-f]{8}"), "{id}");
        changing.put(Pattern.compile("(?<=more: --cursor ')[^']+"), "{cursor}");
        changing.put(Pattern.compile("(?<=^NODE) +"), "  ");
        return changing;
    }

    /** The commands that stand in any of the files. */
    static Set<String> commandsOfAll() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.flatMap(Transcript::commandsOf).collect(Collectors.toSet());
        }
    }

    private static Stream<String> commandsOf(Path file) {
        try {
            return COMMAND.matcher(Files.readString(file)).results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Surroundings any = Cli.surroundings(
                InstantSource.fixed(Samples.NOW), Map.of("REKINDLE_DB", store.url()), input, interactive);
        return new Surroundings(
                any.clock(),
                any.zone(),
                any.variables(),
                () -> "new-" + ids.incrementAndGet(),
                any.input(),
                new Surroundings.Screen(interactive, coloured, any.screen().width()));
    }

    private String lasting(String text) {
        String lasting = text.replace(store.name(), "{store}")
                .replace(ShownUrl.of(store.url()), "{url}")
                .replace(folder.toString(), "{dir}")
                .replace("\r", "\\r")
                .replace("\033", "\\e");
        for (Map.Entry<Pattern, String> changing : CHANGING.entrySet()) {
            lasting = changing.getKey().matcher(lasting).replaceAll(Matcher.quoteReplacement(changing.getValue()));
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
