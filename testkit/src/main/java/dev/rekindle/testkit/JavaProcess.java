package dev.rekindle.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process of its own that runs a main class of the tests' class path, to be killed and stopped as real ones are. Ends
 * with the test. Thread-safe. Signals need a Unix.
 */
public final class JavaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(2);

    /** Many at once on a small machine: a small heap, and compiled soon rather than well. */
    private static final List<String> SMALL = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8");

    private final Process process;
    private final Path out;
    private final Path err;

    private JavaProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it; what it prints goes to files in {@code logs}. */
    public static JavaProcess start(Path logs, Class<?> main, Object... args) throws IOException {
        Path out = Files.createTempFile(logs, "out-", ".txt");
        Path err = Files.createTempFile(logs, "err-", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new JavaProcess(process, out, err);
    }

    /** Its id in the operating system. */
    public long pid() {
        return process.pid();
    }

    /** Waits until something is true, while the process runs; fails when it ends before, or after about a minute. */
    public void until(String what, BooleanSupplier condition) throws InterruptedException {
        long looks = PATIENCE.dividedBy(LOOK);
        while (!condition.getAsBoolean()) {
            if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("ended before " + what + ": " + report());
            }
            if (--looks < 0) {
                throw new AssertionError("waited too long for " + what + ": " + report());
            }
        }
    }

    /** Ends the process as a power cut would: SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks the process to end: SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Lets it stand still, as a long collection or a machine that is put to sleep would: SIGSTOP. */
    public void freeze() throws InterruptedException, IOException {
        signal("STOP");
    }

    /** Lets it go on after {@link #freeze()}: SIGCONT. */
    public void thaw() throws InterruptedException, IOException {
        signal("CONT");
    }

    private void signal(String name) throws InterruptedException, IOException {
        int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new AssertionError("kill -%s: exit code %d, %s".formatted(name, exitCode, report()));
        }
    }

    /** Ends its standard input. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits for the process to end by itself. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("did not end: " + report());
        }
        return process.exitValue();
    }

    /** The lines that it has printed so far. */
    public List<String> out() {
        return lines(out);
    }

    /** The lines that it has printed to stderr so far. */
    public List<String> err() {
        return lines(err);
    }

    private String report() {
        return "stdout " + out() + ", stderr " + err();
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
