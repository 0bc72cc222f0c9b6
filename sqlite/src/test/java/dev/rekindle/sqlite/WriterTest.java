package dev.rekindle.sqlite;

import static dev.rekindle.sqlite.Codes.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.provider.NodeId;
import dev.rekindle.testkit.TestClock;
import java.nio.file.Path;
import java.sql.SQLException;
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
    @TempDir
    private Path dir;

    private final Board board = new Board();

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private LockFile lockFile;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private Writer writer;

    @BeforeEach
    void becomeTheOwner() throws SQLException {
        Path path = dir.resolve("store.db");
        StoreFile file = new StoreFile(SqliteUrl.parse("sqlite:" + path));
        file.prepare();
        lockFile = LockFile.of(path);
        writer = new Writer("test", file::writer, Optional.of(lockFile), board, new TestClock());
        writer.start();
        writer.run(new OwnerOps.TakeOver(new NodeId("node")));
    }

    @AfterEach
    void close() {
        writer.close();
        lockFile.leave();
    }

    /** Breaks its batch off. */
    private static final class BreakOff extends Op<@Nullable Void> {
        private final Error cause;

        BreakOff(Error cause) {
            this.cause = cause;
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) {
            throw cause;
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            return null;
        }
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

    @Test
    void run_breaksOffWithAnError_failsAndAllBeginsAnew() {
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new BreakOff(new AssertionError("on purpose"))));
        assertThat(board.isOwner()).isFalse();
        assertThat(writer.<Boolean>run(new OwnerOps.Release(null))).isFalse();
    }

    @Test
    void run_anotherErrorWhileGivingUp_failsAndSoDoesWhatComesLater() {
        assertCode(ErrorCode.STORE_UNAVAILABLE, () -> writer.run(new BreakOff(new Unprintable())));
        assertCode(ErrorCode.CLOSED, () -> writer.run(new OwnerOps.Nudge()));
    }
}
