package dev.rekindle.cli.operate;

import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.cli.ExitCode;
import dev.rekindle.cli.Printable;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.Outlook;
import dev.rekindle.management.Rehearsal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that does something with one instance or with many: it counts first, asks, does it, and counts again. */
abstract class BulkCommand extends StoreCommand {
    /** As far as instances are looked at before something is done with them. */
    private static final long LOOKED_AT = 10_000;

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

    /** What would become of many. */
    private record Expected(
            long matched,
            boolean matchedAtLeast,
            long wouldDo,
            long children,
            long wouldSkip,
            Map<String, Long> skippedByReason) {
        static Expected of(long matched, boolean more, BulkResult result) {
            long instances = matched - result.skipped();
            return new Expected(
                    matched,
                    more,
                    result.done(),
                    result.done() - instances,
                    result.skipped(),
                    result.skippedByReason());
        }

        String words() {
            return instances() + orMore() + (wouldSkip == 0 ? "" : ", and skip " + Words.grouped(wouldSkip));
        }

        private String instances() {
            String roots = Words.count(wouldDo - children, "instance");
            return children == 0 ? roots : "%s with %s".formatted(roots, childrenWords());
        }

        String orMore() {
            return matchedAtLeast ? " or more" : "";
        }

        String childrenWords() {
            return children == 1 ? "1 child" : Words.grouped(children) + " children";
        }
    }

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

    /** Does as if with one, and says for how many it would be done. */
    abstract long rehearse(Rehearsal rehearsal, InstanceSummary its);

    /** Does it with all that fit. */
    BulkResult actOnAll(OpenStore store, InstanceQuery query, long limit) {
        return store.management().forAll(query, limit, id -> act(store, id));
    }

    /** When somebody is asked before it is done. */
    Asking asking() {
        return deed.asking();
    }

    /** What is done, as somebody is asked about it. */
    String todo() {
        return deed.todo();
    }

    /** What it did altogether beyond the number of instances, for people. */
    String sum() {
        return "";
    }

    /** What it would do altogether beyond the number of instances, for people. */
    String expectedSum(Deletion removed) {
        return "";
    }

    // ---- by ids

    private ExitCode byIds(OpenStore store, Report report) throws IOException, InterruptedException {
        List<String> ids = selection.ids(surroundings());
        Mishaps mishaps = new Mishaps(ids.size());
        if (selection.isDryRun()) {
            List<RekindleException> errors = new ArrayList<>();
            Rehearsal rehearsal = store.management().rehearsal();
            Expected expected = rehearse(store, rehearsal, ids, errors);
            for (RekindleException error : errors) {
                mishaps.add(error);
                report.note(String.valueOf(error.getMessage()));
            }
            say(report, expected, expectedSum(rehearsal.removed()));
            return mishaps.exitCode();
        }
        if (asks(ids.size() > 1) && !isConfirmed(store, ids, report)) {
            return ExitCode.FAILED;
        }
        for (String id : ids) {
            Interrupted.check();
            try {
                act(store, id);
                say(report, new Outcome(id, true, null));
            } catch (RekindleException e) {
                mishaps.add(e);
                sayNot(report, id, e);
            }
        }
        if (report.isForPeople() && !sum().isEmpty()) {
            report.line(sum());
        }
        return mishaps.exitCode();
    }

    /** What would become of these; where a single one is named, that it can't be done is an error as it is with the deed. */
    private Expected rehearse(OpenStore store, Rehearsal rehearsal, List<String> ids, List<RekindleException> errors) {
        Management management = store.management();
        AtomicLong wouldDo = new AtomicLong();
        BulkResult result = management.forEach(ids, id -> {
            try {
                wouldDo.addAndGet(rehearse(rehearsal, management.instance(id)));
            } catch (RekindleException e) {
                errors.add(e);
                throw e;
            }
        });
        if (ids.size() == 1 && !errors.isEmpty()) {
            throw errors.getFirst();
        }
        return Expected.of(ids.size(), false, new BulkResult(wouldDo.get(), result.skippedByReason()));
    }

