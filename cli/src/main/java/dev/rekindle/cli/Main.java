package dev.rekindle.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code rekindle} command. */
@Command(
        name = "rekindle",
        description = "Durable orchestration for Java, as a library.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String built = Main.class.getPackage().getImplementationVersion();
            String version = built == null ? "(not from a jar)" : built;
            return new String[] {"rekindle " + version + " on Java " + Runtime.version()};
        }
    }
}
