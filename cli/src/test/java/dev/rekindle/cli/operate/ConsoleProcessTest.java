package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.Cli;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Main;
import dev.rekindle.testkit.JavaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rekindle console} as people start and end it: in a process of its own. */
@Timeout(120)
class ConsoleProcessTest {
    private static final Pattern BANNER = Pattern.compile(
            "The console of SQLite shop\\.db is at (http://127\\.0\\.0\\.1:[0-9]+/) \\(Ctrl-C ends it\\)");

    @TempDir
    private Path folder = Path.of("");

    private String store = "";

    @BeforeEach
    void fillStore() {
        store = "sqlite:" + folder.resolve("shop.db");
        Samples.importInto(store, Samples.shop());
    }

    private JavaProcess console(String... more) throws Exception {
        List<Object> words = new ArrayList<>(List.of("console", "--db", store, "--port", "0"));
        words.addAll(List.of(more));
        JavaProcess console = JavaProcess.start(folder, Main.class, words.toArray());
        console.until("it says where it is", () -> !console.out().isEmpty());
        return console;
    }

    private static String url(JavaProcess console) {
        Matcher banner = BANNER.matcher(String.join("\n", console.out()));
        assertThat(banner.matches()).as(console.out().toString()).isTrue();
        return banner.group(1);
    }

    @Test
    void console_untilItIsAskedToEnd_servesAndSaysWhoChangedWhat() throws Exception {
        try (JavaProcess console = console()) {
            Cli.Ran cancelled = Cli.run("cancel", "order-3", "--reason", "sold out", "--db", url(console));
            assertThat(cancelled.exitCode()).as(cancelled.toString()).isZero();
            console.until("the audit line", () -> !console.err().isEmpty());
            assertThat(console.err())
                    .singleElement()
                    .asString()
                    .matches("20[^ ]+Z 127\\.0\\.0\\.1.*: cancel 'order-3': .*");

            console.terminate();
            assertThat(console.exitCode()).isEqualTo(ExitCode.TERMINATED.number());
        }
        assertThat(Cli.run("queues", "--db", store, "--json").lastLine()).contains("\"messages\":2");
    }

    @Test
    void console_thatOnlyReadsAndHides_refusesChangesAndShowsNoPayload() throws Exception {
        try (JavaProcess console = console("--read-only", "--hide-payloads")) {
            Cli.Ran refused = Cli.run("cancel", "order-3", "--db", url(console));
            assertThat(refused.exitCode()).isEqualTo(ExitCode.NOT_AVAILABLE.number());
            assertThat(refused.err()).singleElement().asString().startsWith("READ_ONLY ");

            Cli.Ran shown = Cli.run("show", "order-1", "order-2", "order-3", "--db", url(console));
            assertThat(shown.exitCode()).as(shown.toString()).isZero();
            assertThat(String.join("\n", shown.out()))
                    .contains("order-1  ProcessOrder 1.0  Completed")
                    .doesNotContain("lamp", "warm light", "waiting for approval", "payments.example");
        }
    }
}