    /** Asks about what it would be done with; when that is nothing, the deed says why. */
    private boolean isConfirmed(OpenStore store, List<String> ids, Report report) throws IOException {
        Expected expected = store.client().hasManagementCapability()
                ? rehearse(store, store.management().rehearsal(), ids, new ArrayList<>())
                : Expected.of(ids.size(), false, new BulkResult(ids.size(), Map.of()));
        String one =
                "'%s'%s".formatted(ids.getFirst(), expected.children() == 0 ? "" : " with " + expected.childrenWords());
        return expected.wouldDo() == 0
                || isConfirmed(report, todo() + " " + (ids.size() == 1 ? one : expected.words()));
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
        boolean asks = asks(true);
        Rehearsal rehearsal = store.management().rehearsal();
        Outlook outlook = store.management()
                .rehearse(
                        query,
                        Math.min(LOOKED_AT, selection.limit()),
                        asks || selection.isDryRun() ? its -> rehearse(rehearsal, its) : its -> 1);
        boolean more = outlook.more() && outlook.matched() < selection.limit();
        Expected expected = Expected.of(outlook.matched(), more, outlook.expected());
        if (selection.isDryRun()) {
            say(report, expected, expectedSum(rehearsal.removed()));
            return ExitCode.OK;
        }
        if (expected.matched() == 0) {
            sayNone(report);
            return ExitCode.OK;
        }
        if (asks && expected.wouldDo() > 0 && !isConfirmed(report, todo() + " " + expected.words())) {
            return ExitCode.FAILED;
        }
        if (report.isForPeople()) {
            report.line(Words.count(expected.matched(), "instance")
                    + expected.orMore()
                    + (expected.matched() == 1 ? " matches" : " match"));
        }
        BulkResult result = actOnAll(store, outlook.query(), more ? selection.limit() : outlook.matched());
        say(report, result, expected);
        return result.done() == 0 && result.skipped() > 0 ? ExitCode.CONFLICT : ExitCode.OK;
    }

    private void say(Report report, Expected expected, String sum) {
        if (report.isJson()) {
            report.json(expected);
        } else if (report.isForPeople()) {
            report.line("would %s %s; nothing was changed".formatted(todo(), expected.words()));
            if (!sum.isEmpty()) {
                report.line(sum);
            }
            sayReasons(report, expected.skippedByReason());
        }
    }

    private static void sayNone(Report report) {
        if (report.isJson()) {
            report.json(new Outcomes(0, false, 0, 0, Map.of()));
        } else if (report.isForPeople()) {
            report.line("no instances match; nothing was changed");
        }
    }

    private void say(Report report, BulkResult result, Expected expected) {
        if (report.isJson()) {
            report.json(new Outcomes(
                    expected.matched(),
                    expected.matchedAtLeast(),
                    result.done(),
                    result.skipped(),
                    result.skippedByReason()));
        } else if (report.isForPeople()) {
            report.line("%s: %s".formatted(deed.done(), Words.grouped(result.done())));
            if (!sum().isEmpty()) {
                report.line(sum());
            }
            if (result.skipped() > 0) {
                report.line("skipped: " + Words.grouped(result.skipped()));
                sayReasons(report, result.skippedByReason());
            }
        }
    }

    private static void sayReasons(Report report, Map<String, Long> skippedByReason) {
        skippedByReason.forEach(
                (reason, count) -> report.line("  %s: %s".formatted(Words.grouped(count), Printable.text(reason))));
    }

    private boolean asks(boolean many) {
        boolean ask = switch (asking()) {
            case ALWAYS -> true;
            case FOR_MANY -> many;
            case NEVER -> false;
        };
        return ask && !consent.isGiven();
    }

    private boolean isConfirmed(Report report, String what) throws IOException {
        return consent.given(spec(), surroundings(), report, what);
    }
}
