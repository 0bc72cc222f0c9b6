package dev.rekindle.cli;

import java.io.PrintWriter;
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command says what it does. Lines go to the output and to the error stream; on a live terminal one more line
 * stands below them and is written over. Thread-safe.
 */
public final class Terminal {
    private static final String ERASE_LINE = "\r\033[K";

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
