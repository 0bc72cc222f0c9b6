package dev.rekindle.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The least and the most that an option takes. */
public record OptionRange(String option, double least, double most) {

    /** Refuses a value outside of the range. */
    public void check(CommandSpec command, double value) {
        if (!(value >= least && value <= most)) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '%s': expected %s to %s, found %s"
                            .formatted(option, text(least), text(most), text(value)));
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
