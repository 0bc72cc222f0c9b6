package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWalkTest implements TreeWalk.Visitor {
    @TempDir
    private Path folder = Path.of("");

    private final List<String> files = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    @Override
    public void file(String path, long bytes) {
        files.add(path);
    }

    @Override
    public void skipped(String path, String reason) {
        skipped.add(path + ": " + reason);
    }

    @Test
    void walk_ofUnusualNames_isInTheOrderOfWholePathsAsUtf8() throws IOException {
        Tree.unusual(folder);

        TreeWalk.walk(folder.toUri(), Files.createDirectories(folder.resolve("out")), this);

        assertThat(files).containsExactly(Tree.UNUSUAL_NAMES);
        assertThat(files)
                .isSortedAccordingTo((one, other) -> Arrays.compareUnsigned(
                        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
        assertThat(skipped).isEmpty();
    }

    @Test
    void walk_ofWhatIsNoRegularFile_saysWhy() throws Exception {
        Tree tree = new Tree(folder);
        tree.write("file", "x");
        tree.link("link", "file");
        tree.link("dangling", "nowhere");
        tree.link("loop", ".");
        tree.fifo("pipe");
        tree.latin1Name();

        TreeWalk.walk(folder.toUri(), Files.createDirectories(folder.resolve("out")), this);

        assertThat(files).containsExactly("file");
        assertThat(skipped)
                .containsExactly(
                        "caf\\xE9: its name is not UTF-8",
                        "dangling: symbolic link",
                        "link: symbolic link",
                        "loop: symbolic link",
                        "pipe: not a regular file");
    }

    @Test
    void walk_meetingTheExcludedFolder_passesIt() throws IOException {
        Tree tree = new Tree(folder);
        tree.write("a/file", "x");
        tree.write("a/out/objects/file", "x");
        tree.write("a/out2/file", "x");

        TreeWalk.walk(folder.toUri(), folder.resolve("a/out"), this);

        assertThat(files).containsExactly("a/file", "a/out2/file");
    }

    @Test
    void walk_ofADirectoryThatIsGone_saysSo() throws IOException {
        TreeWalk.walk(folder.resolve("gone").toUri(), folder, this);

        assertThat(files).isEmpty();
        assertThat(skipped).containsExactly(".: vanished");
    }

    @Test
    void walk_ofADeepTree_reachesItsBottom() throws IOException {
        String deep = "d/".repeat(300) + "file";
        new Tree(folder).write(deep, "x");

        TreeWalk.walk(folder.toUri(), Files.createDirectories(folder.resolve("out")), this);

        assertThat(files).containsExactly(deep);
    }
}
