package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a store lies in its database, and how long its nodes may be silent. Immutable.
 *
 * @param schema the schema that holds the tables: 1 to {@value #MAX_SCHEMA_CHARS} lower-case letters, digits and
 *     underscores, not beginning with a digit or {@code pg_}. Applications in one database have different ones
 * @param takeover how long a node may be silent until its leases are taken over, between two seconds and ten minutes. All
 *     nodes of an application should have the same
 */
public record PostgresOptions(String schema, Duration takeover) {
    /** The longest name of a schema: 40 characters. */
    public static final int MAX_SCHEMA_CHARS = 40;

    private static final Duration SHORTEST_TAKEOVER = Duration.ofSeconds(2);
    private static final Duration LONGEST_TAKEOVER = Duration.ofMinutes(10);
    private static final Pattern SCHEMA = Pattern.compile("(?!pg_)[a-z_][a-z0-9_]{0," + (MAX_SCHEMA_CHARS - 1) + "}");

    /** The schema {@code rekindle}, and ten seconds until leases are taken over. */
    public static final PostgresOptions DEFAULTS = new PostgresOptions("rekindle", Duration.ofSeconds(10));

    /**
     * Checks the ranges.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT}
     */
    public PostgresOptions {
        if (!SCHEMA.matcher(schema).matches()) {
            throw invalid("schema", "1 to 40 of a-z, 0-9 and _, beginning with a letter or _ but not with pg_", schema);
        }
        if (takeover.compareTo(SHORTEST_TAKEOVER) < 0 || takeover.compareTo(LONGEST_TAKEOVER) > 0) {
            throw invalid("takeover", "2 seconds to 10 minutes", takeover.toString());
        }
    }

    /** The same with another schema. */
    public PostgresOptions withSchema(String name) {
        return new PostgresOptions(name, takeover);
    }

    /** The same with another time until leases are taken over. */
    public PostgresOptions withTakeover(Duration time) {
        return new PostgresOptions(schema, time);
    }

    static RekindleException invalid(String parameter, String expected, String found) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "store parameter out of range: '%s'; expected %s, found '%s'. Correct it."
                        .formatted(parameter, expected, found));
    }
}
