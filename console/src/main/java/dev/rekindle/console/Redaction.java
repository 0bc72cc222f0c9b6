package dev.rekindle.console;

import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceQueues.QueuedActivity;
import dev.rekindle.management.InstanceQueues.QueuedMessage;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.PendingWait;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The same things as a {@link Redactor} lets them be shown. Everything that leaves the console goes through here, pages and
 * API alike; a new kind of event does not compile before it is said what it shows. Immutable and thread-safe.
 */
final class Redaction {
    private final Redactor redactor;

    Redaction(Redactor redactor) {
        this.redactor = redactor;
    }

    boolean hides() {
        return !redactor.equals(Redactor.NONE);
    }

    String text(String payload) {
        return redactor.shown(payload);
    }

    private @Nullable String maybe(@Nullable String payload) {
        return payload == null ? null : text(payload);
    }

    <T> Page<T> page(Page<T> page, UnaryOperator<T> each) {
        return hides() ? new Page<>(page.items().stream().map(each).toList(), page.next()) : page;
    }

    InstanceSnapshot of(InstanceSnapshot its) {
        return new InstanceSnapshot(
                its.instance(),
                its.runId(),
                its.orchestration(),
                its.version(),
                its.status(),
                its.executionId(),
                maybe(its.output()),
                of(its.failure()),
                maybe(its.customStatus()),
                maybe(its.problem()),
                its.createdAt(),
                its.finishedAt());
    }

    InstanceSummary of(InstanceSummary its) {
        return its.withTexts(maybe(its.customStatus()), maybe(its.problem()));
    }

    OverdueInstance of(OverdueInstance its) {
        return new OverdueInstance(of(its.instance()), its.dueAt());
    }

    Checkup of(Checkup seen) {
        return new Checkup(
                seen.at(),
                seen.nodes(),
                seen.activeInstances(),
                of(seen.stuck()),
                of(seen.suspended()),
                of(seen.held()),
                seen.late().stream().map(this::of).toList(),
                seen.activities(),
                seen.failing().stream().map(this::of).toList(),
                seen.deadLetters());
    }

    private Checkup.Group of(Checkup.Group group) {
        return new Checkup.Group(
                group.count(),
                group.atLeast(),
                group.examples().stream().map(this::of).toList());
    }

    InstanceInfo of(InstanceInfo info) {
        return new InstanceInfo(of(info.snapshot()), info.parent(), info.events());
    }

    InstanceTree of(InstanceTree tree) {
        return new InstanceTree(
                of(tree.instance()), tree.children().stream().map(this::of).toList(), tree.more());
    }

    ExecutionInfo of(ExecutionInfo its) {
        return new ExecutionInfo(
                its.instance(),
                its.executionId(),
                its.status(),
                maybe(its.output()),
                of(its.failure()),
                its.events(),
                its.startedAt(),
                its.finishedAt());
    }

    DeadLetterInfo of(DeadLetterInfo its) {
        return new DeadLetterInfo(its.key(), its.instance(), its.runId(), its.reason(), its.at(), text(its.message()));
    }

    @Nullable
    Failure of(@Nullable Failure failure) {
        return failure == null ? null : redacted(failure);
    }

    private Failure redacted(Failure failure) {
        return hides()
                ? new Failure(failure.type(), text(failure.message()), maybe(failure.stackTrace()), failure.retryable())
                : failure;
    }

    private @Nullable AttemptInfo of(@Nullable AttemptInfo attempt) {
        return attempt == null
                ? null
                : new AttemptInfo(attempt.number(), attempt.startedAt(), of(attempt.lastFailure()));
    }

    /** Sentences are shown as they are where nothing was said that could quote a payload. */
    Diagnosis of(Diagnosis why) {
        InstanceSummary its = why.instance();
        boolean quotes = its.problem() != null
                || its.status().isTerminal()
                || why.waits().stream().anyMatch(Redaction::quotesAFailure);
        return new Diagnosis(
                of(its),
                quotes ? text(why.headline()) : why.headline(),
                why.waits().stream().map(this::of).toList());
    }

    private PendingWait of(PendingWait wait) {
        return new PendingWait(
                wait.kind(),
                wait.eventId(),
                wait.subject(),
                wait.since(),
                wait.until(),
                wait.attempt(),
                of(wait.lastFailure()),
                wait.eventId() == 0 || quotesAFailure(wait) ? text(wait.text()) : wait.text());
    }

    private static boolean quotesAFailure(PendingWait wait) {
        return wait.lastFailure() != null && wait.kind() != PendingWait.Kind.CODE;
    }

    InstanceQueues of(InstanceQueues queues) {
        return hides()
                ? new InstanceQueues(
                        queues.leasedTo(),
                        queues.notBefore(),
                        queues.messages().stream()
                                .map(message -> new QueuedMessage(of(message.work()), message.visibleAt()))
                                .toList(),
                        queues.activities().stream().map(this::of).toList(),
                        queues.timers())
                : queues;
    }

    ActivityInfo of(ActivityInfo its) {
        return new ActivityInfo(
                its.instance(),
                its.runId(),
                its.executionId(),
                its.scheduledId(),
                its.activity(),
                its.scheduledAt(),
                its.attempt(),
                its.nodeDeaths(),
                its.visibleAt(),
                of(its.lastFailure()),
                its.leasedTo());
    }

