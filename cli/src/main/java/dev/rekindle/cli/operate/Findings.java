package dev.rekindle.cli.operate;

import dev.rekindle.cli.Printable;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.provider.StoreFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A look at a store in words, with what to do. */
final class Findings {
    /** How many instances are named of those that stand still for the same reason. */
    static final int EXAMPLES = 5;

    private static final long LITTLE_SPACE = 1_000_000_000;

    private final Checkup seen;
    private final Times times;
    private final List<Finding> findings = new ArrayList<>();

    private Findings(Checkup seen, Times times) {
        this.seen = seen;
        this.times = times;
    }

    static List<Finding> of(Checkup seen, Times times) {
        Findings words = new Findings(seen, times);
        words.nodes();
        words.stuck();
        words.suspended();
        words.held();
        words.late();
        words.activities();
        words.deadLetters();
        return words.findings;
    }

    /** What is known of its place on the disk. */
    static Finding space(StoreFacts facts) {
        String takes = facts.bytes().isPresent()
                ? "takes " + Printable.bytes(facts.bytes().getAsLong())
                : "nobody knows how much it takes";
        OptionalLong free = facts.freeBytes();
        if (free.isEmpty()) {
            return Finding.ok("space", takes);
        }
        String text = "%s, %s are free".formatted(takes, Printable.bytes(free.getAsLong()));
        return free.getAsLong() >= LITTLE_SPACE
                ? Finding.ok("space", text)
                : Finding.problem("space", text, "make room on its disk: a full one stops everything");
    }

    private void nodes() {
        List<String> alive = seen.nodes().stream()
                .filter(NodeInfo::alive)
                .map(NodeInfo::name)
                .toList();
        if (!alive.isEmpty()) {
            String names = String.join(", ", alive.stream().limit(EXAMPLES).toList());
            findings.add(Finding.ok("nodes", "%s alive: %s".formatted(Words.count(alive.size(), "node"), names)));
        } else if (!seen.lacksNodes()) {
            findings.add(Finding.ok("nodes", "no node is alive, and nothing waits for one"));
        } else {
            long active = seen.activeInstances();
            findings.add(Finding.problem(
                    "nodes",
                    "no node is alive, and %s %s not ended".formatted(instances(active), active == 1 ? "has" : "have"),
                    "start the application that runs this store"));
        }
    }

    private void stuck() {
        Checkup.Group stuck = seen.stuck();
        if (stuck.count() == 0) {
            findings.add(Finding.ok("stuck", "no instance is stuck"));
        } else {
            findings.add(Finding.problem(
                    "stuck",
                    "%s stuck: %s".formatted(are(stuck), examples(stuck)),
                    "'rekindle why ID' says how history and code differ; deploy code that fits, or fork"));
        }
    }

    private void suspended() {
        Checkup.Group suspended = seen.suspended();
        if (suspended.count() > 0) {
            findings.add(Finding.note(
                    "suspended",
                    "%s suspended: %s".formatted(are(suspended), examples(suspended)),
                    "'rekindle resume ID' lets one go on"));
        }
    }

    private void held() {
        Checkup.Group held = seen.held();
        if (held.count() > 0) {
            InstanceSummary one = held.examples().getFirst();
            findings.add(Finding.problem(
                    "trouble",
                    "%s can't go on; for example '%s': %s".formatted(counted(held), one.instance(), one.problem()),
                    "deploy a node that has the code, or 'rekindle cancel' them; 'rekindle instances --troubled' lists"
                            + " them"));
        }
    }

    private void late() {
        List<OverdueInstance> late = seen.late();
        if (late.isEmpty()) {
            findings.add(Finding.ok("late", "nothing has been due for %s".formatted(Times.span(Checkup.LATE))));
            return;
        }
        OverdueInstance first = late.getFirst();
        findings.add(Finding.problem(
                "late",
                "%s%s should have gone on; '%s' has been due for %s"
                        .formatted(
                                late.size() == Checkup.LATE_LISTED ? "at least " : "",
                                instances(late.size()),
                                first.instance().instance(),
                                times.since(first.dueAt())),
                "'rekindle nodes' shows who could run them; more nodes may be missing"));
    }

    private void activities() {
        seen.lateActivity()
                .ifPresentOrElse(
                        due -> findings.add(Finding.note(
                                "activities",
                                "the oldest has been due, or running, for %s".formatted(times.since(due)),
                                "'rekindle queues' shows which; more nodes, or nodes with code for it, may be"
                                        + " missing")),
                        () -> findings.add(Finding.ok("activities", "none is late")));
        if (seen.retrying() > 0) {
            findings.add(Finding.note(
                    "retries",
                    Words.count(seen.retrying(), "activity") + " failed and will be tried again" + example(),
                    "'rekindle queues --retrying' lists them with what they said; 'rekindle retry ID' does not wait"));
        }
    }

    private String example() {
        return seen.failing().stream()
                .findFirst()
                .map(its -> "; for example '%s' of '%s'".formatted(its.activity(), its.instance()))
                .orElse("");
    }

    private void deadLetters() {
        findings.add(
                seen.deadLetters() == 0
                        ? Finding.ok("dead letters", "none")
                        : Finding.note(
                                "dead letters",
                                Words.count(seen.deadLetters(), "message") + " could not be taken by anybody",
                                "'rekindle dead-letters' says why; --delete removes them"));
    }

    private static String are(Checkup.Group group) {
        return counted(group) + (group.count() == 1 ? " is" : " are");
    }

    private static String counted(Checkup.Group group) {
        return (group.atLeast() ? "at least " : "") + instances(group.count());
    }

    private static String instances(long count) {
        return Words.count(count, "instance");
    }

    private static String examples(Checkup.Group group) {
        return String.join(
                ", ", group.examples().stream().map(InstanceSummary::instance).toList());
    }
}
