package dev.rekindle.cli.operate;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Printable;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.InstanceQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that does something with one instance or with many: it counts first, asks, does it, and counts again. */
abstract class BulkCommand extends StoreCommand {
    /** As far as instances are counted before something is done with them. */
    private static final long COUNTED = 100_000;

    static final Set<Status> ACTIVE = EnumSet.of(Status.PENDING, Status.RUNNING, Status.SUSPENDED, Status.STUCK);

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Consent consent = new Consent();

    private final Deed deed;

    BulkCommand(Deed deed) {
        this.deed = deed;
    }

    /**
     * What is done.
     *
     * @param todo for example {@code cancel}
     * @param done for example {@code cancelled}
     * @param suitable in which status instances can be for it; empty for any
     * @param asking when somebody is asked before
     */
    record Deed(String todo, String done, Set<Status> suitable, Asking asking) {}

    /** When somebody is asked before something is done. */
    enum Asking {
        ALWAYS,
        FOR_MANY,
        NEVER
    }

    /** What became of one instance. */
    private record Outcome(
            String instance, boolean done, @Nullable String error) {}

    /** What became of many. */
    private record Outcomes(
            long matched, boolean matchedAtLeast, long done, long skipped, Map<String, Long> skippedByReason) {}

    @Override
    final ExitCode run(OpenStore store, Report report) throws IOException, InterruptedException {
        selection.check(spec(), report.times());
        prepare(store);
        return selection.isByIds() ? byIds(store, report) : byFilters(store, report);
    }

    /** Checks the other arguments, and that the store can do it. */
    void prepare(OpenStore store) {}

    /** Does it with one. */
    abstract void act(OpenStore store, String id);

    /** Does it with all that fit. */
    BulkResult actOnAll(OpenStore store, InstanceQuery query, long limit) {
        return store.management().forAll(query, limit, id -> act(store, id));
    }

    /** What it did altogether beyond the number of instances, for people. */
    String sum() {
        return "";
    }

    // ---- by ids

    private ExitCode byIds(OpenStore store, Report report) throws IOException, InterruptedException {
        List<String> ids = selection.ids(surroundings());
        if (selection.isDryRun()) {
            return sayWould(report, ids.size(), false);
        }
        String what = ids.size() == 1
                ? "%s '%s'".formatted(deed.todo(), ids.getFirst())
                : "%s %s".formatted(deed.todo(), Words.count(ids.size(), "instance"));
        if (!mayGoOn(report, what, ids.size() > 1)) {
            return ExitCode.FAILED;
        }
        List<RekindleException> errors = new ArrayList<>();
        for (String id : ids) {
            Interrupted.check();
            try {
                act(store, id);
                say(report, new Outcome(id, true, null));
            } catch (RekindleException e) {
                if (endsAll(e.code()) || ids.size() == 1) {
                    throw e;
                }
                errors.add(e);
                sayNot(report, id, e);
            }
        }
        if (report.isForPeople() && !sum().isEmpty()) {
            report.line(sum());
        }
        return exitCode(errors);
    }

    private static ExitCode exitCode(List<RekindleException> errors) {
        List<ExitCode> codes = errors.stream()
                .map(error -> ExitCode.of(error.code()))
                .distinct()
                .toList();
        return switch (codes.size()) {
            case 0 -> ExitCode.OK;
            case 1 -> codes.getFirst();
            default -> ExitCode.FAILED;
        };
    }

    /** What is wrong with the store, or with the arguments, is wrong with the next instance too. */
    private static boolean endsAll(ErrorCode code) {
        return switch (ExitCode.of(code)) {
            case STORE, NOT_AVAILABLE -> true;
            default -> false;
        };
    }

    private void say(Report report, Outcome outcome) {
        if (report.isJson()) {
            report.json(outcome);
        } else if (report.isIds()) {
            report.id(outcome.instance());
        } else {
            report.line(Words.bold(outcome.instance()), Words.of("  " + deed.done()));
        }
    }

    private static void sayNot(Report report, String id, RekindleException e) {
        String message = String.valueOf(e.getMessage());
        if (report.isJson()) {
            report.json(new Outcome(id, false, message));
        } else {
            report.note(message);
        }
    }

    // ---- by filters

    private ExitCode byFilters(OpenStore store, Report report) throws IOException {
        InstanceQuery query = selection.query(spec(), report.times(), deed.suitable());
        long matched = store.management().count(query, Math.min(COUNTED, selection.limit()));
        boolean more = matched == COUNTED;
        if (selection.isDryRun() || matched == 0) {
            return sayWould(report, matched, more);
        }
        String count = Words.count(matched, "instance") + (more ? " or more" : "");
        if (!mayGoOn(report, deed.todo() + " " + count, true)) {
            return ExitCode.FAILED;
        }
        if (report.isForPeople()) {
            report.line(count + (matched == 1 ? " matches" : " match"));
        }
        BulkResult result = actOnAll(store, query, selection.limit());
        say(report, result, matched, more);
        return result.done() == 0 && result.skipped() > 0 ? ExitCode.CONFLICT : ExitCode.OK;
    }

    private ExitCode sayWould(Report report, long matched, boolean more) {
        if (report.isJson()) {
            report.json(new Outcomes(matched, more, 0, 0, Map.of()));
        } else if (report.isForPeople()) {
            String count = Words.count(matched, "instance") + (more ? " or more" : "");
            report.line(
                    selection.isDryRun()
                            ? "would %s %s; nothing was changed".formatted(deed.todo(), count)
                            : "no instances match; nothing was changed");
        }
        return ExitCode.OK;
    }

    private void say(Report report, BulkResult result, long matched, boolean more) {
        if (report.isJson()) {
            report.json(new Outcomes(matched, more, result.done(), result.skipped(), result.skippedByReason()));
        } else if (report.isForPeople()) {
            report.line("%s: %s".formatted(deed.done(), Words.grouped(result.done())));
            if (!sum().isEmpty()) {
                report.line(sum());
            }
            if (result.skipped() > 0) {
                report.line("skipped: " + Words.grouped(result.skipped()));
                result.skippedByReason()
                        .forEach((reason, count) ->
                                report.line("  %s: %s".formatted(Words.grouped(count), Printable.text(reason))));
            }
        }
    }

    private boolean mayGoOn(Report report, String what, boolean many) throws IOException {
        boolean ask = switch (deed.asking()) {
            case ALWAYS -> true;
            case FOR_MANY -> many;
            case NEVER -> false;
        };
        return !ask || consent.given(spec(), surroundings(), report, what);
    }
}
