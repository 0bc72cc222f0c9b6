package dev.rekindle.cli.demo;

import dev.rekindle.cli.demo.Archive.Amount;
import java.util.concurrent.atomic.AtomicLong;

/** What this process has done so far, for people who watch. Thread-safe. */
final class Tally {
    private final AtomicLong listed = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void listed() {
        listed.incrementAndGet();
    }

    void done(long fileBytes) {
        files.incrementAndGet();
        bytes.addAndGet(fileBytes);
    }

    /** Names that the walk has met. */
    long names() {
        return listed.get();
    }

    /** Files that were seen to, with their sizes as the walk saw them. */
    Amount files() {
        return new Amount(files.get(), bytes.get());
    }
}
