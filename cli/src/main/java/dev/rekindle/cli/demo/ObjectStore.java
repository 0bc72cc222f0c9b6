package dev.rekindle.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compressed contents, each under the name of its SHA-256: {@code ab/cdef….gz}. Equal contents are kept once. What has a
 * name is whole, was read back, and is on the disk. Thread-safe, between processes too.
 */
final class ObjectStore {
    private static final int BUFFER = 1 << 14;

    private final Path objects;
    private final Path temporary;

    /** The store in {@code objects}; both folders are on one file system. */
    ObjectStore(Path objects, Path temporary) {
        this.objects = objects;
        this.temporary = temporary;
    }

    Path fileOf(String sha256) {
        return directoryOf(sha256).resolve(sha256.substring(2) + ".gz");
    }

    private Path directoryOf(String sha256) {
        return objects.resolve(sha256.substring(0, 2));
    }

    /** Whether the content is there and reads back as what its name says. */
    boolean holds(Fingerprint content) throws IOException {
        Path file = fileOf(content.sha256());
        if (!Files.exists(file) || !readsBackAs(content, file)) {
            return false;
        }
        // Whoever moved it here may have been killed before its name was on the disk.
        DurableFiles.syncDirectoryOf(file);
        return true;
    }

    /**
     * Keeps a content.
     *
     * @param expected what the content was when it was read before
     * @return false when it is no longer that; nothing is kept then
     * @throws IOException what {@code in} throws, or when the store can't be written
     */
    boolean keep(InputStream in, Fingerprint expected) throws IOException {
        DurableFiles.createDirectory(directoryOf(expected.sha256()));
        Path written = Files.createTempFile(temporary, "object-", ".gz");
        try {
            Fingerprint[] found = new Fingerprint[1];
            DurableFiles.writeTemporary(written, out -> {
                try (GZIPOutputStream compressed = new GZIPOutputStream(out, BUFFER)) {
                    found[0] = Fingerprint.copying(in, compressed);
                }
            });
            if (!expected.equals(found[0])) {
                return false;
            }
            if (!readsBackAs(expected, written)) {
                throw new IOException("what was written reads back differently: '%s'".formatted(written));
            }
            DurableFiles.moveTo(fileOf(expected.sha256()), written);
            return true;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static boolean readsBackAs(Fingerprint content, Path file) throws IOException {
        try (InputStream compressed = Files.newInputStream(file);
                InputStream in = new GZIPInputStream(compressed, BUFFER)) {
            return Fingerprint.of(in).equals(content);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            // Cut off or overwritten by somebody: not what its name says.
            return false;
        }
    }
}
