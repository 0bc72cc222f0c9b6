package dev.rekindle.cli;

import java.io.Console;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * What a command finds around itself. Tests give it other surroundings.
 *
 * @param clock the time of day
 * @param zone the time zone that times are shown in to people
 * @param variables the environment's variables
 * @param ids new ids for instances
 * @param input the standard input
 * @param screen who looks at the output
 */
public record Surroundings(
        InstantSource clock,
        ZoneId zone,
        Map<String, String> variables,
        Supplier<String> ids,
        InputStream input,
        Screen screen) {

    /**
     * Who looks at the output.
     *
     * @param interactive whether a person sits at a terminal that is input and output
     * @param colored whether colours, and lines that change, are wanted there
     * @param width how many columns there are, asked for only when it matters
     */
    public record Screen(boolean interactive, boolean colored, IntSupplier width) {}

    /** Those of the process. */
    static Surroundings ofProcess() {
        Map<String, String> variables = System.getenv();
        boolean colored = Ansi.AUTO.enabled();
        return new Surroundings(
                SystemTime.clock(),
                ZoneId.systemDefault(),
                variables,
                () -> UUID.randomUUID().toString(),
                System.in,
                new Screen(isTerminal(System.console()), colored, () -> width(colored)));
    }

    private static int width(boolean terminal) {
        return terminal ? new UsageMessageSpec().autoWidth(true).width() : Integer.MAX_VALUE;
    }

    /** Since Java 22 there is a console also where no terminal is, and a method that tells. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
