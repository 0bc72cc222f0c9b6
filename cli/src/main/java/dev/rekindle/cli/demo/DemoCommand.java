package dev.rekindle.cli.demo;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Stores;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Interruption;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.cli.Terminal;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rekindle demo}. */
@Command(
        name = "demo",
        description = {
            "Archives a directory durably: every file hashed, compressed, verified, listed in a manifest.",
            "Kill it at any point and run the same command again: it goes on where it was."
        },
        footer = {"", "Example:", "  rekindle demo ~/photos --out ~/photos-archive"})
public final class DemoCommand implements Callable<Integer> {
    /** Set by the launcher: the folder that Rekindle was checked out into. */
    private static final String CHECKOUT = "rekindle.root";

    private static final OptionRange JOBS = new OptionRange("--jobs", 1, 1_000);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory to archive; Rekindle's own sources unless it is given.")
    private @Nullable Path tree;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "rekindle-archive",
            description = "Where the archive goes; ${DEFAULT-VALUE} unless it is given.")
    private Path out = Path.of("rekindle-archive");

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "The store; sqlite:rekindle.db inside the archive unless it is given.")
    private @Nullable String db;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many files to work on at once; 8, or twice the processors if that is more.")
    private int jobs = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    @Option(names = "--restart", description = "Give up a run that was interrupted, and begin a new one.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec.commandLine());
        JOBS.check(spec, jobs);
        Path from = realTree();
        try (Interruption interruption = Interruption.ofThisThread()) {
            return archive(terminal, from);
        }
    }

    private int archive(Terminal terminal, Path from) throws IOException {
        // The store's URL is tried before anything is made; the store that is in the archive needs its folder first.
        ArchiveFolder prepared = db == null ? prepareOut(from) : null;
        try (Provider provider = Stores.open(prepared == null ? String.valueOf(db) : storeIn(prepared))) {
            ArchiveFolder folder = prepared == null ? prepareOut(from) : prepared;
            new ArchiveRun(terminal, provider, from, folder).run(jobs, restart);
            return ExitCode.OK.number();
        } catch (InterruptedException e) {
            terminal.errorLine("interrupted; run the same command again and it goes on where it was");
            return ExitCode.INTERRUPTED.number();
        }
    }

    /** Says so when a question mark is part of the path. */
    private static String storeIn(ArchiveFolder folder) {
        return "sqlite:" + folder.database() + "?synchronous=FULL";
    }

    private Path realTree() throws IOException {
        Path given = tree == null ? ownSources() : tree;
        if (!Files.exists(given)) {
            throw wrong(
                    "no such directory: '%s'; expected a directory to archive, found nothing. Correct the path.",
                    given);
        }
        if (!Files.isDirectory(given)) {
            throw wrong(
                    "not a directory: '%s'; expected a directory to archive, found a file. Name the directory that it"
                            + " is in.",
                    given);
        }
        if (!Files.isReadable(given)) {
            throw wrong(
                    "directory can't be read: '%s'; expected one that you may read, found none. Change its"
                            + " permissions.",
                    given);
        }
        return given.toRealPath();
    }

    private Path ownSources() {
        String checkout = System.getProperty(CHECKOUT);
        if (checkout == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DIR'");
        }
        return Path.of(checkout, "core", "src");
    }

    private ArchiveFolder prepareOut(Path from) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw wrong(
                    "archive folder is a file: '%s'; expected a directory or a new name, found a file. Choose another"
                            + " --out.",
                    out);
        }
        try {
            DurableFiles.createDirectory(out);
        } catch (IOException e) {
            throw unwritable(e);
        }
        if (!Files.isWritable(out)) {
            throw unwritable(new AccessDeniedException(out.toString()));
        }
        Path to = out.toRealPath();
        if (to.equals(from)) {
            throw wrong(
                    "archive folder is the directory to archive: '%s'; expected two directories, found one. Choose"
                            + " another --out.",
                    out);
        }
        return new ArchiveFolder(to);
    }

    private RekindleException unwritable(IOException why) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "archive folder can't be written: '%s'; expected a directory that you may write, found %s. Choose another --out."
                        .formatted(out, why),
                why);
    }

    private static RekindleException wrong(String text, Path path) {
        return new RekindleException(ErrorCode.INVALID_ARGUMENT, text.formatted(path));
    }
}
