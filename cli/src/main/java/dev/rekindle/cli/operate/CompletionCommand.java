package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rekindle generate-completion}. */
@Command(
        name = "generate-completion",
        description = "Prints a script for completion in bash and zsh.",
        footer = {"", "Example:", "  rekindle generate-completion > ~/.rekindle-completion && . ~/.rekindle-completion"
        })
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
        root.getOut().flush();
        return ExitCode.OK.number();
    }
}
