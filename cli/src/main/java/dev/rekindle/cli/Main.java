package dev.rekindle.cli;

import dev.rekindle.RekindleException;
import dev.rekindle.cli.bench.BenchCommand;
import dev.rekindle.cli.demo.DemoCommand;
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
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        subcommands = {DemoCommand.class, BenchCommand.class})
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show stack traces and what the library logs.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command as {@link #main} runs it; tests give it other streams. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::sayWhatIsWrong)
                .setExecutionExceptionHandler((thrown, command, parsed) -> main.sayWhatHappened(thrown, command))
                .setExecutionStrategy(main::execute);
        listExitCodes(commandLine);
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
            case RekindleException known -> {
                command.getErr().println(Printable.text(String.valueOf(known.getMessage())));
                yield ExitCode.of(known).number();
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

    private static void listExitCodes(CommandLine command) {
        command.getCommandSpec().usageMessage().exitCodeList(ExitCode.list());
        command.getSubcommands().values().forEach(Main::listExitCodes);
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
