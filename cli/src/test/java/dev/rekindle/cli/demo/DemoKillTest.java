package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Main;
import dev.rekindle.testkit.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as real processes that are killed at several moments and started again. */
@Timeout(180)
class DemoKillTest {
    private static final int SMALL_FILES = 600;

    /** Compressing it takes a while: no run is over before the test has seen what it waits for. */
    private static final int BIG_FILE = 16 << 20;

    @TempDir
    private Path folder = Path.of("");

    private Path tree = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void plantTree() throws Exception {
        tree = Files.createDirectories(folder.resolve("tree"));
        out = folder.resolve("out");
        Tree planted = Tree.unusual(tree);
        for (int i = 0; i < SMALL_FILES; i++) {
            planted.write("many/" + i % 10 + "/ファイル-" + i, "content of file " + i + "\n".repeat(i));
        }
        planted.link("dangling", "nowhere");
        planted.fifo("pipe");
        planted.latin1Name();
        planted.writeRandom("🔥 big, and last in its order", BIG_FILE);
    }

    @Test
    void demo_killedAtSeveralMoments_goesOnAndEndsWithTheRightManifest() throws Exception {
        try (JavaProcess first = demo()) {
            first.until("the first object", () -> objects() >= 1);
            first.kill();
        }
        for (int enough : List.of(100, 300, 500)) {
            try (JavaProcess next = demo()) {
                next.until(enough + " objects", () -> objects() >= enough);
                next.kill();
                assertThat(next.out().getFirst()).startsWith("resuming archive-tree-");
            }
        }
        try (JavaProcess next = demo()) {
            next.until("the big file's temporary object", this::bigFileIsUnderWay);
            next.kill();
            assertThat(next.out().getFirst())
                    .matches("resuming archive-tree-[0-9a-f]{8}: [1-9][0-9]* of 617 files.* done");
        }
        try (JavaProcess last = demo()) {
            assertThat(last.exitCode()).as("stderr %s", last.err()).isZero();
            assertThat(last.out().getFirst()).startsWith("resuming archive-tree-");
            assertThat(last.out().getLast()).startsWith("archived 617 files, ");
            assertThat(last.err()).hasSize(4).last().asString().startsWith("skipped 3 in all");
        }

        ArchiveCheck.matches(out, tree);
        assertThat(ArchiveCheck.skipped(out)).containsOnlyKeys("caf\\xE9", "dangling", "pipe");
    }

    @Test
    void demo_askedToEnd_saysHowToGoOnAndGoesOn() throws Exception {
        try (JavaProcess first = demo()) {
            first.until("some objects", () -> objects() >= 50);
            first.terminate();
            assertThat(first.exitCode()).isEqualTo(143);
            assertThat(first.err())
                    .containsExactly("interrupted; run the same command again and it goes on where it was");
        }
        try (JavaProcess last = demo()) {
            assertThat(last.exitCode()).as("stderr %s", last.err()).isZero();
            assertThat(last.out().getFirst()).startsWith("resuming archive-tree-");
        }

        ArchiveCheck.matches(out, tree);
    }

    private JavaProcess demo() throws IOException {
        return JavaProcess.start(folder, Main.class, "demo", tree, "--out", out, "--jobs", 2);
    }

    private long objects() {
        try (Stream<Path> files = Files.walk(out.resolve("objects"))) {
            return files.filter(file -> file.toString().endsWith(".gz")).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean bigFileIsUnderWay() {
        Path work = out.resolve("work");
        try (Stream<Path> files = Files.walk(work)) {
            return files.anyMatch(
                    file -> file.toString().endsWith(".gz") && file.toFile().length() > BIG_FILE / 4);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
