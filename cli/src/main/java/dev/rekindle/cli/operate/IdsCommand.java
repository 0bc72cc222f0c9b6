package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;

/** A command that shows something of each instance that it is given. */
abstract class IdsCommand extends StoreCommand {
    @Mixin
    private Ids ids = new Ids();

    @Override
    final ExitCode run(OpenStore store, Report report) throws IOException, InterruptedException {
        if (!ids.areGiven()) {
            throw wrong("Missing required parameter: 'ID'");
        }
        prepare();
        List<String> all = ids.read(surroundings());
        for (int i = 0; i < all.size(); i++) {
            Interrupted.check();
            if (i > 0 && report.isForPeople()) {
                report.line("");
            }
            run(store, report, all.get(i));
        }
        return ExitCode.OK;
    }

    /** Checks the other arguments. */
    void prepare() {}

    /** Shows one. */
    abstract void run(OpenStore store, Report report, String id) throws InterruptedException;
}
