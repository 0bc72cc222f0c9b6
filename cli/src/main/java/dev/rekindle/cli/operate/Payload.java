package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.cli.Json;
import dev.rekindle.cli.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A payload as it is given on the command line: JSON, {@code @FILE}, or {@code -} for the standard input. */
final class Payload {
    private Payload() {}

    static JsonNode read(String what, String given, Surroundings around) throws IOException {
        return Json.parse(what, text(what, given, around));
    }

    private static String text(String what, String given, Surroundings around) throws IOException {
        if (given.equals(Ids.INPUT)) {
            return new String(around.input().readAllBytes(), StandardCharsets.UTF_8);
        }
        return given.startsWith("@") ? file(what, given.substring(1)) : given;
    }

    /** The text of a file that somebody named. */
    static String file(String what, String name) {
        try {
            return Files.readString(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "file can't be read: %s '%s'; expected a text file that you may read, found: %s. Correct its name."
                            .formatted(what, name, e),
                    e);
        }
    }
}
