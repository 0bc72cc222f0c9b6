package dev.rekindle.postgres;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * A store URL taken apart. Immutable. Neither its name nor its text shows user, password or any other parameter.
 *
 * <p>The two forms differ in what they come from. {@code postgresql://} is libpq's, so the names that libpq has for
 * parameters are understood there as well as the driver's; {@code jdbc:postgresql:} is the driver's.
 *
 * @param jdbc the hosts and the database, as the driver wants them
 * @param properties what else the driver is told, user and password too
 * @param options what is not the driver's business
 * @param pool how many connections there are at most
 * @param name what to call the store in messages
 */
record PostgresUrl(String jdbc, Map<String, String> properties, PostgresOptions options, int pool, String name) {
    static final String FORMS =
            "postgresql://USER:PASSWORD@HOST:PORT,HOST2:PORT2/DATABASE?schema=rekindle&takeover=10&pool=10,"
                    + " jdbc:postgresql://HOST:PORT/DATABASE";

    private static final String JDBC = "jdbc:postgresql:";
    private static final List<String> SCHEMES = List.of("postgresql://", "postgres://", JDBC);
    private static final String DEFAULT_PORT = "5432";
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_POOL = 10;
    private static final int SMALLEST_POOL = 3;
    private static final int LARGEST_POOL = 500;
    private static final String PRIMARY = "primary";
    private static final Pattern HOST =
            Pattern.compile("(?<name>\\[[0-9a-fA-F:.%]+]|[^\\[\\]:/?#@\\s]*)(?::(?<port>\\d*))?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /** What libpq calls the driver's parameters of another name. */
    private static final Map<String, PGProperty> LIBPQ_NAMES = Map.of(
            "application_name", PGProperty.APPLICATION_NAME,
            "connect_timeout", PGProperty.CONNECT_TIMEOUT,
            "target_session_attrs", PGProperty.TARGET_SERVER_TYPE,
            "channel_binding", PGProperty.CHANNEL_BINDING,
            "gssencmode", PGProperty.GSS_ENC_MODE,
            "sslnegotiation", PGProperty.SSL_NEGOTIATION,
            "require_auth", PGProperty.REQUIRE_AUTH);

    PostgresUrl {
        properties = Map.copyOf(properties);
    }

    /** Whether the URL is one of these, by its scheme alone. */
    static boolean accepts(String url) {
        return SCHEMES.stream().anyMatch(url::startsWith);
    }

    /**
     * Takes a URL apart.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT}, naming the part that is wrong
     */
    static PostgresUrl parse(String url) {
        String scheme = SCHEMES.stream()
                .filter(url::startsWith)
                .findFirst()
                .orElseThrow(() -> new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "store URL not understood; expected one of %s. Correct the URL.".formatted(FORMS)));
        return new Parser(scheme.equals(JDBC), url.substring(scheme.length())).parse();
    }

    /** The same, but of several servers a standby is asked, unless the URL says which. */
    PostgresUrl preferringStandby() {
        String which = PGProperty.TARGET_SERVER_TYPE.getName();
        if (!jdbc.contains(",") || !PRIMARY.equals(properties.get(which))) {
            return this;
        }
        Map<String, String> changed = new HashMap<>(properties);
        changed.put(which, "preferSecondary");
        return new PostgresUrl(jdbc, changed, options, pool, name);
    }

    @Override
    public String toString() {
        return name;
    }

    /** One parsing. A URL that can't be read is never shown: what is wrong in it may be the password. */
    private static final class Parser {
        private final boolean jdbc;
        private final String rest;
        private final Map<String, String> properties = new HashMap<>();
        private PostgresOptions options = PostgresOptions.DEFAULTS;
        private int pool = DEFAULT_POOL;

        Parser(boolean jdbc, String rest) {
            this.jdbc = jdbc;
            this.rest = rest;
        }

        PostgresUrl parse() {
            int question = rest.indexOf('?');
            String place = question < 0 ? rest : rest.substring(0, question);
            String query = question < 0 ? "" : rest.substring(question + 1);
            boolean hosted = !jdbc || place.startsWith("//");
            String afterSlashes = jdbc && hosted ? place.substring(2) : place;
            int slash = afterSlashes.indexOf('/');
            String authority = hosted ? afterSlashes.substring(0, slash < 0 ? afterSlashes.length() : slash) : "";
            String database = hosted && slash < 0 ? "" : afterSlashes.substring(hosted || slash == 0 ? slash + 1 : 0);
            checkNoStrayAt(authority, database, query);

            int at = authority.lastIndexOf('@');
            if (at >= 0) {
                user(authority.substring(0, at));
            }
            String hosts = hosts(authority.substring(at + 1));
            if (hosts.contains(",")) {
                properties.put(PGProperty.TARGET_SERVER_TYPE.getName(), PRIMARY);
            }
            for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                parameter(parameter);
            }
            String name = decode("database", database);
            String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
            return new PostgresUrl(JDBC + "//" + hosts + "/" + encoded, properties, options, pool, name(hosts, name));
        }

        private String name(String hosts, String database) {
            String place = "PostgreSQL " + hosts.replaceAll(":" + DEFAULT_PORT + "(?=,|$)", "") + "/" + database;
            return options.schema().equals(PostgresOptions.DEFAULTS.schema())
                    ? place
                    : place + " schema " + options.schema();
        }

        /** A password with a bare slash or question mark would end up in what is shown. */
        private static void checkNoStrayAt(String authority, String database, String query) {
            if (database.contains("@") || (!authority.contains("@") && query.split("=", 2)[0].contains("@"))) {
                throw invalid("user and password", "%XX for each of : / ? # @ % in them");
            }
        }

        private void user(String text) {
            int colon = text.indexOf(':');
            properties.put(PGProperty.USER.getName(), decode("user", colon < 0 ? text : text.substring(0, colon)));
            if (colon >= 0) {
                properties.put(PGProperty.PASSWORD.getName(), decode("password", text.substring(colon + 1)));
            }
        }

        private static String hosts(String text) {
            List<String> hosts = new ArrayList<>();
            for (String host : text.split(",", -1)) {
                Matcher parts = HOST.matcher(host);
                if (!parts.matches()) {
                    throw invalid("host", "HOST, HOST:PORT or [ADDRESS]:PORT, several with commas between");
                }
                String name = parts.group("name");
                String port = parts.group("port");
                hosts.add((name.isEmpty() ? "localhost" : name) + ":" + port(port));
            }
            return String.join(",", hosts);
        }

        private static String port(@Nullable String port) {
            if (port == null || port.isEmpty()) {
                return DEFAULT_PORT;
            }
            if (port.length() > 5 || Integer.parseInt(port) > MAX_PORT || Integer.parseInt(port) == 0) {
                throw PostgresOptions.invalid("port", "1 to 65535", port);
            }
            return port;
        }

        private void parameter(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw invalid("parameters", "NAME=VALUE, several with & between");
            }
            String name = decode("parameters", text.substring(0, equals));
            String value = decode(name, text.substring(equals + 1));
            switch (name) {
                case "schema" -> options = options.withSchema(value);
                case "takeover" -> options = options.withTakeover(takeover(value));
                case "pool" -> pool = pool(value);
                default -> driver(name, value);
            }
        }

        private static Duration takeover(String value) {
            try {
                return SECONDS.matcher(value).matches()
                        ? Duration.ofSeconds(Long.parseLong(value))
                        : Duration.parse(value);
            } catch (DateTimeException e) {
                throw PostgresOptions.invalid("takeover", "seconds, or an ISO duration such as PT30S", value);
            }
        }

        private static int pool(String value) {
            int size = SECONDS.matcher(value).matches() ? Integer.parseInt(value) : 0;
            if (size < SMALLEST_POOL || size > LARGEST_POOL) {
                throw PostgresOptions.invalid("pool", SMALLEST_POOL + " to " + LARGEST_POOL, value);
            }
            return size;
        }

        /** The driver drops what it does not know, and a misspelt {@code sslmode} must not go unnoticed. */
        private void driver(String name, String value) {
            PGProperty property = PGProperty.forName(name);
            if (property == null && !jdbc) {
                property = LIBPQ_NAMES.get(name);
            }
            if (property == null) {
                throw new RekindleException(
                        ErrorCode.INVALID_ARGUMENT,
                        "unknown store parameter: '%s'; expected schema, takeover, pool or one of the PostgreSQL driver's. Correct or remove it."
                                .formatted(name));
            }
            String meant = property == PGProperty.TARGET_SERVER_TYPE ? serverType(value) : value;
            checkChoice(name, property, meant);
            properties.put(property.getName(), meant);
        }

        /** A parameter that takes one of a few words; for {@code requireAuth} it may be several of them. */
        private static void checkChoice(String name, PGProperty property, String value) {
            String[] choices = property.getChoices();
            if (choices != null
                    && property != PGProperty.REQUIRE_AUTH
                    && Arrays.stream(choices).noneMatch(value::equalsIgnoreCase)) {
                throw PostgresOptions.invalid(name, "one of " + String.join(", ", choices), value);
            }
        }

        /** What libpq calls the kinds of server, in the driver's words. */
        private static String serverType(String value) {
            return switch (value) {
                case "read-write" -> "primary";
                case "standby", "read-only" -> "secondary";
                case "prefer-standby" -> "preferSecondary";
                default -> value;
            };
        }

        /** A plus sign is a space in the driver's form only. */
        private String decode(String part, String text) {
            try {
                return URLDecoder.decode(jdbc ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw invalid(part, "%XX for each byte of a special character");
            }
        }

        private static RekindleException invalid(String part, String expected) {
            return new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "store URL not understood: %s; expected %s. Correct the URL.".formatted(part, expected));
        }
    }
}
