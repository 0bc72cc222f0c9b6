package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Cli;
import dev.rekindle.cli.NodeMain;
import dev.rekindle.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a SQLite file that an application in another process is running. */
@Timeout(120)
class LiveTest {
    @TempDir
    private static Path folder = Path.of("");

    private static String url = "";
    private static JavaProcess application;

    @BeforeAll
    static void startApplication() throws IOException, InterruptedException {
        url = "sqlite:" + folder.resolve("live.db");
        application = JavaProcess.start(folder, NodeMain.class, url);
        application.until("it runs", () -> application.out().contains("running"));
    }

    @AfterAll
    static void stopApplication() throws InterruptedException {
        application.close();
    }

    private static Cli.Ran rekindle(String... words) {
        return Cli.run(
                Cli.surroundings(InstantSource.system(), Map.of("REKINDLE_DB", url), "", false), (Object[]) words);
    }

    private static List<String> out(String... words) {
        Cli.Ran ran = rekindle(words);
        assertThat(ran.exitCode()).as("%s: %s", List.of(words), ran.err()).isZero();
        return ran.out();
    }

    private static void awaitWhy(String id, String part) throws InterruptedException {
        application.until(part, () -> String.join("\n", out("why", id)).contains(part));
    }

    @Test
    void start_withWait_saysTheResult() {
        assertThat(out("start", "Eightfold", "eight-1", "--input", "4", "--wait", "1m"))
                .containsExactly("eight-1  Completed", "32");
    }

    @Test
    void nodes_andDoctor_seeTheApplication() {
        assertThat(out("nodes")).hasSize(2).last().asString().contains("alive");
        assertThat(out("doctor")).anyMatch(line -> line.startsWith("ok      nodes        1 node alive: "));
    }

    @Test
    void instance_thatIsSuspendedAndResumed_goesOnWithItsMessage() throws InterruptedException {
        out("start", "Ask", "ask-1", "--input", "\"who?\"");
        awaitWhy("ask-1", "waits for an event on channel 'answer' (since");

        out("suspend", "ask-1", "--reason", "audit");
        out("send", "ask-1", "answer", "\"me\"");
        assertThat(out("why", "ask-1")).contains("  waits to be resumed; it was suspended: audit");
        out("resume", "ask-1");

        assertThat(out("watch", "ask-1", "--timeout", "1m"))
                .anyMatch(line -> line.contains("EventRaised"))
                .endsWith("ask-1  Completed", "\"me\"");
    }

    @Test
    void instance_whoseActivityFails_isRetriedForkedAndEnded() throws InterruptedException {
        out("start", "Broken", "broken-1", "--input", "\"lamp\"");
        awaitWhy("broken-1", "waits for its next attempt after 1 attempt failed: IOException: can't repair lamp");
        assertThat(out("queues")).anyMatch(line -> line.startsWith("Break") && line.contains("in "));

        out("terminate", "broken-1", "--yes", "--reason", "enough");
        Cli.Ran watched = rekindle("watch", "broken-1", "--timeout", "1m");
        assertThat(watched.exitCode()).isEqualTo(1);
        assertThat(watched.out()).contains("broken-1  Terminated", "ORCHESTRATION_TERMINATED: enough");

        out("retry", "broken-1");
        awaitWhy("broken-1", "after 1 attempt failed");
        assertThat(out("fork", "broken-1", "broken-2", "--input", "\"bulb\"", "-q"))
                .containsExactly("broken-2");
        awaitWhy("broken-2", "can't repair bulb");

        out("cancel", "broken-1", "broken-2", "--yes");
        assertThat(rekindle("watch", "broken-1", "--timeout", "1m").lastLine()).startsWith("CANCELLED");
        assertThat(rekindle("watch", "broken-2", "--timeout", "1m").lastLine()).startsWith("CANCELLED");
        assertThat(out("delete", "--prefix", "broken-", "--yes")).contains("deleted: 2");
        assertThat(out("instances", "-q", "--prefix", "broken-")).isEmpty();
    }

    @Test
    void everythingElse_besideTheApplication_seesWhatItDid() {
        out("start", "Eightfold", "seen-1", "--input", "2", "--wait", "1m");

        assertThat(out("instances", "--prefix", "seen-")).last().asString().contains("seen-1", "Completed");
        assertThat(out("show", "seen-1").getFirst()).contains("seen-1").endsWith("Completed");
        assertThat(out("history", "seen-1")).anyMatch(line -> line.contains("OrchestrationCompleted"));
        assertThat(out("tree", "seen-1")).singleElement().asString().contains("seen-1");
        assertThat(out("metrics")).anyMatch(line -> line.startsWith("Completed"));
        assertThat(out("definitions")).anyMatch(line -> line.startsWith("Eightfold"));
        assertThat(out("top", "--looks", "1")).anyMatch(line -> line.contains("Completed"));
        assertThat(out("migrate")).singleElement().asString().endsWith("nothing to do");
        assertThat(out("prune", "seen-1", "--keep", "1", "--yes")).isNotEmpty();
        assertThat(rekindle("dead-letters").exitCode()).isZero();
        assertThat(rekindle("metrics", "--last", "1h").exitCode()).isZero();
    }

    @Test
    void instance_carriedToAnotherStore_endsThere() throws IOException, InterruptedException {
        out("start", "Ask", "ask-2", "--input", "\"who?\"");
        awaitWhy("ask-2", "waits for an event");
        Path file = folder.resolve("ask-2.json");
        String copy = "sqlite:" + folder.resolve("copy.db");
        out("export", "ask-2", "--out", file.toString());
        out("import", file.toString(), "--db", copy);
        out("send", "ask-2", "answer", "\"there\"", "--db", copy);

        try (JavaProcess there = JavaProcess.start(folder, NodeMain.class, copy)) {
            there.until("it runs", () -> there.out().contains("running"));
            assertThat(out("watch", "ask-2", "--new", "--timeout", "1m", "--db", copy))
                    .endsWith("ask-2  Completed", "\"there\"");
        }
        assertThat(out("show", "ask-2").getFirst()).endsWith("Running");
    }
}
