package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.NodeId;
import dev.rekindle.testkit.TestClock;
import dev.rekindle.testkit.TestNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The writer in trouble of its own: whatever happens to it, nobody waits for ever. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterTest {
    private static final NodeId NODE = new NodeId("node");
    private static final NodeId NEIGHBOUR = new NodeId("neighbour");

    @TempDir
    private Path dir;

    private final Board board = new Board();
    private final TestClock clock = new TestClock();

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private volatile Writer.Connector connector;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private LockFile lockFile;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private Writer writer;

    @BeforeEach
    void becomeTheOwner() throws SQLException {
        Path path = dir.resolve("store.db");
        StoreFile file = new StoreFile(SqliteUrl.parse("sqlite:" + path));
        file.prepare();
        connector = file::writer;
        lockFile = LockFile.of(path);
        writer = new Writer("test", () -> connector.connect(), Optional.of(lockFile), board, clock);
        writer.start();
        writer.run(new OwnerOps.TakeOver(NODE));
    }

    @AfterEach
    void close() {
        writer.close();
        lockFile.leave();
    }

    /** An error that meets another one when it is looked at for the first time. */
    private static final class Unprintable extends Error {
        private static final long serialVersionUID = 1;
        private boolean seen;

        @Override
        public @Nullable String getMessage() {
            if (!seen) {
                seen = true;
                throw new AssertionError("dies on purpose");
            }
            return "seen";
        }
    }

    /** The connection is lost, and no other can be made. */
    private void loseTheStore() {
        connector = () -> {
            throw new SQLException("on purpose");
        };
        loseTheConnection();
    }

    private void loseTheConnection() {
        assertCode(
                ErrorCode.STORE_UNAVAILABLE,
                () -> writer.run(new WriterCall<>(session -> {
                    throw new SQLException("on purpose");
                })));
    }

    private List<String> pick(NodeId node) {
        board.lock.lock();
        try {
            return board.mail.pick(1, node, clock.millis(), board.tokens).stream()
                    .map(instance -> instance.id)
                    .toList();
        } finally {
            board.lock.unlock();
        }
    }

    @Test
    void run_breaksOffWithAnError_failsAndAllBeginsAnew() {
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new BreakOff(new AssertionError("on purpose"))));
        assertThat(board.isOwner()).isFalse();
        writer.run(new OwnerOps.TakeOver(NODE));
        assertThat(board.isOwner()).isTrue();
    }

    @Test
    void release_unwritten_voidsAllLeases() {
        writer.run(new SendMessage(TestNode.starting("a", null), Duration.ZERO));
        assertThat(pick(NODE)).containsExactly("a");
        loseTheStore();
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new OwnerOps.Release(NODE)));
        assertThat(board.isOwner()).isFalse();
    }

    @Test
    void release_unwrittenAndANeighbourHoldsSomething_givesBackItsOwnOnly() {
        writer.run(new SendMessage(TestNode.starting("a", null), Duration.ZERO));
        writer.run(new SendMessage(TestNode.starting("b", null), Duration.ZERO));
        assertThat(pick(NODE)).containsExactly("a");
        assertThat(pick(NEIGHBOUR)).containsExactly("b");
        loseTheStore();
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new OwnerOps.Release(NODE)));
        assertThat(pick(NEIGHBOUR)).containsExactly("a");
        assertThat(pick(NEIGHBOUR)).isEmpty();
    }

    @Test
    void run_anotherErrorWhileGivingUp_failsAndSoDoesWhatComesLater() {
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new BreakOff(new Unprintable())));
        assertCode(ErrorCode.CLOSED, () -> writer.run(new OwnerOps.Nudge()));
    }

    @Test
    void run_newConnectionIsNoGood_closesIt() throws SQLException {
        Session withoutTables = Session.connect("jdbc:sqlite:" + dir.resolve("empty.db"));
        assertThat(withoutTables.number("SELECT 1")).isEqualTo(1);
        connector = () -> withoutTables;
        loseTheConnection();
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new OwnerOps.Nudge()));
        assertThatThrownBy(() -> withoutTables.number("SELECT 2"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("closed");
    }
}
