/** The {@code rekindle} command. */
module dev.rekindle.cli {
    requires dev.rekindle;
    requires dev.rekindle.console;
    requires dev.rekindle.sqlite;
    requires info.picocli;
    requires java.logging;
    requires tools.jackson.databind;
    requires static org.jspecify;

    opens dev.rekindle.cli to
            info.picocli,
            tools.jackson.databind;
    opens dev.rekindle.cli.bench to
            info.picocli,
            tools.jackson.databind;
    opens dev.rekindle.cli.demo to
            info.picocli,
            tools.jackson.databind;
    opens dev.rekindle.cli.operate to
            info.picocli,
            tools.jackson.databind;
}
