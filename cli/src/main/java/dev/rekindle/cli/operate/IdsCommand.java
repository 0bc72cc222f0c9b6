package dev.rekindle.cli.operate;

import dev.rekindle.RekindleException;
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
        Mishaps mishaps = new Mishaps(all.size());
        boolean first = true;
        for (String id : all) {
            Interrupted.check();
            try {
                Runnable saying = look(store, report, id);
                if (!first && report.isForPeople()) {
                    gap(report);
                }
                saying.run();
                first = false;
            } catch (RekindleException e) {
                mishaps.add(e);
                report.note(String.valueOf(e.getMessage()));
            }
        }
        return mishaps.exitCode();
    }

    /** Checks the other arguments. */
    void prepare() {}

    /** Reads one, and gives what shows it. */
    abstract Runnable look(OpenStore store, Report report, String id);

    /** What stands between two of them for people. */
    void gap(Report report) {
        report.line("");
    }
}
