package dev.rekindle.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command says what it does. Lines go to the output and to the error stream; on a live terminal one more line
 * stands below them and is written over. Thread-safe.
 */
public final class Terminal {
    private static final String ERASE_LINE = "\r\033[K";
    private static final String HOME = "\033[H";
    private static final String ERASE_TO_END_OF_LINE = "\033[K\n";
    private static final String ERASE_BELOW = "\033[J";

    private final ReentrantLock lock = new ReentrantLock();
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean live;
    private boolean liveLineShown;

    Terminal(PrintWriter out, PrintWriter err, boolean live) {
        this.out = out;
        this.err = err;
        this.live = live;
    }

    /** The terminal of a command; live when a person is there to watch it. */
    public static Terminal of(CommandLine command) {
        return new Terminal(command.getOut(), command.getErr(), Ansi.AUTO.enabled());
    }

    /** The terminal of a command in these surroundings. */
    public static Terminal of(CommandLine command, Surroundings surroundings) {
        return new Terminal(
                command.getOut(), command.getErr(), surroundings.screen().colored());
    }

    /** Whether {@link #liveLine} shows anything. */
    public boolean isLive() {
        return live;
    }

    /** Prints a result. */
    public void line(String text) {
        print(out, text);
    }

    /** Prints something that is not a result: a warning, an error. */
    public void errorLine(String text) {
        print(err, text);
    }

    /** Replaces the line below all others, on a live terminal. */
    public void liveLine(String text) {
        if (!live) {
            return;
        }
        lock.lock();
        try {
            out.print(ERASE_LINE + text);
            out.flush();
            liveLineShown = true;
        } finally {
            lock.unlock();
        }
    }

    /** Clears the screen of a live terminal and prints these lines at its top. */
    public void page(List<String> lines) {
        lock.lock();
        try {
            if (live) {
                out.print(HOME);
                lines.forEach(line -> out.print(line + ERASE_TO_END_OF_LINE));
                out.print(ERASE_BELOW);
            } else {
                lines.forEach(out::println);
            }
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    private void print(PrintWriter to, String text) {
        lock.lock();
        try {
            if (liveLineShown) {
                out.print(ERASE_LINE);
                out.flush();
                liveLineShown = false;
            }
            to.println(text);
            to.flush();
        } finally {
            lock.unlock();
        }
    }
}
