package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoreTest {
    @TempDir
    private Path folder = Path.of("");

    private Path temporary = Path.of("");
    private ObjectStore objects = new ObjectStore(folder, folder);

    @BeforeEach
    void makeFolders() throws IOException {
        temporary = Files.createDirectories(folder.resolve("tmp"));
        objects = new ObjectStore(folder.resolve("objects"), temporary);
    }

    @Test
    void keep_thenHolds_underTheNameOfItsHash() throws IOException {
        Fingerprint abc = fingerprint("abc");

        assertThat(objects.holds(abc)).isFalse();
        assertThat(objects.keep(stream("abc"), abc)).isTrue();
        assertThat(objects.holds(abc)).isTrue();

        Path file = folder.resolve("objects/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(in).hasContent("abc");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void keep_ofSomethingElseThanExpected_keepsNothing() throws IOException {
        assertThat(objects.keep(stream("abd"), fingerprint("abc"))).isFalse();

        assertThat(objects.holds(fingerprint("abc"))).isFalse();
        assertThat(objects.holds(fingerprint("abd"))).isFalse();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void keep_whenReadingFails_leavesNothingAndSaysWhatFailed() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("bad sector");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("bad sector");
            }
        };

        assertThatThrownBy(() -> objects.keep(broken, fingerprint("abc"))).hasMessage("bad sector");
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not gzip", "\u001f"})
    void damagedObject_isNotHeldAndReplaced(String damage) throws IOException {
        Fingerprint abc = fingerprint("abc");
        objects.keep(stream("abc"), abc);
        Files.writeString(objects.fileOf(abc.sha256()), damage);

        assertThat(objects.holds(abc)).isFalse();
        assertThat(objects.keep(stream("abc"), abc)).isTrue();
        assertThat(objects.holds(abc)).isTrue();
    }

    @Test
    void keep_whenItIsThereAlready_changesNothing() throws IOException {
        Fingerprint abc = fingerprint("abc");

        assertThat(objects.keep(stream("abc"), abc)).isTrue();
        assertThat(objects.keep(stream("abc"), abc)).isTrue();

        assertThat(objects.holds(abc)).isTrue();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Fingerprint fingerprint(String text) throws IOException {
        return Fingerprint.of(stream(text));
    }
}
