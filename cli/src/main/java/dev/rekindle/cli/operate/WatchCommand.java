package dev.rekindle.cli.operate;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle watch}. */
@Command(
        name = "watch",
        description = {
            "Follows an instance live until it ends.",
            "Each event as it happens and, on a terminal, what it waits for.",
            "Ends with 0 when it completed, with 1 when it ended otherwise."
        },
        footer = {"", "Example:", "  rekindle watch order-1 --db sqlite:orders.db --timeout 10m"})
public final class WatchCommand extends StoreCommand {
    private static final Duration LOOK = Duration.ofMillis(250);

    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(names = "--timeout", paramLabel = "TIME", description = "Give up after so long.")
    private @Nullable String timeout;

    @Option(names = "--new", description = "Leave out what happened before.")
    private boolean onlyNew;

    @Option(names = "--full", description = "Show long payloads and stack traces in full.")
    private boolean full;

    private Story story = new Story();
    private long execution;
    private @Nullable String cursor;
    private String lastSaid = "";

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        Duration patience = Lengths.of(spec(), "--timeout", timeout, Duration.ofDays(36_500));
        Instant deadline = surroundings().clock().instant().plus(patience);
        InstanceSnapshot its = store.client().awaitEnd(id, Duration.ZERO);
        boolean withEvents = store.client().hasManagementCapability();
        if (!withEvents) {
            report.note("Management features not available: only the status is followed.");
        }
        execution = onlyNew ? its.executionId() : 1;
        EventPrinter printer = new EventPrinter(report, full);
        if (withEvents && onlyNew) {
            tell(store.management(), chapter -> {});
        }
        while (true) {
            if (withEvents) {
                follow(store.management(), printer, its.executionId());
            } else {
                say(report, its);
            }
            if (its.status().isTerminal() || !surroundings().clock().instant().isBefore(deadline)) {
                return Ending.say(report, its, patience);
            }
            showWait(store, report, its, withEvents);
            its = store.client().awaitEnd(id, LOOK);
        }
    }

    /** Prints what is new, through all executions up to this one. */
    private void follow(Management management, EventPrinter printer, long latest) {
        tell(management, chapter -> printer.print(chapter, execution));
        while (execution < latest) {
            execution++;
            cursor = null;
            story = new Story();
            tell(management, chapter -> printer.print(chapter, execution));
        }
    }

    private void tell(Management management, Consumer<Story.Chapter> told) {
        if (!management.executions(id).contains(execution)) {
            return;
        }
        boolean more = true;
        while (more) {
            PageRequest request = new PageRequest(PageRequest.MAX_LIMIT, cursor);
            Page<Event> page = management.history(id, execution, request);
            List<Event> events = page.items();
            events.forEach(event -> told.accept(story.tell(event)));
            if (!events.isEmpty()) {
                cursor = Long.toString(events.getLast().id());
            }
            more = page.next() != null;
        }
    }

    private void showWait(OpenStore store, Report report, InstanceSnapshot its, boolean withEvents) {
        if (report.isLive()) {
            String wait = withEvents ? store.management().why(id).headline() : "";
            report.live(Words.of(its.status()), Words.of("  "), Words.dim(wait).cut(Math.max(20, report.width() - 14)));
        }
    }

    /** Without management: each change of what can be seen. */
    private void say(Report report, InstanceSnapshot its) {
        String now = "%s %s %s".formatted(its.status(), its.customStatus(), its.problem());
        if (its.status() == Status.PENDING
                || now.equals(lastSaid)
                || its.status().isTerminal()) {
            return;
        }
        lastSaid = now;
        if (report.isJson()) {
            report.json(InstanceForm.of(its));
        } else if (report.isForPeople()) {
            report.line(
                    Words.bold(its.instance()),
                    Words.of("  "),
                    Words.of(its.status()),
                    Words.of(its.customStatus() == null ? "" : "  " + its.customStatus()),
                    new Words(its.problem() == null ? "" : "  " + its.problem(), Style.YELLOW));
        }
    }
}
