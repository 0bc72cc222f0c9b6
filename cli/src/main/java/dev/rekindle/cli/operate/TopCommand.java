package dev.rekindle.cli.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.PageRequest;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rekindle top}. */
@Command(
        name = "top",
        description = {
            "Shows live what goes on.",
            "Instances, rates, queues, nodes, and instances that have a problem or are late.",
            "Where no terminal is, one look is printed."
        },
        footer = {"", "Example:", "  rekindle top --db sqlite:orders.db --every 5s"})
public final class TopCommand extends StoreCommand {
    private static final OptionRange LOOKS = new OptionRange("--looks", 1, 1_000_000);
    private static final int QUEUES = 10;
    private static final int NODES = 10;
    private static final int IN_NEED = 10;
    private static final int STARTS_COUNTED = 1_000;

    @Option(names = "--every", paramLabel = "TIME", defaultValue = "2s", description = "How often; 2s unless given.")
    private String every = "2s";

    @Option(names = "--looks", paramLabel = "N", description = "End after so many looks.")
    private @Nullable Integer looks;

    /** All that one look shows. */
    private record Look(
            Instant at,
            SystemMetrics metrics,
            QueueDepths depths,
            List<ActivityQueue> queues,
            List<NodeInfo> nodes,
            List<InNeed> inNeed,
            @Nullable LateFigures figures) {

        static Look at(Times times, OpenStore store) {
            Management management = store.management();
            return new Look(
                    times.now(),
                    management.metrics(),
                    management.queueDepths(),
                    management.activityQueues(),
                    management.nodes(),
                    InNeed.some(management, times),
                    LateFigures.at(times.now(), store.client()).orElse(null));
        }

        /** How many instances a second came into a status since an earlier look. */
        double rate(Status status, Look before) {
            return perSecond(metrics.instances(status) - before.metrics.instances(status), before);
        }

        double perSecond(long count, Look before) {
            double seconds = Duration.between(before.at, at).toMillis() / 1_000.0;
            return seconds <= 0 ? 0 : count / seconds;
        }
    }

    /** An instance that somebody should look at, and why. */
    private record InNeed(InstanceSummary instance, String why) {
        /** Those with a problem, the last started first, then those that should have gone on a while ago. */
        static List<InNeed> some(Management management, Times times) {
            Stream<InNeed> troubled =
                    management
                            .instances(InstanceQuery.ALL.withTroubledOnly(true), PageRequest.first(IN_NEED))
                            .items()
                            .stream()
                            .map(its -> new InNeed(its, Objects.requireNonNullElse(its.problem(), "")));
            Instant late = times.now().minus(Checkup.LATE);
            Stream<InNeed> overdue = management.overdue(IN_NEED).stream()
                    .filter(its -> its.dueAt().isBefore(late))
                    .map(its -> new InNeed(its.instance(), "has been due for " + times.since(its.dueAt())));
            return Stream.concat(troubled, overdue).limit(IN_NEED).toList();
        }
    }

    /** A look as programs read it. */
    private record Form(
            Instant at,
            Map<String, Long> instances,
            long messages,
            long activities,
            long timers,
            long deadLetters,
            long nodesAlive,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            LateFigures lately) {

        static Form of(Look look) {
            Map<String, Long> instances = new LinkedHashMap<>();
            look.metrics.instancesByStatus().forEach((status, count) -> instances.put(status.label(), count));
            return new Form(
                    look.at,
                    instances,
                    look.depths.orchestrator(),
                    look.depths.worker(),
                    look.depths.timers(),
                    look.depths.deadLetters(),
                    look.nodes.stream().filter(NodeInfo::alive).count(),
                    look.figures);
        }
    }

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        Duration pause = Lengths.of(spec(), "--every", every, Duration.ofSeconds(2));
        if (looks != null) {
            LOOKS.check(spec(), looks);
        }
        long left = looks == null ? (report.isLive() ? Long.MAX_VALUE : 1) : looks;
        Look before = null;
        while (true) {
            Look look = Look.at(report.times(), store);
            if (report.isJson()) {
                report.json(Form.of(look));
            } else {
                report.page(page(report, store, look, before));
            }
            if (--left == 0) {
                return ExitCode.OK;
            }
            before = look;
            Thread.sleep(pause);
        }
    }

    private static List<String> page(Report report, OpenStore store, Look look, @Nullable Look before) {
        List<String> lines = new ArrayList<>();
        lines.add(report.shown(
                Words.bold(store.provider().name()),
                Words.dim("  " + report.times().exact(look.at).substring(0, 19))));
        lines.add("");
        lines.addAll(report.lines(instances(look, before, store.management())));
        if (look.figures != null) {
            add(lines, report, look.figures.table());
        }
        lines.add("");
        lines.addAll(report.lines(Table.of("MESSAGES>", "ACTIVITIES>", "TIMERS>", "DEAD LETTERS>")
                .row(
                        Words.number(look.depths.orchestrator()),
                        Words.number(look.depths.worker()),
                        Words.number(look.depths.timers()),
                        Words.number(look.depths.deadLetters()))));
        add(
                lines,
                report,
                QueuesCommand.table(look.queues.stream().limit(QUEUES).toList(), report.times()));
        add(lines, report, NodesCommand.table(look.nodes.stream().limit(NODES).toList(), report.times()));
        add(lines, report, inNeed(look.inNeed, report.times()));
        return lines;
    }

    private static void add(List<String> lines, Report report, Table table) {
        if (!table.isEmpty()) {
            lines.add("");
            lines.addAll(report.lines(table));
        }
    }

    private static Table inNeed(List<InNeed> inNeed, Times times) {
        Map<InstanceSummary, String> why = new LinkedHashMap<>();
        inNeed.forEach(its -> why.putIfAbsent(its.instance(), its.why()));
        return InstancesCommand.table(
                List.copyOf(why.keySet()), times, its -> new Words(why.getOrDefault(its, ""), Style.YELLOW));
    }

    private static Table instances(Look look, @Nullable Look before, Management management) {
        Table table = Table.of("STATUS", "INSTANCES>", "PER SECOND>");
        look.metrics
                .instancesByStatus()
                .forEach((status, count) -> table.row(
                        Words.of(status),
                        Words.number(count),
                        before == null || !status.isTerminal()
                                ? Words.NONE
                                : Words.of(String.format(Locale.ROOT, "%.1f", look.rate(status, before)))));
        table.row(Words.bold("active"), Words.number(look.metrics.activeInstances()), Words.NONE);
        return before == null ? table : table.row(Words.bold("started"), Words.NONE, started(look, before, management));
    }

    private static Words started(Look look, Look before, Management management) {
        long count = management.count(InstanceQuery.ALL.withCreated(before.at, look.at), STARTS_COUNTED);
        String more = count >= STARTS_COUNTED ? "≥ " : "";
        return Words.of(more + String.format(Locale.ROOT, "%.1f", look.perSecond(count, before)));
    }
}
