package dev.rekindle.cli.operate;

import dev.rekindle.Status;
import dev.rekindle.cli.Printable;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.StoreFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks a store over: what runs it, what stands still, what is late. Reads a bounded number of rows. */
final class Checkup {
    /** What waits for longer than this for its first turn, or for an attempt that is due, is late. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private static final long COUNTED = 1_000;
    private static final int EXAMPLES = 5;
    private static final long LITTLE_SPACE = 1_000_000_000;

    private final Management management;
    private final Times times;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Management management, Times times) {
        this.management = management;
        this.times = times;
    }

    /** Everything that needs management. */
    List<Finding> findings() {
        nodes();
        stuck();
        suspended();
        waitingForCode();
        firstTurns();
        activities();
        deadLetters();
        return findings;
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
        List<NodeInfo> alive =
                management.nodes().stream().filter(NodeInfo::alive).toList();
        long active = management.metrics().activeInstances();
        if (!alive.isEmpty()) {
            String names = String.join(
                    ", ", alive.stream().map(NodeInfo::name).limit(EXAMPLES).toList());
            findings.add(Finding.ok("nodes", "%s alive: %s".formatted(Words.count(alive.size(), "node"), names)));
        } else if (active == 0) {
            findings.add(Finding.ok("nodes", "no node is alive, and nothing waits for one"));
        } else {
            findings.add(Finding.problem(
                    "nodes",
                    "no node is alive, and %s not ended".formatted(has(active)),
                    "start the application that runs this store"));
        }
    }

    private void stuck() {
        long stuck = count(InstanceQuery.ALL.withStatus(Status.STUCK));
        if (stuck == 0) {
            findings.add(Finding.ok("stuck", "no instance is stuck"));
        } else {
            findings.add(Finding.problem(
                    "stuck",
                    "%s stuck: %s".formatted(is(stuck), examples(Status.STUCK)),
                    "'rekindle why ID' says how history and code differ; deploy code that fits, or fork"));
        }
    }

    private void suspended() {
        long suspended = count(InstanceQuery.ALL.withStatus(Status.SUSPENDED));
        if (suspended > 0) {
            findings.add(Finding.note(
                    "suspended",
                    "%s suspended: %s".formatted(is(suspended), examples(Status.SUSPENDED)),
                    "'rekindle resume ID' lets one go on"));
        }
    }

    /** Among the newest: a store in which nobody runs an orchestration has it there too. */
    private void waitingForCode() {
        List<InstanceSummary> troubled = management
                .instances(
                        InstanceQuery.ALL.withStatuses(List.of(Status.PENDING, Status.RUNNING)),
                        PageRequest.first(PageRequest.MAX_LIMIT))
                .items()
                .stream()
                .filter(its -> its.problem() != null)
                .toList();
        if (!troubled.isEmpty()) {
            InstanceSummary one = troubled.getFirst();
            findings.add(Finding.problem(
                    "trouble",
                    "%s can't go on; for example '%s': %s"
                            .formatted(Words.count(troubled.size(), "instance"), one.instance(), one.problem()),
                    "deploy a node that has the code, or 'rekindle cancel' them"));
        }
    }

    private void firstTurns() {
        Instant late = times.now().minus(LATE);
        long waiting = count(InstanceQuery.ALL.withStatus(Status.PENDING).withCreated(null, late));
        findings.add(
                waiting == 0
                        ? Finding.ok("starts", "no start is older than %s".formatted(Times.span(LATE)))
                        : Finding.problem(
                                "starts",
                                "%s had no turn for more than %s since the start"
                                        .formatted(has(waiting), Times.span(LATE)),
                                "'rekindle instances --status Pending' lists them, 'rekindle nodes' who could run"
                                        + " them"));
    }

    private void activities() {
        List<ActivityQueue> queues = management.activityQueues();
        Optional<Instant> due = queues.stream()
                .map(queue -> queue.retrying() == 0 ? queue.oldest() : queue.nextAttempt())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
        long retrying = queues.stream().mapToLong(ActivityQueue::retrying).sum();
        if (due.isPresent() && due.get().isBefore(times.now().minus(LATE))) {
            findings.add(Finding.note(
                    "activities",
                    "the oldest has been due, or running, for %s".formatted(times.since(due.get())),
                    "'rekindle queues' shows which; more nodes, or nodes with code for it, may be missing"));
        } else {
            findings.add(Finding.ok("activities", "none is late"));
        }
        if (retrying > 0) {
            findings.add(Finding.note(
                    "retries",
                    Words.count(retrying, "activity") + " failed and will be tried again",
                    "'rekindle queues' shows which, 'rekindle why ID' what it said"));
        }
    }

    private void deadLetters() {
        long letters = management.queueDepths().deadLetters();
        findings.add(
                letters == 0
                        ? Finding.ok("dead letters", "none")
                        : Finding.note(
                                "dead letters",
                                Words.count(letters, "message") + " could not be taken by anybody",
                                "'rekindle dead-letters' says why; --delete removes them"));
    }

    private long count(InstanceQuery query) {
        return management.count(query, COUNTED);
    }

    private static String is(long count) {
        return counted(count) + (count == 1 ? " is" : " are");
    }

    private static String has(long count) {
        return counted(count) + (count == 1 ? " has" : " have");
    }

    private static String counted(long count) {
        return (count == COUNTED ? "at least " : "") + Words.count(count, "instance");
    }

    private String examples(Status status) {
        List<InstanceSummary> some = management
                .instances(InstanceQuery.ALL.withStatus(status), PageRequest.first(EXAMPLES))
                .items();
        return String.join(", ", some.stream().map(InstanceSummary::instance).toList());
    }
}
