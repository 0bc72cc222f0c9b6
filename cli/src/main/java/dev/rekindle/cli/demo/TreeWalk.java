package dev.rekindle.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree in the order of its files' relative paths, compared as UTF-8. Symbolic links are not followed.
 * Only one directory of each level is in memory at a time.
 */
final class TreeWalk {

    /** Who is told what the tree holds. */
    interface Visitor {
        /** A regular file. */
        void file(String path, long bytes) throws IOException;

        /** Something that can't be archived, and why. */
        void skipped(String path, String reason) throws IOException;
    }

    private final Visitor visitor;
    private final @Nullable Object excluded;
    private final Deque<Iterator<Entry>> levels = new ArrayDeque<>();

    private TreeWalk(Visitor visitor, @Nullable Object excluded) {
        this.visitor = visitor;
        this.excluded = excluded;
    }

    /** Visits all that is below a directory, but for what is below {@code excluded}, wherever that is. */
    static void walk(URI root, Path excluded, Visitor visitor) throws IOException {
        Object excludedKey =
                Files.readAttributes(excluded, BasicFileAttributes.class).fileKey();
        TreeWalk walk = new TreeWalk(visitor, excludedKey);
        walk.enter(Path.of(root), "");
        while (!walk.levels.isEmpty()) {
            Iterator<Entry> level = walk.levels.element();
            if (level.hasNext()) {
                walk.visit(level.next());
            } else {
                walk.levels.remove();
            }
        }
    }

    private void visit(Entry entry) throws IOException {
        switch (entry) {
            case Entry.RegularFile file -> visitor.file(file.relative(), file.bytes());
            case Entry.Skipped skipped -> visitor.skipped(skipped.relative(), skipped.reason());
            case Entry.Directory directory -> {
                if (excluded == null || !excluded.equals(directory.fileKey())) {
                    enter(directory.path(), directory.relative());
                }
            }
        }
    }

    /** Reads a directory; what was read before an error counts. */
    private void enter(Path directory, String relative) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                entries.add(entry(child, relative));
            }
        } catch (DirectoryIteratorException e) {
            visitor.skipped(relative.isEmpty() ? "." : relative, SkipReason.of(Objects.requireNonNull(e.getCause())));
        } catch (IOException e) {
            visitor.skipped(relative.isEmpty() ? "." : relative, SkipReason.of(e));
        }
        entries.sort(Comparator.comparing(Entry::sortKey));
        levels.push(entries.iterator());
    }

    private static Entry entry(Path path, String directory) {
        byte[] name = FileNames.bytes(path);
        String key = new String(name, StandardCharsets.ISO_8859_1);
        String prefix = directory.isEmpty() ? "" : directory + "/";
        Optional<String> text = FileNames.text(name);
        if (text.isEmpty()) {
            return new Entry.Skipped(prefix + FileNames.escaped(name), key, SkipReason.NAME);
        }
        String relative = prefix + text.get();
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                return new Entry.Directory(relative, key + "/", path, attributes.fileKey());
            }
            if (attributes.isRegularFile()) {
                return new Entry.RegularFile(relative, key, attributes.size());
            }
            String reason = attributes.isSymbolicLink() ? SkipReason.LINK : SkipReason.SPECIAL;
            return new Entry.Skipped(relative, key, reason);
        } catch (IOException e) {
            return new Entry.Skipped(relative, key, SkipReason.of(e));
        }
    }

    /**
     * One name in a directory. Its sort key is its bytes as characters, a directory's with the '/' that follows it in
     * the paths of its files: so the walk meets files in the order of their whole paths.
     */
    private sealed interface Entry {
        String sortKey();

        record RegularFile(String relative, String sortKey, long bytes) implements Entry {}

        record Directory(
                String relative,
                String sortKey,
                Path path,
                @Nullable Object fileKey) implements Entry {}

        record Skipped(String relative, String sortKey, String reason) implements Entry {}
    }
}
