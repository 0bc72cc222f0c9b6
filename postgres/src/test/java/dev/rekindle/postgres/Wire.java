package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A wire to the {@link TestServer} that can be cut: a proxy on the loopback address that follows the messages of the
 * PostgreSQL protocol as they pass. Thread-safe.
 *
 * <p>From the client come, without a type, a request for encryption (which is declined here) and the startup message,
 * then messages of one byte of type, four bytes of length and a body. The server answers each Sync and each simple query
 * with a ReadyForQuery at the end.
 */
final class Wire implements AutoCloseable {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final Pattern FRAME =
            Pattern.compile("\\s*(BEGIN|COMMIT)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern COMMIT = Pattern.compile("\\bCOMMIT\\b", Pattern.CASE_INSENSITIVE);
    private static final String VERSION = "server_version";

    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commitsUntilLoss = new AtomicInteger();
    private final Semaphore lost = new Semaphore(0);
    private final AtomicBoolean stallNext = new AtomicBoolean();
    private final Semaphore stalled = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private final Semaphore commits = new Semaphore(0);
    private final AtomicInteger statements = new AtomicInteger();
    private volatile boolean refusing;
    private volatile boolean loseClient;
    private volatile @Nullable String pretendedVersion;

    private Wire(ServerSocket listener) {
        this.listener = listener;
    }

    /** A wire that is whole. */
    static Wire open() {
        try {
            Wire wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(wire::accept);
            return wire;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The URL of a store in this schema, reached over this wire. */
    String url(TestSchema schema) {
        return TestServer.url("127.0.0.1", listener.getLocalPort(), "schema=" + schema.name());
    }

    /** Cuts all connections that there are. */
    void cut() {
        links.forEach(Link::close);
    }

    /** Cuts all connections and lets no new ones through, until {@link #repair()}. */
    void refuse() {
        refusing = true;
        cut();
    }

    void repair() {
        refusing = false;
    }

    /** Cuts the connection of the n-th COMMIT from now on, after the server executed it and before the client knows. */
    void loseAnswerOfCommit(int n) {
        lost.drainPermits();
        commitsUntilLoss.set(n);
    }

    /** Waits until the answer was lost. */
    void awaitLostAnswer() throws InterruptedException {
        assertThat(lost.tryAcquire(20, TimeUnit.SECONDS)).as("a COMMIT passed").isTrue();
    }

    /**
     * Lets nothing more through on the connection of the next COMMIT, which does not reach the server either, and no new
     * connections until {@link #repair()}: a client that stands still in the midst of a transaction.
     */
    void stallAtNextCommit() {
        stallNext.set(true);
    }

    /**
     * Cuts the connection of the next COMMIT, which does not reach the server, without the server's knowledge: it waits for
     * the rest until this is closed.
     */
    void loseClientAtNextCommit() {
        loseClient = true;
        stallNext.set(true);
    }

    /** Waits until a connection stands still. */
    void awaitStall() throws InterruptedException {
        assertThat(stalled.tryAcquire(20, TimeUnit.SECONDS)).as("a COMMIT came").isTrue();
    }

    /** How many statements there are until this many transactions have ended, what begins and ends them apart. */
    int statementsUntilCommits(int count) throws InterruptedException {
        statements.set(0);
        commits.drainPermits();
        assertThat(commits.tryAcquire(count, 60, TimeUnit.SECONDS))
                .as("COMMITs came")
                .isTrue();
        return statements.get();
    }

    /** Lets the server say that it has this version. */
    void pretendVersion(String version) {
        pretendedVersion = version;
    }

    @Override
    public void close() {
        refuse();
        ended.release();
        quietly(listener);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Link link = new Link(
                        client,
                        new Socket(
                                TestServer.address().getAddress(),
                                TestServer.address().getPort()));
                links.add(link);
                if (refusing) {
                    link.close();
                }
                Thread.ofVirtual().start(() -> link.pump(link::forward));
                Thread.ofVirtual().start(() -> link.pump(link::back));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static void quietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private interface Direction {
        void run() throws IOException;
    }

    /** One connection of a client. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private final DataInputStream fromClient;
        private final DataInputStream fromServer;
        private final DataOutputStream toClient;
        private final DataOutputStream toServer;

        /** The names of prepared statements that commit. */
        private final Set<String> commitNames = ConcurrentHashMap.newKeySet();

        /** The names of prepared statements that only begin or commit. */
        private final Set<String> frameNames = ConcurrentHashMap.newKeySet();

        /** How many ReadyForQuery are to come: the first ends the startup. */
        private final AtomicInteger pending = new AtomicInteger(1);

        private volatile boolean losing;
        private boolean stalling;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            this.fromClient = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            this.fromServer = new DataInputStream(new BufferedInputStream(server.getInputStream()));
            this.toClient = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
            this.toServer = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
        }

        void close() {
            quietly(client);
            quietly(server);
            links.remove(this);
        }

        /** A socket that was cut ends its direction, and with it the connection. */
        void pump(Direction direction) {
            try {
                direction.run();
            } catch (IOException e) {
                assertThat(e).as("the end of a connection").isNotNull();
            } finally {
                close();
            }
        }

        void forward() throws IOException {
            byte[] startup = body(fromClient);
            while (isEncryptionRequest(startup)) {
                toClient.writeByte('N');
                toClient.flush();
                startup = body(fromClient);
            }
            toServer.writeInt(startup.length + Integer.BYTES);
            toServer.write(startup);
            toServer.flush();
            while (true) {
                byte type = fromClient.readByte();
                byte[] body = body(fromClient);
                look(type, body);
                if (stalling) {
                    stall();
                    return;
                }
                write(toServer, type, body, fromClient);
            }
        }

        private void stall() throws IOException {
            toServer.flush();
            refusing = !loseClient;
            stalled.release();
            if (loseClient) {
                quietly(client);
                ended.acquireUninterruptibly();
            } else {
                fromClient.transferTo(OutputStream.nullOutputStream());
            }
        }

        void back() throws IOException {
            while (true) {
                byte type = fromServer.readByte();
                byte[] body = body(fromServer);
                boolean ready = type == 'Z' && pending.decrementAndGet() == 0;
                if (losing) {
                    if (ready) {
                        close();
                        lost.release();
                        return;
                    }
                } else {
                    write(toClient, type, type == 'S' ? parameter(body) : body, fromServer);
                }
            }
        }

        private void look(byte type, byte[] body) {
            switch (type) {
                case 'Q' -> {
                    commit(COMMIT.matcher(text(body, 0)).find());
                    pending.incrementAndGet();
                    statements.incrementAndGet();
                }
                case 'P' -> {
                    String name = text(body, 0);
                    String sql = text(body, name.length() + 1);
                    note(commitNames, name, COMMIT.matcher(sql).find());
                    note(frameNames, name, FRAME.matcher(sql).matches());
                }
                case 'B' -> {
                    String name = text(body, text(body, 0).length() + 1);
                    commit(commitNames.contains(name));
                    statements.addAndGet(frameNames.contains(name) ? 0 : 1);
                }
                case 'S' -> pending.incrementAndGet();
                default -> {}
            }
        }

        private static void note(Set<String> names, String name, boolean has) {
            if (has) {
                names.add(name);
            } else {
                names.remove(name);
            }
        }

        private void commit(boolean isCommit) {
            if (isCommit) {
                commits.release();
            }
            stalling = isCommit && stallNext.compareAndSet(true, false);
            if (isCommit && commitsUntilLoss.get() > 0 && commitsUntilLoss.decrementAndGet() == 0) {
                losing = true;
            }
        }

        private byte[] parameter(byte[] body) {
            String version = pretendedVersion;
            return version == null || !text(body, 0).equals(VERSION)
                    ? body
                    : (VERSION + '\0' + version + '\0').getBytes(StandardCharsets.UTF_8);
        }

        private static boolean isEncryptionRequest(byte[] startup) {
            int code = ByteBuffer.wrap(startup).getInt();
            return code == SSL_REQUEST || code == GSS_REQUEST;
        }

        private static byte[] body(DataInputStream in) throws IOException {
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            return body;
        }

        private static void write(DataOutputStream out, byte type, byte[] body, DataInputStream in) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }

        /** The text that begins here, up to the zero at its end, one character for each byte. */
        private static String text(byte[] body, int from) {
            int end = from;
            while (end < body.length && body[end] != 0) {
                end++;
            }
            return new String(body, from, end - from, StandardCharsets.ISO_8859_1);
        }
    }
}
