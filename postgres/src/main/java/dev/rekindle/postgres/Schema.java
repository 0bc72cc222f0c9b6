package dev.rekindle.postgres;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the tables of one application are. Statements are written for the schema {@code rekindle}. Thread-safe. */
final class Schema {
    private static final String WRITTEN = PostgresOptions.DEFAULTS.schema() + ".";

    private final String name;
    private final Map<String, String> rewritten = new ConcurrentHashMap<>();

    Schema(PostgresOptions options) {
        this.name = options.schema();
    }

    String name() {
        return name;
    }

    /** A statement as it reads for this schema. */
    String sql(String text) {
        return WRITTEN.equals(name + ".") ? text : rewritten.computeIfAbsent(text, this::rewrite);
    }

    /** A text that is needed once, as it reads for this schema. */
    String rewrite(String text) {
        return text.replace(WRITTEN, "\"" + name + "\".");
    }
}
