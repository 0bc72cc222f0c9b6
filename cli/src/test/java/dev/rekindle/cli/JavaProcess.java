package dev.rekindle.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of its own that runs a main class of the tests' class path. Ends with the test. */
public final class JavaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                main.getName()));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new JavaProcess(process, out, err);
    }

    /** Waits until something is true, while the process runs; fails when it ends before, or takes too long. */
    public void until(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("ended before " + what + ": " + report());
            }
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
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
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
