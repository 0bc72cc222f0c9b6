package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Rekindle;
import dev.rekindle.Stores;
import dev.rekindle.cli.Cli;
import dev.rekindle.cli.demo.Archive.Job;
import dev.rekindle.cli.demo.Archive.Result;
import dev.rekindle.cli.demo.Archive.Run;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private Path tree() throws IOException {
        return Files.createDirectories(folder.resolve("tree"));
    }

    private Path out() {
        return folder.resolve("out");
    }

    private Cli.Ran demo(Object... args) {
        return Cli.run(args);
    }

    // ---- what it makes

    @Test
    void demo_ofUnusualNames_archivesEachAndSaysSoLast() throws IOException {
        Tree.unusual(tree());

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        ArchiveCheck.matches(out(), tree());
        assertThat(ArchiveCheck.skipped(out())).isEmpty();
        assertThat(ran.lastLine())
                .matches("archived %d files, [0-9]+ bytes, manifest .*".formatted(Tree.UNUSUAL_NAMES.length))
                .endsWith("manifest " + out().toRealPath().resolve("manifest.jsonl"));
    }

    @Test
    void demo_ofAnEmptyDirectory_writesAnEmptyManifest() throws IOException {
        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.lastLine()).startsWith("archived 0 files, 0 bytes, manifest ");
        assertThat(out().resolve("manifest.jsonl")).isEmptyFile();
    }

    @Test
    void demo_ofMoreThanOnePage_keepsTheOrder() throws IOException {
        Tree tree = new Tree(tree());
        for (int i = 0; i < 2 * PageWriter.NAMES_PER_PAGE + 1; i++) {
            tree.write("d" + i % 7 + "/file-" + i, "content " + i % 100);
        }

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isZero();
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_ofWhatCannotBeArchived_reportsEachAndGoesOn() throws Exception {
        Tree tree = new Tree(tree());
        tree.write("file", "x");
        tree.link("dangling", "nowhere");
        tree.link("evil\nname", "file");
        tree.fifo("pipe");
        tree.latin1Name();

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.lastLine()).startsWith("archived 1 files, 1 bytes, ");
        assertThat(ran.err())
                .containsExactly(
                        "skipped 'caf\\xE9': its name is not UTF-8",
                        "skipped 'dangling': symbolic link",
                        "skipped 'evil\\nname': symbolic link",
                        "skipped 'pipe': not a regular file",
                        "skipped 4 in all, listed in " + out().toRealPath().resolve("skipped.jsonl"));
        assertThat(ArchiveCheck.skipped(out()))
                .containsEntry("evil\nname", "symbolic link")
                .hasSize(4);
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_withTheArchiveInsideTheTree_doesNotArchiveItself() throws IOException {
        new Tree(tree()).write("file", "x");
        Path inside = tree().resolve("archive");

        assertThat(demo("demo", tree(), "--out", inside).lastLine()).startsWith("archived 1 files, ");
        assertThat(demo("demo", tree(), "--out", inside).lastLine()).startsWith("archived 1 files, ");

        ArchiveCheck.matches(inside, tree());
    }

    @Test
    void demo_throughALinkToTheTree_archivesWhatItPointsTo() throws IOException {
        new Tree(tree()).write("file", "x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), tree());

        assertThat(demo("demo", link, "--out", out()).lastLine()).startsWith("archived 1 files, ");
    }

    @Test
    void demo_twice_isANewRunThatFindsTheObjects() throws IOException {
        Tree tree = new Tree(tree());
        tree.write("file", "one");
        Cli.Ran first = demo("demo", tree(), "--out", out());
        tree.write("file", "another");

        Cli.Ran second = demo("demo", tree(), "--out", out());

        assertThat(first.out().getFirst()).startsWith("archiving '").doesNotContain("#");
        assertThat(second.out().getFirst()).startsWith("archiving '").endsWith("#2");
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_whenItSucceeds_leavesOneManifestLineAFile() throws IOException {
        new Tree(tree()).write("a \"quoted\" name", "abc");

        demo("demo", tree(), "--out", out());

        assertThat(out().resolve("manifest.jsonl")).hasContent("""
            {"path":"a \\"quoted\\" name","bytes":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}\
            """);
    }

    @Test
    void demo_withoutADirectory_archivesTheSourcesOfTheCheckout() throws IOException {
        new Tree(Files.createDirectories(folder.resolve("core/src"))).write("Source.java", "x");
        System.setProperty("rekindle.root", folder.toString());
        try {
            assertThat(demo("demo", "--out", out()).lastLine()).startsWith("archived 1 files, ");
        } finally {
            System.clearProperty("rekindle.root");
        }
        ArchiveCheck.matches(out(), folder.resolve("core/src"));
    }

    @Test
    void demo_withAStoreOfItsOwn_usesIt() throws IOException {
        new Tree(tree()).write("file", "x");
        Path db = folder.resolve("elsewhere.db");

        assertThat(demo("demo", tree(), "--out", out(), "--db", "sqlite:" + db).exitCode())
                .isZero();

        assertThat(db).isNotEmptyFile();
        assertThat(out().resolve("rekindle.db")).doesNotExist();
    }

    @Test
    void demo_ofADamagedObject_mendsIt() throws IOException {
        new Tree(tree()).write("file", "abc");
        demo("demo", tree(), "--out", out());
        Files.writeString(
                out().resolve("objects/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.gz"), "rust");

        demo("demo", tree(), "--out", out());

        ArchiveCheck.matches(out(), tree());
    }

    // ---- going on

    @Test
    void demo_whenARunWasOnlyAccepted_goesOnWithIt() throws Exception {
        new Tree(tree()).write("file", "x");
        String started = accept();

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out().getFirst()).isEqualTo("resuming " + started + ": the tree is not listed yet");
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_withRestart_givesUpTheOldRun() throws Exception {
        new Tree(tree()).write("file", "x");
        String started = accept();

        Cli.Ran ran = demo("demo", tree(), "--out", out(), "--restart");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out().getFirst()).endsWith(" as " + started + "#2");
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_whenOtherCodeBeganTheRun_saysHowToStartOver() throws Exception {
        new Tree(tree()).write("file", "x");
        String started = accept();
        takeFirstTurnWithOtherCode();

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .last()
                .asString()
                .startsWith("HISTORY_MISMATCH the interrupted run can't go on: '" + started + "'; ")
                .endsWith("Run again with --restart.");
        assertThat(demo("demo", tree(), "--out", out(), "--restart").exitCode()).isZero();
        ArchiveCheck.matches(out(), tree());
    }

    @Test
    void demo_whenTheArchiveCannotBeWritten_saysWhyAndSucceedsOnceItCan() throws Exception {
        new Tree(tree()).write("file", "x");
        Files.createDirectories(out());
        Files.writeString(out().resolve("objects"), "in the way");

        Cli.Ran ran = demo("demo", tree(), "--out", out());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("ORCHESTRATION_FAILED the archive was not finished: 'archive-tree-")
                .contains("'ArchiveFile'", out().toRealPath() + "/objects");
        assertThat(out().resolve("manifest.jsonl")).doesNotExist();

        Files.delete(out().resolve("objects"));
        assertThat(demo("demo", tree(), "--out", out()).exitCode()).isZero();
        ArchiveCheck.matches(out(), tree());
    }

    /** Starts the run that the command would start; nobody runs it. */
    private String accept() throws IOException {
        ArchiveFolder folder = new ArchiveFolder(Files.createDirectories(out()).toRealPath());
        URI from = tree().toRealPath().toUri();
        URI to = folder.root().toUri();
        String instance = RunId.of(from, to).instance(1);
        try (Provider provider = Stores.open(store())) {
            new Client(provider).start(Archive.ARCHIVE, instance, Run.first(new Job(from, to, instance)));
        }
        return instance;
    }

    private void takeFirstTurnWithOtherCode() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        try (Rekindle node = Rekindle.open(store())
                .options(options -> options.retryDelay(Duration.ofMillis(10)))
                .orchestration(Archive.ARCHIVE, (ctx, run) -> {
                    begun.countDown();
                    ctx.call(Archive.CLEAN_UP, run.job());
                    return Result.NONE;
                })
                .start()) {
            begun.await();
        }
    }

    private String store() {
        return "sqlite:" + out().resolve("rekindle.db");
    }

    // ---- bad input

    @Test
    void demo_ofADirectoryThatIsMissing_saysSoAndMakesNothing() {
        Cli.Ran ran = demo("demo", folder.resolve("gone"), "--out", out());

        refused(ran, "INVALID_ARGUMENT no such directory: '" + folder.resolve("gone") + "'; ");
    }

    @Test
    void demo_ofAFile_saysSoAndMakesNothing() throws IOException {
        Path file = new Tree(folder).write("file", "x");

        refused(demo("demo", file, "--out", out()), "INVALID_ARGUMENT not a directory: '" + file + "'; ");
    }

    @Test
    void demo_intoAFile_saysSo() throws IOException {
        Path file = new Tree(folder).write("file", "x");

        refused(demo("demo", tree(), "--out", file), "INVALID_ARGUMENT archive folder is a file: '" + file + "'; ");
    }

    @Test
    void demo_intoWhatCannotBeMade_saysSo() throws IOException {
        refused(
                demo("demo", tree(), "--out", "/proc/nobody/can/make/this"),
                "INVALID_ARGUMENT archive folder can't be written: '/proc/nobody/can/make/this'; ");
    }

    @Test
    void demo_intoTheTreeItself_saysSo() throws IOException {
        refused(
                demo("demo", tree(), "--out", tree()),
                "INVALID_ARGUMENT archive folder is the directory to archive: '" + tree() + "'; ");
    }

    @Test
    void demo_withAnUnknownStore_makesNothing() throws IOException {
        refused(
                demo("demo", tree(), "--out", out(), "--db", "carrier-pigeon:coop"),
                "UNKNOWN_STORE no provider for this store URL: 'carrier-pigeon:coop'; ");
    }

    private void refused(Cli.Ran ran, String message) {
        assertThat(ran.err()).singleElement().asString().startsWith(message);
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(out()).doesNotExist();
    }
}
