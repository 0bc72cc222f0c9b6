package dev.rekindle.sqlite;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A store URL taken apart. Immutable.
 *
 * @param file the database file, empty for a private database in memory
 * @param synchronous what SQLite's {@code synchronous} is set to: FULL or NORMAL
 */
record SqliteUrl(Optional<Path> file, String synchronous) {
    static final String SCHEME = "sqlite:";
    static final String FORMS = "sqlite:FILE, sqlite:///absolute/FILE, sqlite::memory:; ?synchronous=FULL or NORMAL";
    private static final String MEMORY = ":memory:";
    private static final String SYNCHRONOUS = "synchronous=";

    static SqliteUrl parse(String url) {
        if (!url.startsWith(SCHEME)) {
            throw invalid(url);
        }
        String rest = url.substring(SCHEME.length());
        int question = rest.lastIndexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        String synchronous = question < 0 ? "FULL" : synchronous(url, rest.substring(question + 1));
        if (place.equals(MEMORY)) {
            return new SqliteUrl(Optional.empty(), synchronous);
        }
        if (place.startsWith("//")) {
            place = place.substring(2);
        }
        if (place.isEmpty()) {
            throw invalid(url);
        }
        try {
            return new SqliteUrl(Optional.of(Path.of(place).toAbsolutePath().normalize()), synchronous);
        } catch (InvalidPathException e) {
            throw invalid(url);
        }
    }

    /** What to call the store in messages. */
    String name() {
        return "SQLite " + file.map(path -> String.valueOf(path.getFileName())).orElse(MEMORY);
    }

    /** The store as the driver wants it. */
    String jdbc(String parameters) {
        return file.map(path -> "jdbc:sqlite:file:" + path.toUri().getRawPath() + parameters)
                .orElse("jdbc:sqlite::memory:");
    }

    private static String synchronous(String url, String query) {
        String value = query.startsWith(SYNCHRONOUS)
                ? query.substring(SYNCHRONOUS.length()).toUpperCase(Locale.ROOT)
                : "";
        if (!value.equals("FULL") && !value.equals("NORMAL")) {
            throw invalid(url);
        }
        return value;
    }

    private static RekindleException invalid(String url) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "store URL not understood: '%s'; expected one of %s. Correct the URL.".formatted(url, FORMS));
    }
}
