package dev.rekindle.cli.operate;

import dev.rekindle.cli.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The ids of the instances that a command is about. */
final class Ids {
    /** Stands for the ids on the standard input. */
    static final String INPUT = "-";

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Ids of instances; - reads them from the standard input, one a line.")
    private List<String> given = new ArrayList<>();

    boolean areGiven() {
        return !given.isEmpty();
    }

    /** Each of them once, in their order. */
    List<String> read(Surroundings around) throws IOException {
        LinkedHashSet<String> ids = new LinkedHashSet<>();
        for (String id : given) {
            if (id.equals(INPUT)) {
                ids.addAll(lines(around));
            } else {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }

    private static List<String> lines(Surroundings around) throws IOException {
        // Not closed: the input belongs to the process.
        BufferedReader input = new BufferedReader(new InputStreamReader(around.input(), StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
        }
        return lines;
    }
}
