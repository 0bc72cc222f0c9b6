package dev.rekindle.cli.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are there whole or not at all, whatever happens meanwhile.
 *
 * <p>The order is what does it: the content reaches the disk before the name does, and the name, which is an entry of
 * its directory, reaches the disk before the caller goes on.
 */
final class DurableFiles {
    private static final int BUFFER = 1 << 14;

    private DurableFiles() {}

    /** What a file is to hold. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a file beside its final place and moves it there, over one that is there already. */
    static void write(Path target, Path temporary, Content content) throws IOException {
        writeTemporary(temporary, content);
        moveTo(target, temporary);
    }

    /** Writes a file and waits until its content is on the disk. */
    static void writeTemporary(Path temporary, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = new Unclosed(Channels.newOutputStream(channel));
            content.writeTo(out);
            out.flush();
            channel.force(false);
        }
    }

    /** Stays open when what writes through it is closed: the file is to be forced to the disk first. */
    private static final class Unclosed extends BufferedOutputStream {
        Unclosed(OutputStream out) {
            super(out, BUFFER);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    /** Moves a file to its final place and waits until that is on the disk. */
    static void moveTo(Path target, Path temporary) throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        syncDirectoryOf(target);
    }

    /** Waits until the names in the directory of this file are on the disk. */
    static void syncDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Makes a directory, and those above it, and waits until they are on the disk. */
    static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            createDirectory(parent);
        }
        Files.createDirectories(directory);
        syncDirectoryOf(directory);
    }
}
