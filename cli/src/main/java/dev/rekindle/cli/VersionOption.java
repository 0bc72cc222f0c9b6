package dev.rekindle.cli;

import picocli.CommandLine.Option;

/** Lets a command say its version, where no option of its own has that name. */
public final class VersionOption {
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    private boolean wanted;

    /** Called by picocli. */
    public VersionOption() {}
}
