package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.QueueDepths;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code rekindle queues}. */
@Command(
        name = "queues",
        description = "Shows how much waits, and for how long.",
        footer = {"", "Example:", "  rekindle queues --db sqlite:orders.db"})
public final class QueuesCommand extends StoreCommand {

    /** The queues as programs read them. */
    private record Form(
            long messages, long activities, long timers, long deadLetters, List<ActivityQueue> byActivity) {}

    @Override
    ExitCode run(OpenStore store, Report report) {
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
