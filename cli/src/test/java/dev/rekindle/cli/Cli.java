package dev.rekindle.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
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

    /** Runs the command to its end. */
    public static Ran run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
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
}
