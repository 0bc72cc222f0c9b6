package dev.rekindle.cli.bench;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.cli.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of its own in the current directory, and so on its disk; removed when it is closed. */
record TemporaryFolder(Path path) implements AutoCloseable {

    static TemporaryFolder make() {
        Path here = Path.of("").toAbsolutePath();
        try {
            return new TemporaryFolder(Files.createTempDirectory(here, ".rekindle-bench-"));
        } catch (IOException e) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no place for a new store: '%s'; expected a directory that you may write, found %s. Go elsewhere or choose a --db."
                            .formatted(here, e),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        Folders.delete(path);
    }
}
