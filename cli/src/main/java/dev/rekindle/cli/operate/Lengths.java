package dev.rekindle.cli.operate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Lengths of time as options. */
final class Lengths {
    private Lengths() {}

    /** The length that an option says, or another one when it was not given. */
    static Duration of(CommandSpec command, String option, @Nullable String text, Duration otherwise) {
        if (text == null) {
            return otherwise;
        }
        return Moments.length(text)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "Invalid value for option '%s': expected %s, found '%s'"
                                .formatted(option, Moments.LENGTHS, text)));
    }
}
