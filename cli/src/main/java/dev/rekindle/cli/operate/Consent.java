package dev.rekindle.cli.operate;

import dev.rekindle.cli.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether something that can't be undone is really wanted. */
final class Consent {
    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** Whether that was answered on the command line. */
    boolean isGiven() {
        return yes;
    }

    /**
     * Asks, unless that was answered on the command line.
     *
     * @param deed what is about to be done, for example {@code delete 3 instances}
     * @throws ParameterException when nobody is there to be asked
     */
    boolean given(CommandSpec command, Surroundings around, Report report, String deed) throws IOException {
        if (yes) {
            return true;
        }
        if (!around.screen().interactive()) {
            throw new ParameterException(
                    command.commandLine(),
                    "not asked: about to %s; expected --yes, or a terminal to ask on, found neither. Nothing was changed"
                            .formatted(deed));
        }
        report.note("About to %s. Go on? [y/N]".formatted(deed));
        String answer = new BufferedReader(new InputStreamReader(around.input(), StandardCharsets.UTF_8)).readLine();
        boolean given = answer != null
                && (answer.strip().toLowerCase(Locale.ROOT).equals("y")
                        || answer.strip().toLowerCase(Locale.ROOT).equals("yes"));
        if (!given) {
            report.note("Nothing was changed.");
        }
        return given;
    }
}
