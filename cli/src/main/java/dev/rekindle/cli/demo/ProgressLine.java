package dev.rekindle.cli.demo;

import dev.rekindle.cli.Printable;
import dev.rekindle.cli.demo.Archive.Progress;

/** How far a run is, as a line of text. */
final class ProgressLine {
    private static final int WIDTH = 24;

    private ProgressLine() {}

    /** {@code 1234 of 5000 files, 1.2 MB of 4.8 MB}. */
    static String text(Progress progress) {
        return "%d of %d files, %s of %s"
                .formatted(
                        Math.min(progress.done().files(), progress.total().files()),
                        progress.total().files(),
                        Printable.bytes(Math.min(
                                progress.done().bytes(), progress.total().bytes())),
                        Printable.bytes(progress.total().bytes()));
    }

    /** The same behind a bar. */
    static String bar(Progress progress) {
        double part = progress.total().files() == 0
                ? 1
                : Math.min(
                        1, (double) progress.done().files() / progress.total().files());
        int filled = (int) (part * WIDTH);
        return "[%s%s] %3d %%  %s"
                .formatted("#".repeat(filled), ".".repeat(WIDTH - filled), (int) (part * 100), text(progress));
    }
}
