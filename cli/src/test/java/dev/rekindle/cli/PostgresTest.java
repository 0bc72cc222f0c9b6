package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands on PostgreSQL. The server trusts everybody; the password is there to be found in what they print. */
@Timeout(120)
class PostgresTest {
    private static final String PASSWORD = "geheim";

    private static String url(String parameters) {
        return "postgresql://postgres:%s@127.0.0.1:%d/postgres?%s".formatted(PASSWORD, TestPostgres.port(), parameters);
    }

    @Test
    void bench_onPostgres_measuresAndShowsNoPassword() {
        Cli.Ran ran = Cli.run(
                "bench",
                "--db",
                url("schema=bench"),
                "--seconds",
                "0.5",
                "--warmup",
                "0.5",
                "--in-flight",
                "8",
                "--json");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).noneMatch(line -> line.contains(PASSWORD));
        JsonNode result = new JsonMapper().readTree(ran.lastLine());
        assertThat(result.get("errors").asLong()).isZero();
        assertThat(result.get("activities_per_s").asDouble()).isPositive();
        assertThat(result.get("settings").get("db").asString())
                .isEqualTo("postgresql://127.0.0.1:%d/postgres?schema=bench", TestPostgres.port());
        assertThat(result.get("settings").get("store").asString())
                .contains("127.0.0.1:" + TestPostgres.port(), "bench");
    }

    @Test
    void bench_urlThatNobodyUnderstands_showsNoPassword() {
        Cli.Ran ran = Cli.run("bench", "--db", "postgressql://me:" + PASSWORD + "@127.0.0.1/shop");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(ran.err()).isNotEmpty().noneMatch(line -> line.contains(PASSWORD));
    }

    @Test
    void demo_killedAndStartedAgain_goesOnWhereItWas(@TempDir Path folder) throws Exception {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Path out = folder.resolve("out");
        for (int i = 0; i < 300; i++) {
            Files.writeString(tree.resolve("file-" + i), "content of file " + i + "\n".repeat(i));
        }
        Object[] demo = {"demo", tree, "--out", out, "--jobs", 2, "--db", url("schema=demo&takeover=2")};
        try (JavaProcess first = JavaProcess.start(folder, Main.class, demo)) {
            first.until("some objects", () -> objects(out) >= 50);
            first.kill();
        }
        try (JavaProcess last = JavaProcess.start(folder, Main.class, demo)) {
            assertThat(last.exitCode()).as("stderr %s", last.err()).isZero();
            assertThat(last.out().getFirst()).startsWith("resuming archive-tree-");
            assertThat(last.out().getLast()).startsWith("archived 300 files, ");
            assertThat(last.err()).isEmpty();
            assertThat(last.out()).noneMatch(line -> line.contains(PASSWORD));
        }
        assertThat(Files.readAllLines(out.resolve("manifest.jsonl")))
                .hasSize(300)
                .doesNotHaveDuplicates();
    }

    private static long objects(Path out) {
        try (Stream<Path> files = Files.walk(out.resolve("objects"))) {
            return files.filter(file -> file.toString().endsWith(".gz")).count();
        } catch (java.io.UncheckedIOException | IOException e) {
            return 0;
        }
    }
}
