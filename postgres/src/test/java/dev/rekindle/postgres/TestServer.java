package dev.rekindle.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The server of all tests: the one that the environment variable {@code REKINDLE_TEST_POSTGRES} names as a {@code
 * postgresql://} URL of one host, or else one that is started for this JVM and ends with it. Its role may
 * create schemas and roles.
 */
final class TestServer {
    /** A role that the embedded server asks for a password; it trusts all others. */
    static final String ROLE_WITH_PASSWORD = "rekindle_test_password";

    private static final String ACCESS = """
        host all %1$s 127.0.0.1/32 scram-sha-256
        host all %1$s ::1/128 scram-sha-256
        host all all 127.0.0.1/32 trust
        host all all ::1/128 trust
        local all all trust
        """.formatted(ROLE_WITH_PASSWORD);

    private static final String NAMED = System.getenv("REKINDLE_TEST_POSTGRES");
    private static final boolean EMBEDDED = NAMED == null || NAMED.isBlank();
    private static final PostgresUrl URL = PostgresUrl.parse(EMBEDDED ? start() : NAMED);
    private static final Pattern PLACE = Pattern.compile("(?<=//)(\\S+):(\\d+)(?=/)");

    private TestServer() {}

    static boolean isEmbedded() {
        return EMBEDDED;
    }

    /** The server as a store URL. */
    static String url(String parameters) {
        String login = URL.properties().entrySet().stream()
                .map(property ->
                        property.getKey() + "=" + URLEncoder.encode(property.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return URL.jdbc() + "?" + login + "&" + parameters;
    }

    /** The server as a store URL that goes another way, where nothing is encrypted. */
    static String url(String host, int port, String parameters) {
        return PLACE.matcher(url(parameters)).replaceFirst(host + ":" + port) + "&sslmode=disable";
    }

    static InetSocketAddress address() {
        Matcher place = PLACE.matcher(URL.jdbc());
        if (!place.find()) {
            throw new AssertionError("one host: " + URL.jdbc());
        }
        return new InetSocketAddress(place.group(1), Integer.parseInt(place.group(2)));
    }

    /** The server for the driver alone. */
    static String jdbcUrl() {
        return URL.jdbc()
                + URL.properties().entrySet().stream()
                        .map(property -> property.getKey() + "="
                                + URLEncoder.encode(property.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }

    static Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(URL.properties());
        return DriverManager.getConnection(URL.jdbc(), properties);
    }

    /**
     * Restarts the embedded server and waits until it takes connections again.
     *
     * @param mode {@code fast} ends all sessions; {@code immediate} is a crash, and the recovery from it
     */
    static void restart(String mode) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            Path data = Path.of(row.getString(1));
            String server = Files.readString(data.resolve("postmaster.opts")).split(" ", 2)[0];
            List<String> command = new ArrayList<>();
            if (LinuxUtils.isUnshareAvailable()) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(
                    Path.of(server).resolveSibling("pg_ctl").toString(),
                    "restart",
                    "-w",
                    "-m",
                    mode,
                    "-D",
                    data.toString()));
            Process control = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (control.waitFor() != 0) {
                throw new AssertionError("exit code " + control.exitValue() + " of " + command);
            }
        } catch (SQLException | IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Durable as a real one is: by default the embedded one trades that for speed. */
    private static String start() {
        try {
            Path access = Files.createTempFile("rekindle-test", ".hba.conf");
            Files.writeString(access, ACCESS);
            access.toFile().deleteOnExit();
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("hba_file", access.toString())
                    .start();
            return "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
