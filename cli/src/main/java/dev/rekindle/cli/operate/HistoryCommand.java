package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.OptionRange;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rekindle history}. */
@Command(
        name = "history",
        description = "Shows what happened to an instance, event by event.",
        footer = {
            "",
            "Example:",
            "  rekindle history order-1 --db sqlite:orders.db --last 20",
            "  rekindle history order-1 --db sqlite:orders.db --failed",
            "  rekindle history order-1 --db sqlite:orders.db --kind ActivityScheduled --grep Charge --full"
        })
public final class HistoryCommand extends StoreCommand {
    private static final OptionRange LAST = new OptionRange("--last", 1, 100_000);

    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(names = "--execution", paramLabel = "N", description = "Of this execution; the latest unless it is given.")
    private long execution;

    @Option(names = "--failed", description = "Only what went wrong.")
    private boolean failed;

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "Only events of these kinds, for example ActivityFailed; part of the name is enough.")
    private List<String> kinds = List.of();

    @Option(
            names = "--grep",
            paramLabel = "TEXT",
            description = "Only events in which this stands, in upper or lower case.")
    private @Nullable String grep;

    @Option(names = "--full", description = "Show long payloads and stack traces in full.")
    private boolean full;

    @Option(names = "--last", paramLabel = "N", description = "Only the newest N of those that are wanted.")
    private @Nullable Integer last;

    @Mixin
    private Paging paging = new Paging();

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        paging.check(spec());
        if (last != null) {
            LAST.check(spec(), last);
            paging.checkNotGiven(spec(), "--last");
        }
        Management management = store.management();
        long latest = management.instance(id).executionId();
        long wanted = execution == 0 ? latest : execution;
        Printing printing = new Printing(report, wanted);
        read(management, wanted, printing);
        printing.end();
        if (execution == 0 && latest > 1 && report.isForPeople()) {
            report.note("This is execution %d; --execution shows earlier ones.".formatted(latest));
        }
        return ExitCode.OK;
    }

    /** From the beginning on, since what is printed names what it refers to. */
    private void read(Management management, long wanted, Printing printing) throws InterruptedException {
        Story story = new Story();
        PageRequest request = PageRequest.first(PageRequest.MAX_LIMIT);
        while (true) {
            Interrupted.check();
            Page<Event> page = management.history(id, wanted, request);
            for (Event event : page.items()) {
                if (!printing.take(story.tell(event))) {
                    return;
                }
            }
            if (page.next() == null) {
                return;
            }
            request = request.after(page.next());
        }
    }

    /** What becomes of the events, one after the other. */
    private final class Printing {
        private final Report report;
        private final EventPrinter printer;
        private final long execution;
        private final long after = paging.numberedCursor();
        private final Deque<Story.Chapter> newest = new ArrayDeque<>();
        private long left = paging.limit();
        private boolean empty = true;
        private boolean any;

        Printing(Report report, long execution) {
            this.report = report;
            this.printer = new EventPrinter(report, full);
            this.execution = execution;
        }

        /** Whether it wants more. */
        boolean take(Story.Chapter chapter) {
            empty = false;
            if (chapter.event().id() <= after || !isWanted(chapter)) {
                return true;
            }
            any = true;
            if (last != null) {
                newest.add(chapter);
                if (newest.size() > last) {
                    newest.remove();
                }
                return true;
            }
            if (left == 0) {
                report.note("more: --cursor %d, --all, or --last N for the newest"
                        .formatted(chapter.event().id() - 1));
                return false;
            }
            left--;
            printer.print(chapter, execution);
            return true;
        }

        void end() {
            newest.forEach(chapter -> printer.print(chapter, execution));
            if (!any && report.isForPeople()) {
                report.note(empty ? "no events: no turn of '%s' has run".formatted(id) : "no events match");
            }
        }
    }

    private boolean isWanted(Story.Chapter chapter) {
        return (!failed || Story.isFailure(chapter.event()))
                && (kinds.isEmpty() || kinds.stream().anyMatch(kind -> contains(chapter.kind(), kind)))
                && (grep == null || Story.texts(chapter).stream().anyMatch(text -> contains(text, grep)));
    }

    private static boolean contains(String text, @Nullable String part) {
        return part != null && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
