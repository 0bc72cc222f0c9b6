package dev.rekindle.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/** The command, run inside the test. */
public final class Cli {
    /** What a run left behind. */
    public record Ran(int exitCode, List<String> out, List<String> err) {
        /** The last line of the output. */
        public String lastLine() {
            return out.getLast();
        }
    }

    private Cli() {}

    /** The names of all commands. */
    public static Set<String> commands() {
        return Main.commandLine(Surroundings.ofProcess()).getSubcommands().keySet();
    }

    /** Runs the command to its end. */
    public static Ran run(Object... args) {
        return run(surroundings(InstantSource.system(), Map.of(), "", false), args);
    }

    /** Runs the command to its end in these surroundings. */
    public static Ran run(Surroundings surroundings, Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine(surroundings)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        int exitCode = command.execute(words);
        return new Ran(
                exitCode,
                out.toString().lines().toList(),
                err.toString().lines().toList());
    }

    /** Where it is always this time. */
    public static Surroundings at(Instant now, Map<String, String> variables, String input) {
        return surroundings(InstantSource.fixed(now), variables, input, false);
    }

    /**
     * Surroundings without colours, 120 columns wide, that give ids {@code new-1}, {@code new-2}.
     *
     * @param interactive whether somebody can be asked
     */
    public static Surroundings surroundings(
            InstantSource clock, Map<String, String> variables, String input, boolean interactive) {
        AtomicInteger ids = new AtomicInteger();
        return new Surroundings(
                clock,
                ZoneOffset.UTC,
                variables,
                () -> "new-" + ids.incrementAndGet(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new Surroundings.Screen(interactive, false, () -> 120));
    }
}
