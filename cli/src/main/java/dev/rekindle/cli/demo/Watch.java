package dev.rekindle.cli.demo;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.cli.Printable;
import dev.rekindle.cli.Terminal;
import dev.rekindle.cli.demo.Archive.Amount;
import dev.rekindle.cli.demo.Archive.Progress;
import java.time.Duration;
import java.util.Optional;

/**
 * Shows how far a run is: a bar on a live terminal, a line a second elsewhere. What this process does is counted as it
 * happens; what was done before, or is done by another process meanwhile, comes from the store.
 */
final class Watch {
    private final Terminal terminal;
    private final SoFar soFar;
    private final Tally tally;
    private Amount before = Amount.NONE;
    private boolean standby;
    private String last = "";

    Watch(Terminal terminal, SoFar soFar, Tally tally) {
        this.terminal = terminal;
        this.soFar = soFar;
        this.tally = tally;
    }

    /** How often to call {@link #show}. */
    Duration interval() {
        return terminal.isLive() ? Duration.ofMillis(100) : Duration.ofSeconds(1);
    }

    void starting(String instance, String tree) {
        terminal.line("archiving '%s' as %s".formatted(Printable.text(tree), instance));
    }

    /** To be told of before this process begins to work on the run. */
    void resuming(InstanceSnapshot run) {
        Optional<Progress> progress = soFar.of(run);
        before = progress.map(Progress::done).orElse(Amount.NONE);
        terminal.line("resuming %s: %s"
                .formatted(
                        run.instance(),
                        progress.map(known -> ProgressLine.text(known) + " done")
                                .orElse("the tree is not listed yet")));
    }

    /** Shows the run as it stands; {@code standby} while another process works on it. */
    void show(InstanceSnapshot run, boolean standby) {
        if (standby) {
            if (!this.standby) {
                terminal.line("standby: another process works on this store; this one takes over when it ends");
            }
            before = soFar.of(run).map(Progress::done).orElse(Amount.NONE);
        }
        this.standby = standby;
        Optional<Progress> progress =
                SoFar.said(run).map(said -> new Progress(said.total(), before.plus(tally.files())));
        if (terminal.isLive()) {
            terminal.liveLine(progress.map(ProgressLine::bar).orElseGet(this::listing));
        } else {
            String line = progress.map(ProgressLine::text).orElseGet(this::listing);
            if (!line.equals(last)) {
                terminal.line(line);
            }
            last = line;
        }
    }

    private String listing() {
        return "listing: %d names".formatted(tally.names());
    }
}
