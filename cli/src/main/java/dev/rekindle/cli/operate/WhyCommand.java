package dev.rekindle.cli.operate;

import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.PendingWait;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code rekindle why}. */
@Command(
        name = "why",
        description = {"Says why instances stand where they stand.", "What each waits for, since when, until when."},
        footer = {"", "Example:", "  rekindle why order-1 --db sqlite:orders.db"})
public final class WhyCommand extends IdsCommand {

    @Override
    Runnable look(OpenStore store, Report report, String id) {
        Diagnosis diagnosis = store.management().why(id);
        return () -> show(report, diagnosis);
    }

    private static void show(Report report, Diagnosis diagnosis) {
        if (report.isJson()) {
            report.json(WhyForm.of(diagnosis));
        } else if (report.isIds()) {
            report.id(diagnosis.instance().instance());
        } else {
            say(report, diagnosis);
        }
    }

    private static void say(Report report, Diagnosis diagnosis) {
        report.line(
                Words.bold(diagnosis.instance().instance()),
                Words.of("  "),
                Words.of(diagnosis.instance().status()));
        sentences(diagnosis, report.times()).forEach(sentence -> report.line("  " + sentence));
    }

    /** All that it waits for, a sentence each. */
    static List<String> sentences(Diagnosis diagnosis, Times times) {
        return diagnosis.waits().isEmpty()
                ? List.of(diagnosis.headline())
                : diagnosis.waits().stream().map(wait -> sentence(wait, times)).toList();
    }

    private static String sentence(PendingWait wait, Times times) {
        Instant since = wait.since();
        Instant until = wait.until();
        String limit = until == null
                ? ""
                : switch (wait.kind()) {
                    case ACTIVITY, CODE, TURN, RESUME -> "next attempt " + times.distance(until);
                    case EVENT, CHILD -> "until " + times.clock(until);
                    case TIMER -> "due %s (%s)".formatted(times.clock(until), times.distance(until));
                };
        String length = since == null ? "" : "since " + times.since(since);
        String separator = length.isEmpty() || limit.isEmpty() ? "" : ", ";
        String when = length + separator + limit;
        return when.isEmpty() ? wait.text() : "%s (%s)".formatted(wait.text(), when);
    }
}
