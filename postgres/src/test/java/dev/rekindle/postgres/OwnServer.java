package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A server for one test alone, which may crash and be started again on the same port and files. As durable as a real one. */
final class OwnServer implements AutoCloseable {
    private final Path data;
    private final EmbeddedPostgres server;

    private OwnServer(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
    }

    /** Starts one; its files lie in a new folder inside of the given one. */
    static OwnServer start(Path folder) throws IOException {
        Path data = folder.resolve("server");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        return new OwnServer(data, server);
    }

    /** A store in it. */
    String url(String parameters) {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres?" + parameters;
    }

    /** What one row of a query gives, in one column. */
    String value(String query, Object... values) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            Session.bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.next()).as("a row of %s", query).isTrue();
                return rows.getString(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a statement that gives no rows. */
    void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres&ApplicationName=test");
    }

    /** Cuts all connections that providers have. Returns how many there were. */
    int cutConnections() {
        return Integer.parseInt(value("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'rekindle' AND pid <> pg_backend_pid()\
            """));
    }

    /** Ends it as a crash would: nothing is written any more, and the next start recovers from the log. */
    void crash() throws IOException, InterruptedException {
        control("stop", "-m", "immediate");
    }

    /** Starts it again as it was started before. */
    void startAgain() throws IOException, InterruptedException {
        control("restart");
    }

    int port() {
        return server.getPort();
    }

    Path data() {
        return data;
    }

    /** Ends it, so that its files are all that there is. */
    void stop() throws IOException, InterruptedException {
        control("stop", "-m", "fast");
    }

    private void control(String... what) throws IOException, InterruptedException {
        control(data, what);
    }

    /** Tells the server of these files what to do; it was started before, or is a copy of one that was. */
    static void control(Path data, String... what) throws IOException, InterruptedException {
        String started = Files.readString(data.resolve("postmaster.opts"));
        Path binary = Path.of(started.substring(0, started.indexOf(' ')));
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(binary.resolveSibling("pg_ctl").toString(), "-w", "-D", data.toString()));
        command.addAll(List.of(what));
        Path said = data.resolveSibling("pg_ctl.txt");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .start()
                .waitFor();
        assertThat(exitCode).as("%s: %s", command, Files.readString(said)).isZero();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
