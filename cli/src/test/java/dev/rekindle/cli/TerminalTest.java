package dev.rekindle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Terminal terminal(boolean live) {
        return new Terminal(new PrintWriter(out), new PrintWriter(err), live);
    }

    @Test
    void liveLine_whenNobodyWatches_showsNothing() {
        Terminal terminal = terminal(false);

        terminal.liveLine("50 %");
        terminal.line("done");

        assertThat(out).hasToString("done" + System.lineSeparator());
    }

    @Test
    void line_afterALiveLine_takesItsPlace() {
        Terminal terminal = terminal(true);

        terminal.liveLine("50 %");
        terminal.line("done");
        terminal.line("really");

        assertThat(out.toString().lines()).containsExactly("", "\033[K50 %", "\033[Kdone", "really");
    }

    @Test
    void warning_withAnExceptionAndLineBreaks_isOneLineOnStderr() {
        Logger logger = Logger.getLogger("dev.rekindle.test");
        LogLines.to(terminal(false), false);

        logger.log(Level.WARNING, "first\nsecond", new IllegalStateException("why"));
        logger.info("of no interest");

        assertThat(err).hasToString("WARNING first\\nsecond (java.lang.IllegalStateException: why)%n".formatted());
    }

    @Test
    void warning_whenVerbose_hasTheStackTrace() {
        LogLines.to(terminal(false), true);

        Logger.getLogger("dev.rekindle.test").log(Level.WARNING, "something", new IllegalStateException("why"));

        assertThat(err.toString()).contains("java.lang.IllegalStateException: why", "\tat dev.rekindle.cli.");
    }
}
