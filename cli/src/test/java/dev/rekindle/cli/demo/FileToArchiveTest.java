package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rekindle.cli.demo.Archive.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileToArchiveTest {
    @TempDir
    private Path folder = Path.of("");

    private ObjectStore objects = new ObjectStore(folder, folder);

    @BeforeEach
    void makeFolders() throws IOException {
        objects = new ObjectStore(folder.resolve("objects"), Files.createDirectories(folder.resolve("tmp")));
    }

    private Outcome archive(Path file) throws IOException {
        return new FileToArchive(file).archive("path", objects);
    }

    @Test
    void archive_ofAFile_givesSizeAndHash() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "abc");

        Outcome outcome = archive(file);

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        "path", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", null));
        assertThat(archive(file)).as("a second time").isEqualTo(outcome);
    }

    @Test
    void archive_ofAFileThatIsGone_saysVanished() throws IOException {
        assertThat(archive(folder.resolve("gone"))).isEqualTo(Outcome.skipped("path", "vanished"));
    }

    @Test
    void archive_ofALinkThatWasAFileWhenItWasListed_doesNotFollowIt() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));

        assertThat(archive(link)).isEqualTo(Outcome.skipped("path", "symbolic link"));
    }

    @Test
    void archive_ofADirectoryThatWasAFileWhenItWasListed_saysSo() throws IOException {
        assertThat(archive(Files.createDirectory(folder.resolve("d"))))
                .isEqualTo(Outcome.skipped("path", "not a regular file"));
    }

    /** To a reader, files below /proc grow: their size is 0. The second one never ends. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/status", "/proc/self/pagemap"})
    void archive_ofAFileThatGrowsMeanwhile_saysChanged(Path growing) throws IOException {
        assumeThat(growing).as("a file that is longer than its size").isRegularFile();

        assertThat(archive(growing)).isEqualTo(Outcome.skipped("path", "changed while it was read"));
    }

    @Test
    void archive_ofAFileWithoutPermission_saysNotReadable() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(secret)).as("root can read everything").isFalse();

        assertThat(archive(secret)).isEqualTo(Outcome.skipped("path", "not readable: permission denied"));
    }

    @Test
    void archive_whenTheArchiveCannotBeWritten_fails() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "abc");
        Files.writeString(folder.resolve("objects"), "in the way");

        assertThatThrownBy(() -> archive(file)).isInstanceOf(IOException.class);
    }
}
