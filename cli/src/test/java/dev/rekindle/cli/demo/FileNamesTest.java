package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void resolve_ofUnusualNames_findsTheFilesAgain() throws IOException {
        Tree.unusual(folder);

        for (String name : Tree.UNUSUAL_NAMES) {
            assertThat(FileNames.resolve(folder.toUri(), name)).as(name).isRegularFile();
        }
    }

    @Test
    void bytes_ofListedFiles_areTheirNamesInUtf8() throws IOException {
        Set<String> flat = Set.of("größe", "percent%41", "new\nline", "🔥", "a b", "%");
        for (String name : flat) {
            new Tree(folder).write(name, "x");
        }

        Set<String> listed = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                listed.add(FileNames.text(FileNames.bytes(file)).orElseThrow());
            }
        }

        assertThat(listed).isEqualTo(flat);
    }

    @Test
    void bytes_ofADirectory_haveNoSlash() throws IOException {
        Path directory = Files.createDirectories(folder.resolve("inner"));

        assertThat(FileNames.bytes(directory)).isEqualTo("inner".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void text_ofANameThatIsNotUtf8_isEmptyAndItsEscapedFormReadable() {
        byte[] name = FileNames.bytes(Path.of(URI.create(folder.toUri() + "caf%E9")));

        assertThat(FileNames.text(name)).isEmpty();
        assertThat(FileNames.escaped(name)).isEqualTo("caf\\xE9");
    }
}
