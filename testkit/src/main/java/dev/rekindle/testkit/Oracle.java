package dev.rekindle.testkit;

import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.History;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Judges a whole store: what must hold for every one, whatever was done to it. */
final class Oracle {
    private final Ledger ledger;
    private final List<String> problems = new ArrayList<>();
    private final Map<Ledger.Letter, Integer> letters = new HashMap<>();
    private final Set<String> carriers = new HashSet<>();

    private Oracle(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Fails, with all that is wrong, unless the store is sound and holds what the ledger says it accepted. */
    static void judge(StoreImage image, Ledger ledger) {
        List<String> problems = problems(image, ledger);
        if (!problems.isEmpty()) {
            throw new AssertionError(
                    "the store is not sound:%n%s".formatted(String.join(System.lineSeparator(), problems)));
        }
    }

    /** All that is wrong with a store. */
    static List<String> problems(StoreImage image, Ledger ledger) {
        Oracle oracle = new Oracle(ledger);
        image.instances().forEach(oracle::lookAt);
        image.orphans().forEach(orphan -> oracle.problems.add("orphan: " + orphan));
        oracle.compareCounts(image);
        for (TurnCommit.DeadLetter dead : image.deadLetters()) {
            oracle.found(dead.work());
        }
        if (ledger.isComplete()) {
            oracle.compareLetters();
        }
        return oracle.problems;
    }

    private void compareCounts(StoreImage image) {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        image.instances().forEach(instance -> counts.merge(instance.snapshot().status(), 1L, Long::sum));
        if (!counts.equals(image.statusCounts())) {
            problems.add("status counts: expected " + counts + ", found " + image.statusCounts());
        }
    }

    private void compareLetters() {
        ledger.accepted().forEach((letter, accepted) -> atLeast(letter, accepted));
        letters.forEach((letter, count) -> {
            long attempts = ledger.attempts(letter);
            if (attempts > 0 && count > attempts && !carriers.contains(letter.instance())) {
                problems.add("%s: sent %d times, found %d times".formatted(letter, attempts, count));
            }
        });
    }

    private void atLeast(Ledger.Letter letter, LongAdder accepted) {
        int count = letters.getOrDefault(letter, 0);
        if (!ledger.isForgotten(letter.instance()) && count < accepted.sum()) {
            problems.add("%s: accepted %d times, found %d times in history, queue and dead letters"
                    .formatted(letter, accepted.sum(), count));
        }
    }

    private void found(WorkItem.OrchestratorWork work) {
        switch (work) {
            case WorkItem.RaiseEvent event -> letters.merge(Ledger.Letter.of(event), 1, Integer::sum);
            case WorkItem.ContinueAsNew next -> next.carried().forEach(this::found);
            case WorkItem.ReopenInstance reopen -> {
                carriers.add(reopen.instance());
                reopen.redelivered().forEach(this::found);
            }
            default -> {}
        }
    }

    // ---- one instance

    private void lookAt(StoredInstance its) {
        String id = its.snapshot().instance();
        its.histories().forEach((execution, events) -> lookAtHistory(id + " execution " + execution, events));
        its.messages().forEach(message -> found(message.work()));
        lookAtExecutions(its);
        if (its.snapshot().status().isTerminal()) {
            lookAtEnd(its);
        } else {
            lookAtLife(its);
        }
        for (StoreImage.StoredMessage message : its.messages()) {
            check(message.work().instance().equals(id), id, "has a message of another: " + message.work());
        }
    }

    private void lookAtHistory(String where, List<Event> events) {
        long expected = 1;
        Event before = null;
        String instance = where.substring(0, where.lastIndexOf(" execution "));
        for (Event event : events) {
            check(event.id() == expected, where, "event %d has the id %d".formatted(expected, event.id()));
            expected++;
            boolean reopened = event instanceof Event.OrchestrationReopened;
            check(!(before instanceof Event.Outcome) || reopened, where, "goes on after its outcome: " + event);
            if (reopened) {
                carriers.add(instance);
            }
            if (event instanceof Event.EventRaised raised) {
                letters.merge(new Ledger.Letter(instance, raised.channel(), raised.payload()), 1, Integer::sum);
            }
            before = event;
        }
        lookAtValid(where, History.valid(events));
    }

    private void lookAtValid(String where, List<Event> events) {
        Set<Long> completed = new HashSet<>();
        for (Event event : events) {
            if (event instanceof Event.Completion completion) {
                check(completed.add(completion.scheduledId()), where, "completed twice: " + completion);
            }
        }
        long starts = events.stream()
                .filter(Event.OrchestrationStarted.class::isInstance)
                .count();
        check(starts <= 1, where, "started %d times".formatted(starts));
    }

    private void lookAtExecutions(StoredInstance its) {
        String id = its.snapshot().instance();
        long latest = its.snapshot().executionId();
        check(latest >= 1, id, "has execution " + latest);
        if (latest > 1) {
            carriers.add(id);
        }
        for (long execution : its.histories().keySet()) {
            check(execution >= 1 && execution <= latest, id, "has a history of execution " + execution);
        }
        long first = ledger.isForgotten(id) && !its.histories().isEmpty()
                ? its.histories().firstKey()
                : 1;
        for (long execution = first; execution < latest; execution++) {
            List<Event> events = its.histories().getOrDefault(execution, List.of());
            check(
                    !events.isEmpty() && events.getLast() instanceof Event.OrchestrationContinuedAsNew,
                    id,
                    "execution %d of %d does not end by continuing".formatted(execution, latest));
        }
    }

    private void lookAtEnd(StoredInstance its) {
        String id = its.snapshot().instance();
        List<Event> events = current(its);
        Status outcome = events.isEmpty() ? null : outcome(events.getLast());
        check(
                outcome == its.snapshot().status(),
                id,
                "is %s, its history ends %s".formatted(its.snapshot().status(), outcome));
        check(its.messages().isEmpty(), id, "has ended with messages: " + its.messages());
        check(its.timers().isEmpty(), id, "has ended with timers: " + its.timers());
        check(its.activities().isEmpty(), id, "has ended with activities: " + its.activities());
        check(its.leasedTo() == null, id, "has ended, and is leased to " + its.leasedTo());
        check(its.snapshot().finishedAt() != null, id, "has ended, nobody knows when");
        check(
                (its.snapshot().output() != null) == (its.snapshot().status() == Status.COMPLETED),
                id,
                "is %s with the output %s"
                        .formatted(its.snapshot().status(), its.snapshot().output()));
    }

    private void lookAtLife(StoredInstance its) {
        String id = its.snapshot().instance();
        List<Event> events = current(its);
        check(
                events.isEmpty() || outcome(events.getLast()) == null || reopening(its) != null,
                id,
                "has not ended, but its history has");
        check(its.snapshot().finishedAt() == null, id, "has not ended, but has a time of its end");
        check(
                its.snapshot().status() != Status.PENDING
                        || (events.isEmpty() && its.snapshot().executionId() == 1),
                id,
                "is pending with a history");
        lookAtOpening(its, events);
        WorkItem.ReopenInstance reopening = reopening(its);
        OpenCommands open = OpenCommands.of(
                reopening == null ? History.valid(events) : History.validBefore(events, reopening.voidFrom()));
        for (StoredActivity activity : its.activities()) {
            lookAtActivity(its, activity, open);
        }
        for (StoredTimer timer : its.timers()) {
            check(
                    timer.executionId() == its.snapshot().executionId()
                            && open.timers().contains(timer.scheduledId()),
                    id,
                    "has a timer without an open command: " + timer);
        }
        if (reopening == null) {
            lookForLost(its, open);
        }
    }

    /** The message that lets it go on after its end, while no turn has taken it. */
    private static WorkItem.@Nullable ReopenInstance reopening(StoredInstance its) {
        return its.messages().stream()
                .map(StoreImage.StoredMessage::work)
                .filter(WorkItem.ReopenInstance.class::isInstance)
                .map(WorkItem.ReopenInstance.class::cast)
                .findFirst()
                .orElse(null);
    }

    /** An execution without a history has its opening message in the queue, first of all; no other has one. */
    private void lookAtOpening(StoredInstance its, List<Event> events) {
        if (!ledger.isComplete()) {
            return;
        }
        long openings = its.messages().stream()
                .filter(message -> message.work() instanceof WorkItem.StartOrchestration
                        || message.work() instanceof WorkItem.ContinueAsNew)
                .count();
        check(
                openings == (events.isEmpty() ? 1 : 0),
                its.snapshot().instance(),
                "has %d events and %d messages that begin an execution".formatted(events.size(), openings));
    }

    private void lookAtActivity(StoredInstance its, StoredActivity activity, OpenCommands open) {
        WorkItem.ActivityExecute work = activity.work();
        String id = its.snapshot().instance();
        check(
                work.instance().equals(id)
                        && work.runId().equals(its.snapshot().runId())
                        && work.executionId() == its.snapshot().executionId(),
                id,
                "has an activity of another run or execution: " + work);
        check(
                open.activities().contains(work.scheduledId()) || ledger.isLoose(work),
                id,
                "has an activity without an open command: " + work);
        check(activity.attempt() >= 1, id, "has an activity with the attempt " + activity.attempt());
    }

    /** Whatever the history still waits for must be somewhere. */
    private void lookForLost(StoredInstance its, OpenCommands open) {
        if (!ledger.isComplete()) {
            return;
        }
        Set<Long> queued = new HashSet<>();
        its.activities().forEach(activity -> queued.add(activity.work().scheduledId()));
        its.timers().forEach(timer -> queued.add(timer.scheduledId()));
        for (StoreImage.StoredMessage message : its.messages()) {
            if (message.work() instanceof WorkItem.CompletionWork completion) {
                queued.add(completion.scheduledId());
            }
        }
        for (long command : open.all()) {
            check(
                    queued.contains(command),
                    its.snapshot().instance(),
                    "waits for command %d, and nothing of it is left".formatted(command));
        }
    }

    private static List<Event> current(StoredInstance its) {
        return its.histories().getOrDefault(its.snapshot().executionId(), List.of());
    }

    private static @Nullable Status outcome(Event event) {
        return switch (event) {
            case Event.OrchestrationCompleted e -> Status.COMPLETED;
            case Event.OrchestrationFailed e -> Status.FAILED;
            case Event.OrchestrationCancelled e -> Status.CANCELLED;
            case Event.OrchestrationTerminated e -> Status.TERMINATED;
            case Event.OrchestrationContinuedAsNew e -> Status.CONTINUED_AS_NEW;
            default -> null;
        };
    }

    private void check(boolean holds, String where, String problem) {
        if (!holds) {
            problems.add("'%s' %s".formatted(where, problem));
        }
    }
}
