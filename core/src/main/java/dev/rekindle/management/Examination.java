package dev.rekindle.management;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.PendingWait.Kind;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why an instance stands where it stands, from what the store holds of it. Pure.
 *
 * @param instance the instance
 * @param failure why it ended, if it ended without an output
 * @param queues what waits for it
 * @param history its latest execution; empty when it can't be read
 * @param nodes who runs the instances
 * @param now the present
 */
record Examination(
        InstanceSummary instance,
        @Nullable Failure failure,
        InstanceQueues queues,
        List<Event> history,
        Nodes nodes,
        Instant now) {

    /**
     * What is known of those who run the instances.
     *
     * @param anyAlive whether there is one, as far as the store can tell
     * @param holdingsKnown whether nobody has what no lease is known of
     */
    record Nodes(boolean anyAlive, boolean holdingsKnown) {
        static Nodes of(List<NodeInfo> nodes) {
            List<NodeInfo> alive = nodes.stream().filter(NodeInfo::alive).toList();
            return new Nodes(!alive.isEmpty(), alive.stream().allMatch(NodeInfo::holdingsKnown));
        }
    }

    Diagnosis diagnosis() {
        if (instance.status().isTerminal()) {
            return new Diagnosis(instance, ended(), List.of());
        }
        List<PendingWait> waits = new ArrayList<>();
        held().ifPresent(waits::add);
        turn().ifPresent(waits::add);
        List<PendingWait> commands = commands();
        commands.stream().filter(wait -> wait.lastFailure() != null).forEach(waits::add);
        commands.stream().filter(wait -> wait.lastFailure() == null).forEach(waits::add);
        return new Diagnosis(instance, headline(waits), waits);
    }

    private String ended() {
        Failure why = failure;
        String status = instance.status().label();
        return why == null ? status : "%s: %s".formatted(status, said(why));
    }

    private String headline(List<PendingWait> waits) {
        if (!waits.isEmpty()) {
            String first = waits.getFirst().text();
            return waits.size() == 1 ? first : "%s; and %d more".formatted(first, waits.size() - 1);
        }
        String node = queues.leasedTo();
        if (node != null) {
            return "takes a turn on node %s".formatted(node);
        }
        return nodes.holdingsKnown()
                ? "is about to take a turn"
                : "is about to take a turn, or takes one on another node";
    }

    /** What keeps it from taking turns at all. */
    private Optional<PendingWait> held() {
        String problem = instance.problem();
        if (instance.status() == Status.SUSPENDED) {
            String reason = problem == null ? "" : ": " + problem;
            return Optional.of(wait(Kind.RESUME, "waits to be resumed; it was suspended" + reason, null));
        }
        if (problem == null) {
            return Optional.empty();
        }
        Instant until = queues.notBefore();
        if (isOf(problem, ErrorCode.HISTORY_MISMATCH) || isOf(problem, ErrorCode.HISTORY_UNREADABLE)) {
            return Optional.of(wait(Kind.CODE, "waits for code that fits: " + problem, until));
        }
        return Optional.of(
                isOf(problem, ErrorCode.ORCHESTRATION_NOT_REGISTERED)
                        ? wait(Kind.CODE, "waits for a node that has %s: %s".formatted(code(), problem), until)
                        : wait(Kind.TURN, "waits to be tried again: " + problem, until));
    }

    private static boolean isOf(String problem, ErrorCode code) {
        return problem.startsWith(code.name());
    }

    private String code() {
        return instance.version().isEmpty()
                ? instance.orchestration()
                : instance.orchestration() + ' ' + instance.version();
    }

    /** Messages that somebody should take. */
    private Optional<PendingWait> turn() {
        List<QueuedMessage> visible = queues.messages().stream()
                .filter(message -> !isLater(message.visibleAt()))
                .toList();
        if (instance.status() == Status.SUSPENDED || visible.isEmpty() || queues.leasedTo() != null) {
            return Optional.empty();
        }
        String messages = visible.size() == 1 ? "a message waits" : visible.size() + " messages wait";
        return Optional.of(wait(
                Kind.TURN,
                nodes.anyAlive()
                        ? messages + " for a node to take a turn"
                        : messages + ", and no node is alive to take a turn",
                null));
    }

    private static PendingWait wait(Kind kind, String text, @Nullable Instant until) {
        return new PendingWait(kind, 0, "", null, until, 0, null, text);
    }

    // ---- what the code waits for

    private List<PendingWait> commands() {
        List<Event.Command> open = OpenCommands.of(history);
        List<PendingWait> waits = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            Event.Command command = open.get(i);
            switch (command) {
                case Event.ActivityScheduled scheduled -> waits.add(activity(scheduled));
                case Event.ChildScheduled child ->
                    waits.add(of(
                            Kind.CHILD,
                            child,
                            child.instance(),
                            null,
                            "waits for child '%s' of %s".formatted(child.instance(), child.orchestration())));
                case Event.EventAwaited awaited -> {
                    Instant until = limit(awaited, open, i);
                    i += until == null ? 0 : 1;
                    waits.add(of(
                            Kind.EVENT,
                            awaited,
                            awaited.channel(),
                            until,
                            "waits for an event on channel '%s'".formatted(awaited.channel())));
                }
                case Event.TimerCreated timer ->
                    waits.add(of(Kind.TIMER, timer, "", timer.fireAt(), "waits for a timer"));
                default -> {}
            }
        }
        return waits;
    }

    /** A wait that is limited has its timer right behind it. */
    private static @Nullable Instant limit(Event.EventAwaited awaited, List<Event.Command> open, int at) {
        return at + 1 < open.size()
                        && open.get(at + 1) instanceof Event.TimerCreated timer
                        && timer.id() == awaited.id() + 1
                ? timer.fireAt()
                : null;
    }

    private PendingWait activity(Event.ActivityScheduled scheduled) {
        QueuedActivity queued = queues.activities().stream()
                .filter(activity -> activity.work().scheduledId() == scheduled.id()
                        && activity.work().executionId() == instance.executionId())
                .findFirst()
                .orElse(null);
        String name = "activity '%s'".formatted(scheduled.activity());
        if (queued == null) {
            String text = isCompleted(scheduled.id())
                    ? name + " has completed, and waits for a node to take a turn"
                    : name + " is not in the queue any more";
            return of(Kind.ACTIVITY, scheduled, scheduled.activity(), null, text);
        }
        return new PendingWait(
                lacksCode(queued) ? Kind.CODE : Kind.ACTIVITY,
                scheduled.id(),
                scheduled.activity(),
                scheduled.at(),
                isLater(queued.visibleAt()) ? queued.visibleAt() : null,
                queued.attempt(),
                queued.lastFailure(),
                name + ' ' + state(queued));
    }

    /** Whether whoever was offered it last had no code for it. */
    private static boolean lacksCode(QueuedActivity queued) {
        Failure last = queued.lastFailure();
        return queued.leasedTo() == null
                && last != null
                && last.type().equals(ErrorCode.ACTIVITY_NOT_REGISTERED.name());
    }

    private String state(QueuedActivity queued) {
        String before = before(queued);
        if (lacksCode(queued)) {
            return (nodes.anyAlive()
                            ? "waits for a node that has code for it; none that was asked has"
                            : "waits for a node that has code for it; no node is alive")
                    + (before.isEmpty() ? "" : "," + before);
        }
        String node = queued.leasedTo();
        if (node != null) {
            return "is running on node %s%s".formatted(node, before);
        }
        if (isLater(queued.visibleAt())) {
            return "waits for its next attempt" + before;
        }
        if (!nodes.anyAlive()) {
            return "waits, and no node is alive to run it" + before;
        }
        return (nodes.holdingsKnown()
                        ? "waits for a node that has code for it and room"
                        : "is running, or waits for a node that has code for it")
                + before;
    }

    private static String before(QueuedActivity queued) {
        Failure last = queued.lastFailure();
        if (queued.attempt() == 1 || last == null) {
            return "";
        }
        String attempts = queued.attempt() == 2 ? "1 attempt" : (queued.attempt() - 1) + " attempts";
        return " after %s failed".formatted(attempts)
                + (last.type().equals(ErrorCode.ACTIVITY_NOT_REGISTERED.name()) ? "" : ": " + said(last));
    }

    private boolean isCompleted(long scheduledId) {
        return queues.messages().stream()
                .map(QueuedMessage::work)
                .anyMatch(work -> work instanceof WorkItem.CompletionWork completion
                        && completion.scheduledId() == scheduledId
                        && completion.executionId() == instance.executionId());
    }

    private static PendingWait of(
            Kind kind, Event.Command command, String subject, @Nullable Instant until, String text) {
        return new PendingWait(kind, command.id(), subject, command.at(), until, 0, null, text);
    }

    private static String said(Failure failure) {
        String type = failure.type().substring(failure.type().lastIndexOf('.') + 1);
        return failure.message().isEmpty() ? type : type + ": " + failure.message();
    }

    private boolean isLater(@Nullable Instant time) {
        return time != null && time.isAfter(now);
    }
}
