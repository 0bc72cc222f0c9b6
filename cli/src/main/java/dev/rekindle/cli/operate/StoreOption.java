package dev.rekindle.cli.operate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which store a command is about. */
final class StoreOption {
    /** The variable that names the store where no option does. */
    static final String VARIABLE = "REKINDLE_DB";

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "The store, for example sqlite:orders.db; what REKINDLE_DB says unless it is given.")
    private @Nullable String db;

    String url(CommandSpec command, Map<String, String> variables) {
        String url = db == null ? variables.getOrDefault(VARIABLE, "") : db;
        if (url.isBlank()) {
            throw new ParameterException(
                    command.commandLine(),
                    "no store given: expected --db URL or the variable %s, found neither. Name one, for example --db sqlite:orders.db"
                            .formatted(VARIABLE));
        }
        return url;
    }
}
