package dev.rekindle.cli.demo;

import dev.rekindle.cli.demo.Archive.Outcome;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file of the tree on its way into the archive. It is read twice, for its name among the objects and to be compressed,
 * so that a content which is there already is not compressed again; if the two readings differ, it changed meanwhile.
 */
record FileToArchive(Path file) {

    /**
     * Archives the file, if it can be read and holds still.
     *
     * @throws IOException when the archive can't be written; trouble with the file is an outcome
     */
    Outcome archive(String path, ObjectStore objects) throws IOException {
        try {
            BasicFileAttributes before = attributes();
            if (!before.isRegularFile()) {
                return Outcome.skipped(path, before.isSymbolicLink() ? SkipReason.LINK : SkipReason.SPECIAL);
            }
            Fingerprint content;
            try (InputStream in = open(before.size())) {
                content = Fingerprint.of(in);
            }
            if (!objects.holds(content)) {
                try (InputStream in = open(before.size())) {
                    if (!objects.keep(in, content)) {
                        return Outcome.skipped(path, SkipReason.CHANGED);
                    }
                }
            }
            return heldStill(before, content)
                    ? Outcome.archived(path, content)
                    : Outcome.skipped(path, SkipReason.CHANGED);
        } catch (Unreadable e) {
            return Outcome.skipped(path, e.reason());
        }
    }

    private boolean heldStill(BasicFileAttributes before, Fingerprint content) throws IOException {
        BasicFileAttributes after = attributes();
        return before.size() == content.bytes()
                && after.size() == before.size()
                && after.lastModifiedTime().equals(before.lastModifiedTime());
    }

    private BasicFileAttributes attributes() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new Unreadable(SkipReason.of(e));
        }
    }

    private InputStream open(long size) throws IOException {
        try {
            return new Source(Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), size);
        } catch (IOException e) {
            throw Unreadable.unlessInterrupted(e);
        }
    }

    /** Tells trouble with reading from trouble with writing, and ends with a file that never ends. */
    private static final class Source extends FilterInputStream {
        private long left;

        Source(InputStream in, long size) {
            super(in);
            this.left = size;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read;
            try {
                read = super.read(buffer, offset, length);
            } catch (IOException e) {
                throw Unreadable.unlessInterrupted(e);
            }
            left -= read;
            if (read > 0 && left < 0) {
                throw new Unreadable(SkipReason.CHANGED);
            }
            return read;
        }
    }

    private static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Unreadable(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** An interruption says nothing of the file. */
        static IOException unlessInterrupted(IOException error) {
            return error instanceof ClosedByInterruptException ? error : new Unreadable(SkipReason.of(error));
        }

        String reason() {
            return reason;
        }
    }
}
