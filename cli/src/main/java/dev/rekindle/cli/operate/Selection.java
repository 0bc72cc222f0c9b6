package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.cli.Surroundings;
import dev.rekindle.management.InstanceQuery;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which instances something is to be done with: those of these ids, or all that fit filters. */
final class Selection {
    private static final OptionRange LIMIT = new OptionRange("--limit", 1, 1_000_000_000);

    @Mixin
    private Ids ids = new Ids();

    @Mixin
    private Filters filters = new Filters();

    @Option(names = "--all", description = "All instances that this can be done with, where no filter says less.")
    private boolean all;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000000000",
            showDefaultValue = Visibility.NEVER,
            description = "With filters: this many at most.")
    private int limit;

    @Option(names = "--dry-run", description = "Only say what would be done, and what not.")
    private boolean dryRun;

    /** Refuses what says nothing, or two things. */
    void check(CommandSpec command, Times times) {
        LIMIT.check(command, limit);
        boolean filtered = all || !filters.query(command, times).equals(InstanceQuery.ALL);
        if (ids.areGiven() && filtered) {
            throw new ParameterException(
                    command.commandLine(), "ids and filters: expected one of them, found both. Leave one out");
        }
        if (!ids.areGiven() && !filtered) {
            throw new ParameterException(
                    command.commandLine(), "no instances named: expected ids, filters or --all, found none of them");
        }
    }

    boolean isByIds() {
        return ids.areGiven();
    }

    boolean isDryRun() {
        return dryRun;
    }

    long limit() {
        return limit;
    }

    List<String> ids(Surroundings around) throws IOException {
        return ids.read(around);
    }

    /** What the filters ask for; where they name no status, in one of these. */
    InstanceQuery query(CommandSpec command, Times times, Set<Status> suitable) {
        InstanceQuery query = filters.query(command, times);
        return query.statuses().isEmpty() ? query.withStatuses(suitable) : query;
    }
}
