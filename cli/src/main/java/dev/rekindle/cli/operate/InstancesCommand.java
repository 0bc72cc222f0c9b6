package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekindle instances}. */
@Command(
        name = "instances",
        description = "Lists instances, those that were started last first.",
        footer = {
            "",
            "Example:",
            "  rekindle instances --db sqlite:orders.db --status Failed,Stuck --since 2h",
            "  rekindle instances --db sqlite:orders.db --status Failed -q | rekindle retry --db sqlite:orders.db -"
        })
public final class InstancesCommand extends StoreCommand {
    private static final long COUNTED = 1_000_000;

    @Mixin
    private Filters filters = new Filters();

    @Mixin
    private Paging paging = new Paging();

    @Option(names = "--count", description = "Only say how many there are.")
    private boolean count;

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        paging.check(spec());
        InstanceQuery query = filters.query(spec(), report.times());
        if (count) {
            say(report, store.management().count(query, COUNTED));
            return ExitCode.OK;
        }
        AtomicBoolean any = new AtomicBoolean();
        Optional<String> next = paging.<InstanceSummary>forEachPage(
                page -> store.management().instances(query, page),
                items -> say(store.management(), report, items, !any.getAndSet(true)));
        if (!any.get() && report.isForPeople()) {
            report.note(query.equals(InstanceQuery.ALL) ? "no instances" : "no instances match");
        }
        Paging.noteMore(report, next);
        return ExitCode.OK;
    }

    private static void say(Report report, long count) {
        if (report.isJson()) {
            report.json(Map.of("count", count));
        } else {
            report.line(Long.toString(count));
        }
    }

    private static void say(Management management, Report report, List<InstanceSummary> items, boolean first) {
        if (report.isJson()) {
            items.forEach(its -> report.json(InstanceForm.of(its)));
        } else if (report.isIds()) {
            items.forEach(its -> report.id(its.instance()));
        } else {
            Table table = table(items, report.times(), its -> detail(management, its));
            if (first) {
                report.table(table);
            } else {
                report.rows(table);
            }
        }
    }

    /** Instances as lists show them, with a detail of each. */
    static Table table(List<InstanceSummary> items, Times times, Function<InstanceSummary, Words> detail) {
        Table table = Table.of("INSTANCE~", "ORCHESTRATION~", "VERSION", "STATUS", "STARTED>", "ENDED>", "DETAIL~");
        for (InstanceSummary its : items) {
            table.row(
                    Words.of(its.instance()),
                    Words.of(its.orchestration()),
                    Words.of(its.version()),
                    Words.of(its.status()),
                    Words.of(times.distance(its.createdAt())),
                    Words.of(times.distance(its.finishedAt())),
                    detail.apply(its));
        }
        return table;
    }

    /** Why it did not complete, what is wrong with it, or what it says of itself. */
    private static Words detail(Management management, InstanceSummary its) {
        if (its.status().isTerminal() && its.status() != Status.COMPLETED) {
            String failure = failure(management, its);
            if (failure != null) {
                return new Words(failure, Style.RED);
            }
        }
        String problem = its.problem();
        if (problem != null && !its.status().isTerminal()) {
            return new Words(problem, Style.YELLOW);
        }
        String custom = its.customStatus();
        return custom == null ? Words.NONE : Words.dim(custom);
    }

    /** Null when it has been deleted meanwhile. */
    private static @Nullable String failure(Management management, InstanceSummary its) {
        try {
            Failure failure =
                    management.execution(its.instance(), its.executionId()).failure();
            return failure == null ? null : failure.toString();
        } catch (RekindleException e) {
            if (e.code() == ErrorCode.INSTANCE_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
