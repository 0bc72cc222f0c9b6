package dev.rekindle.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node of a {@link Fleet} does, one line for each thing, in a file that outlives the node. Times are those of
 * {@link System#nanoTime()}, which on Linux is the same clock in all processes. Thread-safe for writing.
 */
final class FleetLog implements AutoCloseable {
    private final OutputStream out;

    private FleetLog(OutputStream out) {
        this.out = out;
    }

    /** What is told. */
    enum What {
        /** It takes work from now on. */
        RUNNING,
        /** It has another place in the store than before; the number is its key. */
        PLACE,
        /** So many of its writes have been refused. */
        REFUSED,
        /** So many silent nodes it took leases over from. */
        TOOK_OVER,
        /** An attempt begins; the number is its. */
        BEGUN,
        /** An attempt begins that does not end before the test lets it; the number is its. */
        HELD,
        /** The code of an attempt has returned. */
        ENDED
    }

    /**
     * A line.
     *
     * @param at when
     * @param round the round of an attempt, or 0
     * @param key which activity, or a dash
     * @param number what it is stands with {@link What}
     */
    record Line(What what, long at, int round, String key, long number) {
        static Line parse(String text) {
            String[] words = text.split(" ", -1);
            return new Line(
                    What.valueOf(words[0]),
                    Long.parseLong(words[1]),
                    Integer.parseInt(words[2]),
                    words[3],
                    Long.parseLong(words[4]));
        }
    }

    /** A log to write to. */
    static FleetLog open(Path file) throws IOException {
        return new FleetLog(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND));
    }

    void tell(What what, long number) {
        write(what, 0, "-", number);
    }

    void tellAttempt(What what, int round, String key, int attempt) {
        write(what, round, key, attempt);
    }

    /** One write for each line: whatever ends the process, no line is torn. */
    private void write(What what, int round, String key, long number) {
        try {
            out.write("%s %d %d %s %d%n"
                    .formatted(what, System.nanoTime(), round, key, number)
                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Follows a log as it grows. Not thread-safe. */
    static final class Reader {
        private final Path file;
        private long position;

        Reader(Path file) {
            this.file = file;
        }

        /** The lines that have come since the last time. */
        List<Line> news() {
            if (!Files.exists(file)) {
                return List.of();
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                byte[] bytes = new byte[Math.toIntExact(in.length() - position)];
                in.seek(position);
                in.readFully(bytes);
                String text = new String(bytes, StandardCharsets.UTF_8);
                String whole = text.substring(0, text.lastIndexOf('\n') + 1);
                position += whole.getBytes(StandardCharsets.UTF_8).length;
                List<Line> lines = new ArrayList<>();
                whole.lines().forEach(line -> lines.add(Line.parse(line)));
                return lines;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
