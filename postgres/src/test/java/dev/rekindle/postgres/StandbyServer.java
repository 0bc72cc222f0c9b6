package dev.rekindle.postgres;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A hot standby of an {@link OwnServer}, which streams to it. The primary confirms a commit when it can be seen here. */
final class StandbyServer implements AutoCloseable {
    private static final String FOLLOWING = """

        primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'
        hot_standby = on
        max_connections = 500
        """;

    private static final String LEADING = """

        synchronous_standby_names = '*'
        """;

    private final Path data;
    private final int port;

    private StandbyServer(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    /** Copies the primary's files while it is down, and starts both. */
    static StandbyServer of(OwnServer primary) throws IOException, InterruptedException {
        Path copy = primary.data().resolveSibling("standby");
        // Of the role, for the settings in its files give way to those that the primary was started with.
        primary.run("ALTER ROLE postgres SET synchronous_commit = 'remote_apply'");
        primary.stop();
        copy(primary.data(), copy);
        Files.createFile(copy.resolve("standby.signal"));
        append(copy, FOLLOWING.formatted(primary.port()));
        append(primary.data(), LEADING);
        primary.startAgain();
        int port = freePort();
        OwnServer.control(copy, "start", "-o", "-p " + port);
        return new StandbyServer(copy, port);
    }

    String url(String parameters) {
        return "postgresql://postgres@127.0.0.1:" + port + "/postgres?" + parameters;
    }

    private static void append(Path data, String settings) throws IOException {
        Files.writeString(data.resolve("postgresql.auto.conf"), settings, StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        OwnServer.control(data, "stop", "-m", "immediate");
    }
}
