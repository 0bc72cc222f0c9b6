package dev.rekindle.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the libraries below log, for people at a terminal: warnings and errors, one line each, on stderr. */
final class LogLines extends Handler {
    private static final Logger ROOT = Logger.getLogger("");

    private final Terminal terminal;
    private final boolean verbose;
    private final SimpleFormatter messages = new SimpleFormatter();

    private LogLines(Terminal terminal, boolean verbose) {
        this.terminal = terminal;
        this.verbose = verbose;
        setLevel(Level.ALL);
    }

    /** Sends all that is logged from now on to this terminal; stack traces and more than warnings only when verbose. */
    static void to(Terminal terminal, boolean verbose) {
        LogManager.getLogManager().reset();
        ROOT.setLevel(verbose ? Level.INFO : Level.WARNING);
        ROOT.addHandler(new LogLines(terminal, verbose));
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            terminal.errorLine(line(entry));
        }
    }

    private String line(LogRecord entry) {
        String level = entry.getLevel().intValue() >= Level.SEVERE.intValue()
                ? "ERROR"
                : entry.getLevel().getName();
        String text = level + " " + Printable.text(messages.formatMessage(entry));
        Throwable thrown = entry.getThrown();
        if (thrown == null) {
            return text;
        }
        return verbose
                ? text + System.lineSeparator() + StackTrace.of(thrown)
                : text + " (" + Printable.text(thrown.toString()) + ")";
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
