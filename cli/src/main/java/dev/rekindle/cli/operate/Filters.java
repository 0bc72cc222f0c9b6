package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.management.InstanceQuery;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which instances are meant: those that fit all of these. */
final class Filters {
    @Option(
            names = "--status",
            split = ",",
            paramLabel = "STATUS",
            description =
                    "In one of these: Pending, Running, Suspended, Stuck, Completed, Failed, Cancelled, Terminated.")
    private List<String> statuses = List.of();

    @Option(names = "--orchestration", paramLabel = "NAME", description = "Of this orchestration.")
    private @Nullable String orchestration;

    @Option(names = "--version", paramLabel = "VERSION", description = "Run by exactly this version.")
    private @Nullable String version;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Whose id begins so.")
    private @Nullable String prefix;

    @Option(names = "--parent", paramLabel = "ID", description = "Children of this instance.")
    private @Nullable String parent;

    @Option(names = "--roots", description = "Only those that are nobody's child.")
    private boolean roots;

    @Option(names = "--troubled", description = "Only those that have a problem: stuck, suspended, or without code.")
    private boolean troubled;

    @Option(
            names = "--attribute",
            paramLabel = "NAME=VALUE",
            description = "Started with this attribute; may be given more than once.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--since", paramLabel = "TIME", description = "Started then or later: " + Moments.MOMENTS + ".")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Started before then.")
    private @Nullable String until;

    @Option(names = "--finished-before", paramLabel = "TIME", description = "Ended before then.")
    private @Nullable String finishedBefore;

    /** The filters as a question; nothing given asks for all. */
    InstanceQuery query(CommandSpec command, Times times) {
        InstanceQuery query = InstanceQuery.ALL
                .withStatuses(
                        statuses.stream().map(text -> status(command, text)).toList())
                .withOrchestration(orchestration)
                .withVersion(version)
                .withIdPrefix(prefix)
                .withParent(parent)
                .withRootsOnly(roots)
                .withTroubledOnly(troubled)
                .withCreated(moment(command, "--since", since, times), moment(command, "--until", until, times))
                .withFinishedBefore(moment(command, "--finished-before", finishedBefore, times));
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            query = query.withAttribute(attribute.getKey(), attribute.getValue());
        }
        return query;
    }

    private static Status status(CommandSpec command, String text) {
        Status status = Status.parse(text.strip());
        if (status == Status.CONTINUED_AS_NEW) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--status': executions are ContinuedAsNew, instances never are");
        }
        return status;
    }

    private static @Nullable Instant moment(CommandSpec command, String option, @Nullable String text, Times times) {
        if (text == null) {
            return null;
        }
        return Moments.moment(text, times)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "Invalid value for option '%s': expected %s, found '%s'"
                                .formatted(option, Moments.MOMENTS, text)));
    }
}
