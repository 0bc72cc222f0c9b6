package dev.rekindle.cli.demo;

import dev.rekindle.cli.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with one JSON object a line. */
final class JsonLines {
    private JsonLines() {}

    /** Who takes the objects of a file. */
    @FunctionalInterface
    interface Taker<T> {
        void take(T line) throws IOException;
    }

    static void write(OutputStream out, Object line) throws IOException {
        out.write(Json.line(line).getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    static <T> void each(Path file, Class<T> type, Taker<? super T> taker) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                taker.take(Json.read(line, type));
            }
        }
    }
}
