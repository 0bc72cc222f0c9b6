package dev.rekindle.cli.operate;

import dev.rekindle.cli.ExitCode;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
            "  rekindle history order-1 --db sqlite:orders.db --failed",
            "  rekindle history order-1 --db sqlite:orders.db --kind ActivityScheduled --grep Charge --full"
        })
public final class HistoryCommand extends StoreCommand {
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

    @Mixin
    private Paging paging = new Paging();

    @Override
    ExitCode run(OpenStore store, Report report) throws InterruptedException {
        paging.check(spec());
        Management management = store.management();
        long latest = management.instance(id).executionId();
        long wanted = execution == 0 ? latest : execution;
        Optional<String> more = print(management, report, wanted);
        more.ifPresent(cursor -> report.note("more: --cursor %s, or --all".formatted(cursor)));
        if (execution == 0 && latest > 1 && report.isForPeople()) {
            report.note("This is execution %d; --execution shows earlier ones.".formatted(latest));
        }
        return ExitCode.OK;
    }

    /** Prints what is wanted; the cursor to go on with, when there is more. */
    private Optional<String> print(Management management, Report report, long wanted) throws InterruptedException {
        EventPrinter printer = new EventPrinter(report, full);
        Story story = new Story();
        String cursor = paging.cursor();
        long left = paging.limit();
        while (true) {
            Interrupted.check();
            Page<Event> page = management.history(id, wanted, new PageRequest(PageRequest.MAX_LIMIT, cursor));
            for (Event event : page.items()) {
                Story.Chapter chapter = story.tell(event);
                if (!isWanted(chapter)) {
                    continue;
                }
                if (left-- == 0) {
                    return Optional.of(Long.toString(event.id() - 1));
                }
                printer.print(chapter, wanted);
            }
            cursor = page.next();
            if (cursor == null) {
                return Optional.empty();
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
