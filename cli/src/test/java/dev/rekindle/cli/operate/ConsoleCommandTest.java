package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.Stores;
import dev.rekindle.cli.Cli;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Surroundings;
import dev.rekindle.console.Console;
import dev.rekindle.console.ConsoleOptions;
import dev.rekindle.provider.Provider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleCommandTest {
    @TempDir
    private Path folder = Path.of(".");

    private String url() {
        return "sqlite:" + folder.resolve("orders.db");
    }

    @Test
    void console_forOtherMachinesWithoutToken_isRefused() {
        Stores.open(url()).close();
        Cli.Ran ran = Cli.run("console", "--db", url(), "--host", "0.0.0.0", "--port", "0");
        assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(ran.err().getFirst()).startsWith("INVALID_ARGUMENT console without a token: '0.0.0.0'");
    }

    @Test
    void commands_throughAConsole_workAsOnTheStore() {
        try (Provider provider = Stores.open(url());
                Console console = Console.start(Client.discover(provider), ConsoleOptions.DEFAULT.withPort(0))) {
            Cli.Ran started = Cli.run("start", "ProcessOrder", "order-1", "--db", console.url(), "--input", "{}");
            assertThat(started.exitCode()).as(started.toString()).isZero();
            assertThat(Cli.run("instances", "--db", console.url(), "-q").out()).containsExactly("order-1");
            assertThat(Cli.run("why", "order-1", "--db", console.url()).exitCode())
                    .isZero();
            Cli.Ran missing = Cli.run("show", "nobody", "--db", console.url());
            assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
        }
    }

    @Test
    void metrics_ofLateThroughAConsole_areThoseOfTheStore() {
        Samples.measureIn(url());
        Surroundings around = Cli.at(Samples.NOW, Map.of(), "");
        List<String> here =
                Cli.run(around, "metrics", "--last", "1h", "--db", url()).out();
        assertThat(here).hasSizeGreaterThan(2);
        try (Provider provider = Stores.open(url());
                Console console = Console.start(Client.discover(provider), ConsoleOptions.DEFAULT.withPort(0))) {
            assertThat(Cli.run(around, "metrics", "--last", "1h", "--db", console.url())
                            .out())
                    .isEqualTo(here);
        }
    }

    @Test
    void metrics_ofLateThroughAConsoleOfAStoreWithoutFigures_sayWhatIsMissing() {
        try (Provider provider = Stores.open("basic:no-figures");
                Console console = Console.start(Client.discover(provider), ConsoleOptions.DEFAULT.withPort(0))) {
            Cli.Ran ran = Cli.run("metrics", "--last", "1h", "--db", console.url());
            assertThat(ran.exitCode()).isEqualTo(ExitCode.NOT_AVAILABLE.number());
            assertThat(ran.err().getFirst()).contains("Analytics features not available");
        }
    }
}