    private QueuedActivity of(QueuedActivity queued) {
        WorkItem.ActivityExecute work = queued.work();
        return new QueuedActivity(
                new WorkItem.ActivityExecute(
                        work.instance(),
                        work.runId(),
                        work.executionId(),
                        work.scheduledId(),
                        work.activity(),
                        text(work.input()),
                        work.options(),
                        work.scheduledAt()),
                queued.attempt(),
                queued.nodeDeaths(),
                queued.visibleAt(),
                of(queued.lastFailure()),
                maybe(queued.heartbeat()),
                queued.leasedTo());
    }

    private WorkItem.OrchestratorWork of(WorkItem.OrchestratorWork work) {
        return switch (work) {
            case WorkItem.StartOrchestration w ->
                new WorkItem.StartOrchestration(
                        w.instance(),
                        w.runId(),
                        w.orchestration(),
                        w.version(),
                        text(w.input()),
                        w.parent(),
                        w.attributes(),
                        w.fork() == null
                                ? null
                                : new WorkItem.Fork(
                                        w.fork().origin(),
                                        w.fork().past().stream().map(this::of).toList()));
            case WorkItem.ContinueAsNew w ->
                new WorkItem.ContinueAsNew(
                        w.instance(),
                        w.runId(),
                        w.orchestration(),
                        w.version(),
                        text(w.input()),
                        w.parent(),
                        w.carried().stream().map(this::raised).toList());
            case WorkItem.ActivityCompleted w ->
                new WorkItem.ActivityCompleted(
                        w.instance(), w.runId(), w.executionId(), w.scheduledId(), text(w.output()), of(w.attempt()));
            case WorkItem.ActivityFailed w ->
                new WorkItem.ActivityFailed(
                        w.instance(),
                        w.runId(),
                        w.executionId(),
                        w.scheduledId(),
                        redacted(w.failure()),
                        of(w.attempt()));
            case WorkItem.ChildCompleted w ->
                new WorkItem.ChildCompleted(
                        w.instance(), w.runId(), w.executionId(), w.scheduledId(), text(w.output()));
            case WorkItem.ChildFailed w ->
                new WorkItem.ChildFailed(
                        w.instance(), w.runId(), w.executionId(), w.scheduledId(), redacted(w.failure()));
            case WorkItem.RaiseEvent w -> raised(w);
            case WorkItem.ReopenInstance w ->
                new WorkItem.ReopenInstance(
                        w.instance(),
                        w.runId(),
                        w.executionId(),
                        w.voidFrom(),
                        w.redelivered().stream().map(this::of).toList());
            case WorkItem.TimerFired w -> w;
            case WorkItem.CancelInstance w -> w;
            case WorkItem.TerminateInstance w -> w;
        };
    }

    private WorkItem.RaiseEvent raised(WorkItem.RaiseEvent w) {
        return new WorkItem.RaiseEvent(w.instance(), w.runId(), w.channel(), text(w.payload()));
    }

    Event of(Event event) {
        return switch (event) {
            case Event.OrchestrationStarted e ->
                new Event.OrchestrationStarted(
                        e.id(), e.at(), e.orchestration(), e.version(), text(e.input()), e.parent(), e.forkedFrom());
            case Event.ActivityCompleted e ->
                new Event.ActivityCompleted(e.id(), e.at(), e.scheduledId(), text(e.output()), of(e.attempt()));
            case Event.ActivityFailed e ->
                new Event.ActivityFailed(e.id(), e.at(), e.scheduledId(), redacted(e.failure()), of(e.attempt()));
            case Event.EventRaised e -> new Event.EventRaised(e.id(), e.at(), e.channel(), text(e.payload()));
            case Event.ChildCompleted e -> new Event.ChildCompleted(e.id(), e.at(), e.scheduledId(), text(e.output()));
            case Event.ChildFailed e -> new Event.ChildFailed(e.id(), e.at(), e.scheduledId(), redacted(e.failure()));
            case Event.ActivityScheduled e ->
                new Event.ActivityScheduled(e.id(), e.at(), e.activity(), text(e.input()));
            case Event.ChildScheduled e ->
                new Event.ChildScheduled(
                        e.id(), e.at(), e.instance(), e.runId(), e.orchestration(), e.version(), text(e.input()));
            case Event.OrchestrationSpawned e ->
                new Event.OrchestrationSpawned(
                        e.id(), e.at(), e.instance(), e.runId(), e.orchestration(), e.version(), text(e.input()));
            case Event.EventSent e -> new Event.EventSent(e.id(), e.at(), e.instance(), e.channel(), text(e.payload()));
            case Event.CustomStatusSet e -> new Event.CustomStatusSet(e.id(), e.at(), maybe(e.value()));
            case Event.OrchestrationCompleted e -> new Event.OrchestrationCompleted(e.id(), e.at(), text(e.output()));
            case Event.OrchestrationFailed e -> new Event.OrchestrationFailed(e.id(), e.at(), redacted(e.failure()));
            case Event.OrchestrationContinuedAsNew e ->
                new Event.OrchestrationContinuedAsNew(e.id(), e.at(), e.version(), text(e.input()));
            case Event.TimerFired e -> e;
            case Event.CancelRequested e -> e;
            case Event.OrchestrationReopened e -> e;
            case Event.ActivityCancelled e -> e;
            case Event.TimerCreated e -> e;
            case Event.TimerCancelled e -> e;
            case Event.EventAwaited e -> e;
            case Event.EventWaitEnded e -> e;
            case Event.ChildCancelRequested e -> e;
            case Event.OrchestrationCancelled e -> e;
            case Event.OrchestrationTerminated e -> e;
        };
    }
}
