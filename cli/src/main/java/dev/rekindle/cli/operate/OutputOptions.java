package dev.rekindle.cli.operate;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** In which form a command says what it found. */
final class OutputOptions {
    @ArgGroup
    private Form form = new Form();

    private static final class Form {
        @Option(names = "--json", description = "For programs: one JSON value a line, names in snake case.")
        private boolean json;

        @Option(
                names = {"-q", "--quiet"},
                description = "Only ids, one a line, to pipe into other commands.")
        private boolean quiet;
    }

    Report.Form form() {
        if (form.json) {
            return Report.Form.JSON;
        }
        return form.quiet ? Report.Form.IDS : Report.Form.PEOPLE;
    }
}
