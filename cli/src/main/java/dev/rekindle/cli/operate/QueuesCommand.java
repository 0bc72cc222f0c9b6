package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.QueueDepths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle queues}. */
@Command(
        name = "queues",
        description = {
            "Shows how much waits, and for how long.",
            "With an activity, or --retrying: the activities themselves, and whose they are."
        },
        footer = {
            "",
            "Example:",
            "  rekindle queues --db sqlite:orders.db",
            "  rekindle queues Charge --retrying --db sqlite:orders.db"
        })
public final class QueuesCommand extends StoreCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "ACTIVITY", description = "List those of this name.")
    private @Nullable String activity;

    @Option(names = "--retrying", description = "List those that failed before, or that no node had code for.")
    private boolean retrying;

    @Mixin
    private Paging paging = new Paging();

    /** The queues as programs read them. */
    private record Form(
            long messages, long activities, long timers, long deadLetters, List<ActivityQueue> byActivity) {}

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        paging.check(spec());
        return activity == null && !retrying ? sums(store, report) : list(store, report);
    }

    private ExitCode sums(OpenStore store, Report report) {
        QueueDepths depths = store.management().queueDepths();
        List<ActivityQueue> queues = store.management().activityQueues();
        if (report.isJson()) {
            report.json(
                    new Form(depths.orchestrator(), depths.worker(), depths.timers(), depths.deadLetters(), queues));
        } else if (report.isIds()) {
            queues.forEach(queue -> report.id(queue.activity()));
        } else {
            report.table(Table.of("MESSAGES>", "ACTIVITIES>", "TIMERS>", "DEAD LETTERS>")
                    .row(
                            Words.number(depths.orchestrator()),
                            Words.number(depths.worker()),
                            Words.number(depths.timers()),
                            Words.number(depths.deadLetters())));
            if (!queues.isEmpty()) {
                report.line("");
                report.table(table(queues, report.times()));
            }
        }
        return ExitCode.OK;
    }

    private ExitCode list(OpenStore store, Report report) throws InterruptedException {
        ActivityQuery query = new ActivityQuery(activity, retrying);
        List<ActivityInfo> shown = new ArrayList<>();
        Optional<String> next =
                paging.<ActivityInfo>forEachPage(page -> store.management().activities(query, page), items -> {
                    if (report.isForPeople()) {
                        shown.addAll(items);
                    } else {
                        items.forEach(item -> say(report, item));
                    }
                });
        if (report.isForPeople()) {
            if (shown.isEmpty()) {
                report.note("no such activities");
            } else {
                report.table(list(shown, report.times()));
            }
        }
        Paging.noteMore(report, next);
        return ExitCode.OK;
    }

    private static void say(Report report, ActivityInfo its) {
        if (report.isIds()) {
            report.id(its.instance());
        } else {
            report.json(its);
        }
    }

    private static Table list(List<ActivityInfo> activities, Times times) {
        Table table = Table.of(
                "INSTANCE~", "EVENT>", "ACTIVITY~", "SCHEDULED>", "ATTEMPT>", "NEXT ATTEMPT>", "LAST FAILURE~");
        for (ActivityInfo its : activities) {
            table.row(
                    Words.of(its.instance()),
                    Words.of("#" + its.scheduledId()),
                    Words.of(its.activity()),
                    Words.of(times.distance(its.scheduledAt())),
                    Words.number(its.attempt()),
                    Words.of(times.distance(its.visibleAt())),
                    Words.dim(its.lastFailure() == null ? "" : its.lastFailure().toString()));
        }
        return table;
    }

    static Table table(List<ActivityQueue> queues, Times times) {
        Table table = Table.of("ACTIVITY~", "QUEUED>", "RETRYING>", "OLDEST>", "NEXT ATTEMPT>");
        for (ActivityQueue queue : queues) {
            String more = queue.atLeast() ? "+" : "";
            table.row(
                    Words.of(queue.activity()),
                    Words.of(Words.grouped(queue.queued()) + more),
                    queue.retrying() == 0
                            ? Words.number(0)
                            : new Words(Words.grouped(queue.retrying()) + more, Style.YELLOW),
                    Words.of(times.distance(queue.oldest())),
                    Words.of(times.distance(queue.nextAttempt())));
        }
        return table;
    }
}
