package dev.rekindle.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A tree of files for a test, with names and kinds that are trouble elsewhere. */
record Tree(Path root) {
    /** Names that have to be archived, in the order of the manifest. */
    static final String[] UNUSUAL_NAMES = {
        " leading and trailing ",
        "-dash",
        "back\\slash",
        "dir.txt",
        "dir/a",
        "dir/b/c",
        "dir0",
        "empty",
        "new\nline",
        "percent%41",
        "quote\"'",
        "tab\t",
        "umläut/größe",
        "日本語/ファイル",
        "\uFFFD replacement",
        "🔥",
    };

    static Tree unusual(Path root) throws IOException {
        Tree tree = new Tree(root);
        for (String name : UNUSUAL_NAMES) {
            tree.write(name, name.equals("empty") ? "" : "content of " + name);
        }
        return tree;
    }

    Path file(String relative) {
        return FileNames.resolve(root.toUri(), relative);
    }

    Path write(String relative, String content) throws IOException {
        return write(relative, content.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String relative, byte[] content) throws IOException {
        Path file = file(relative);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return Files.write(file, content);
    }

    /** Bytes that don't compress. */
    Path writeRandom(String relative, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return write(relative, content);
    }

    void link(String relative, String target) throws IOException {
        Files.createSymbolicLink(file(relative), Path.of(target));
    }

    void fifo(String relative) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", file(relative).toString()).start();
        if (!made.waitFor(10, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException("mkfifo failed: " + relative);
        }
    }

    /** A file whose name is Latin-1: {@code caf} and the byte E9. */
    void latin1Name() throws IOException {
        Files.writeString(Path.of(URI.create(root.toUri() + "caf%E9")), "coffee");
    }
}
