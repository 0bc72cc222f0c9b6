package dev.rekindle.cli.demo;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.OrchestrationFailedException;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.cli.Printable;
import dev.rekindle.cli.Terminal;
import dev.rekindle.cli.demo.Archive.Job;
import dev.rekindle.cli.demo.Archive.Result;
import dev.rekindle.cli.demo.Archive.Run;
import dev.rekindle.cli.demo.ArchiveSteps.SkippedLine;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One run of the command: starts the archive or goes on with it, and says how it comes along. */
final class ArchiveRun {
    private static final Duration TERMINATION = Duration.ofSeconds(30);

    private final Terminal terminal;
    private final Provider provider;
    private final Client client;
    private final ArchiveFolder folder;
    private final Job job;
    private final Tally tally = new Tally();
    private final Watch watch;

    ArchiveRun(Terminal terminal, Provider provider, Path tree, ArchiveFolder folder) {
        this.terminal = terminal;
        this.provider = provider;
        this.client = Client.discover(provider);
        this.folder = folder;
        this.job = new Job(
                tree.toUri(),
                folder.root().toUri(),
                RunId.of(tree.toUri(), folder.root().toUri()).base());
        this.watch = new Watch(terminal, new SoFar(provider), tally);
    }

    /** Runs to the end of the archive and reports it. */
    void run(int jobs, boolean restart) throws IOException, InterruptedException {
        RunId id = new RunId(job.run());
        int times = 0;
        while (client.getStatus(id.instance(times + 1)).isPresent()) {
            times++;
        }
        Optional<InstanceSnapshot> unfinished =
                client.getStatus(id.instance(times)).filter(run -> !run.status().isTerminal());
        boolean resuming = unfinished.isPresent() && !restart;
        String instance = id.instance(resuming ? times : times + 1);
        if (resuming) {
            unfinished.ifPresent(watch::resuming);
        }
        try (Rekindle node = Archive.on(Rekindle.on(provider), new ArchiveSteps(tally))
                .options(options -> options.maxConcurrentActivities(jobs))
                .start()) {
            if (!resuming) {
                if (unfinished.isPresent()) {
                    giveUp(unfinished.get().instance());
                }
                begin(instance);
            }
            report(follow(node, instance));
        }
    }

    private void giveUp(String instance) throws InterruptedException {
        client.terminate(instance, "started over with --restart");
        client.awaitEnd(instance, TERMINATION);
    }

    private void begin(String instance) {
        watch.starting(instance, Path.of(job.tree()).toString());
        try {
            client.start(Archive.ARCHIVE, instance, Run.first(job));
        } catch (RekindleException e) {
            // The same command in another process was first: this one follows it.
            if (e.code() != ErrorCode.INSTANCE_EXISTS) {
                throw e;
            }
        }
    }

    private Result follow(Rekindle node, String instance) throws InterruptedException {
        while (true) {
            InstanceSnapshot run = client.awaitEnd(instance, watch.interval());
            if (run.status().isTerminal()) {
                return result(instance);
            }
            if (run.status() == Status.STUCK) {
                throw new RekindleException(
                        ErrorCode.HISTORY_MISMATCH,
                        "the interrupted run can't go on: '%s'; expected the code that began it, found %s. Run again with --restart."
                                .formatted(instance, run.problem()));
            }
            watch.show(run, node.isStandby());
        }
    }

    private Result result(String instance) throws InterruptedException {
        try {
            return client.handle(Archive.ARCHIVE, instance).result(Duration.ZERO);
        } catch (OrchestrationFailedException e) {
            throw new RekindleException(
                    e.code(),
                    "the archive was not finished: '%s'; %s. Mend that and run the same command again: what was archived is kept."
                            .formatted(instance, e.failure().message()),
                    e);
        }
    }

    private void report(Result result) throws IOException {
        JsonLines.each(
                folder.skipped(),
                SkippedLine.class,
                line -> terminal.errorLine(
                        "skipped '%s': %s".formatted(Printable.text(line.path()), Printable.text(line.reason()))));
        if (result.skipped() > 0) {
            terminal.errorLine("skipped %d in all, listed in %s".formatted(result.skipped(), folder.skipped()));
        }
        terminal.line("archived %d files, %d bytes, manifest %s"
                .formatted(result.archived().files(), result.archived().bytes(), folder.manifest()));
    }
}
