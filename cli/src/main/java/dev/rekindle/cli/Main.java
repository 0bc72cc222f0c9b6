package dev.rekindle.cli;

import dev.rekindle.CapabilityNotAvailableException;
import dev.rekindle.RekindleException;
import dev.rekindle.cli.bench.BenchCommand;
import dev.rekindle.cli.bench.BenchReadsCommand;
import dev.rekindle.cli.demo.DemoCommand;
import dev.rekindle.cli.operate.CancelCommand;
import dev.rekindle.cli.operate.CompletionCommand;
import dev.rekindle.cli.operate.ConsoleCommand;
import dev.rekindle.cli.operate.DeadLettersCommand;
import dev.rekindle.cli.operate.DefinitionsCommand;
import dev.rekindle.cli.operate.DeleteCommand;
import dev.rekindle.cli.operate.DoctorCommand;
import dev.rekindle.cli.operate.ExportCommand;
import dev.rekindle.cli.operate.ForkCommand;
import dev.rekindle.cli.operate.HistoryCommand;
import dev.rekindle.cli.operate.ImportCommand;
import dev.rekindle.cli.operate.InstancesCommand;
import dev.rekindle.cli.operate.MetricsCommand;
import dev.rekindle.cli.operate.MigrateCommand;
import dev.rekindle.cli.operate.NodesCommand;
import dev.rekindle.cli.operate.PruneCommand;
import dev.rekindle.cli.operate.QueuesCommand;
import dev.rekindle.cli.operate.ResumeCommand;
import dev.rekindle.cli.operate.RetryCommand;
import dev.rekindle.cli.operate.SendCommand;
import dev.rekindle.cli.operate.ShowCommand;
import dev.rekindle.cli.operate.StartCommand;
import dev.rekindle.cli.operate.SuspendCommand;
import dev.rekindle.cli.operate.TerminateCommand;
import dev.rekindle.cli.operate.TopCommand;
import dev.rekindle.cli.operate.TreeCommand;
import dev.rekindle.cli.operate.WatchCommand;
import dev.rekindle.cli.operate.WhyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code rekindle} command. */
@Command(
        name = "rekindle",
        description = "Durable orchestration for Java, as a library.",
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        subcommands = {
            InstancesCommand.class,
            ShowCommand.class,
            WhyCommand.class,
            HistoryCommand.class,
            TreeCommand.class,
            WatchCommand.class,
            TopCommand.class,
            StartCommand.class,
            SendCommand.class,
            CancelCommand.class,
            TerminateCommand.class,
            SuspendCommand.class,
            ResumeCommand.class,
            RetryCommand.class,
            ForkCommand.class,
            DeleteCommand.class,
            PruneCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            DoctorCommand.class,
            MetricsCommand.class,
            QueuesCommand.class,
            NodesCommand.class,
            DefinitionsCommand.class,
            DeadLettersCommand.class,
            MigrateCommand.class,
            ConsoleCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            BenchReadsCommand.class,
            CompletionCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show stack traces and what the library logs.")
    private boolean verbose;

    private final Surroundings surroundings;

    /** In the surroundings of the process. */
    public Main() {
        this(Surroundings.ofProcess());
    }

    private Main(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What its commands find around themselves. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine(Surroundings.ofProcess()).execute(args));
    }

    /** The command as {@link #main} runs it; tests give it other streams and surroundings. */
    static CommandLine commandLine(Surroundings surroundings) {
        Main main = new Main(surroundings);
        CommandLine commandLine = new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::sayWhatIsWrong)
                .setExecutionExceptionHandler((thrown, command, parsed) -> main.sayWhatHappened(thrown, command))
                .setExecutionStrategy(main::execute);
        describe(commandLine);
        CommandGroups.on(commandLine);
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private int execute(ParseResult parsed) {
        LogLines.to(Terminal.of(spec.commandLine()), verbose);
        return new RunLast().execute(parsed);
    }

    private static int sayWhatIsWrong(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println("INVALID_ARGUMENT %s. See '%s --help'."
                        .formatted(
                                Printable.text(String.valueOf(wrong.getMessage())),
                                command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE.number();
    }

    private int sayWhatHappened(Exception thrown, CommandLine command) {
        if (verbose) {
            command.getErr().println(StackTrace.of(thrown));
        }
        return switch (thrown) {
            case CapabilityNotAvailableException missing -> {
                command.getErr().println(Printable.text(withoutIt(String.valueOf(missing.getMessage()))));
                yield ExitCode.NOT_AVAILABLE.number();
            }
            case RekindleException known -> {
                command.getErr().println(Printable.text(String.valueOf(known.getMessage())));
                yield ExitCode.of(known.code()).number();
            }
            case InterruptedException stopped -> {
                command.getErr().println("interrupted");
                yield ExitCode.INTERRUPTED.number();
            }
            default -> {
                command.getErr()
                        .println(
                                "UNEXPECTED something that Rekindle did not see coming: %s. Run with --verbose and report it."
                                        .formatted(Printable.text(thrown.toString())));
                yield ExitCode.FAILED.number();
            }
        };
    }

    /** What is missing, and what somebody at a terminal can do about it. */
    private static String withoutIt(String message) {
        return message.substring(0, message.indexOf(". ") + 1)
                + " Name a store that has it, SQLite or PostgreSQL; here start, send, cancel, terminate, show,"
                + " watch and doctor work.";
    }

    /** What each command has. */
    private static void describe(CommandLine command) {
        command.getCommandSpec().usageMessage().exitCodeList(ExitCode.list());
        command.addMixin("help", new StandardOptions.Help());
        if (command.getCommandSpec().findOption("--version") == null) {
            command.addMixin("version", new StandardOptions.Version());
        }
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
        command.getSubcommands().values().forEach(Main::describe);
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String built = Main.class.getPackage().getImplementationVersion();
            String version = built == null ? "(not from a jar)" : built;
            return new String[] {"rekindle " + version + " on Java " + Runtime.version()};
        }
    }
}
