package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Interruption;
import dev.rekindle.cli.Main;
import dev.rekindle.cli.Surroundings;
import dev.rekindle.cli.Terminal;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that opens a store, does one thing with it, and closes it. */
abstract class StoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable Main main;

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public final Integer call() throws IOException, InterruptedException {
        String url = store.url(spec, surroundings().variables());
        try (Interruption interruption = Interruption.ofThisThread()) {
            return run(url, report()).number();
        }
    }

    /** Opens the store and does it; who wants to open it in another way does so here. */
    ExitCode run(String url, Report report) throws IOException, InterruptedException {
        Existence.check(url, createsStore());
        try (OpenStore open = OpenStore.open(url, surroundings().clock())) {
            return run(open, report);
        }
    }

    /** Does it. */
    ExitCode run(OpenStore store, Report report) throws IOException, InterruptedException {
        throw new IllegalStateException("a command does it one way or the other");
    }

    /** Whether it may begin a new store where none is. */
    boolean createsStore() {
        return false;
    }

    final Surroundings surroundings() {
        return Objects.requireNonNull(main, "set by picocli").surroundings();
    }

    final CommandSpec spec() {
        return spec;
    }

    /** An argument is wrong. */
    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Report report() {
        Surroundings around = surroundings();
        return new Report(Terminal.of(spec.commandLine(), around), around, output.form());
    }
}
