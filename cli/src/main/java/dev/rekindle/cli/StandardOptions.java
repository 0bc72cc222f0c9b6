package dev.rekindle.cli;

import picocli.CommandLine.Option;

/** Options that picocli itself acts upon. */
final class StandardOptions {
    private StandardOptions() {}

    /** For every command. */
    static final class Help {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help and exit.")
        boolean wanted;
    }

    /** For every command that has no option of this name itself. */
    static final class Version {
        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Print the version and exit.")
        boolean wanted;
    }
}
