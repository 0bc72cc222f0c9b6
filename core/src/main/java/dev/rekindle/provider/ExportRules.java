package dev.rekindle.provider;

import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an export must agree on with itself before a provider takes it in: the same for every store. An export may come from
 * anywhere, so that nothing in it is trusted, not even that what can't be null is not. Stateless and thread-safe.
 */
public final class ExportRules {
    private final InstanceExport export;
    private final InstanceSummary its;

    private ExportRules(InstanceExport export) {
        this.export = export;
        this.its = export.instance();
    }

    /**
     * Checks an export.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when it contradicts itself or has another format
     */
    public static void check(InstanceExport export) {
        ExportRules rules = new ExportRules(export);
        rules.require(
                export.format() == InstanceExport.FORMAT,
                "expected format " + InstanceExport.FORMAT + ", found " + export.format());
        rules.require(export.instance() != null && export.queues() != null, "it lacks its instance or its queues");
        rules.checkInstance();
        rules.checkExecutions();
        if (rules.its.status().isTerminal()) {
            rules.checkEnd();
        } else {
            rules.checkLife();
        }
    }

    private void checkInstance() {
        require(
                its.instance() != null
                        && its.runId() != null
                        && its.orchestration() != null
                        && its.version() != null
                        && its.status() != null
                        && its.createdAt() != null,
                "something that every instance has is missing");
        try {
            Limits.checkInstanceId(its.instance());
            Limits.checkName("run id", its.runId());
            Limits.checkName("name of an orchestration", its.orchestration());
            if (!its.version().isEmpty()) {
                Limits.checkName("version", its.version());
            }
            Limits.checkAttributes(its.attributes());
            ParentLink parent = its.parent();
            if (parent != null) {
                Limits.checkInstanceId(parent.instance());
                Limits.checkName("run id of the parent", parent.runId());
            }
        } catch (RekindleException e) {
            throw ProviderErrors.badExport(its.instance(), "found " + e.getMessage());
        }
        require(its.status() != Status.CONTINUED_AS_NEW, "no instance is " + its.status());
        require(
                its.status().isTerminal() == (its.finishedAt() != null),
                "it is %s, and ended at %s".formatted(its.status(), its.finishedAt()));
    }

    // ---- executions

    private void checkExecutions() {
        List<ExecutionHistory> executions = export.executions();
        require(!executions.isEmpty(), "expected an execution, found none");
        long expected = its.executionId() - executions.size() + 1;
        require(
                expected >= 1,
                "expected at most %d executions, found %d".formatted(its.executionId(), executions.size()));
        for (ExecutionHistory execution : executions) {
            require(
                    execution.executionId() == expected,
                    "expected execution %d, found %d".formatted(expected, execution.executionId()));
            checkHistory(execution);
            Event last = last(execution);
            require(
                    expected == its.executionId() || last instanceof Event.OrchestrationContinuedAsNew,
                    "execution %d does not end by continuing".formatted(expected));
            expected++;
        }
    }

    private void checkHistory(ExecutionHistory execution) {
        long expected = 1;
        boolean over = false;
        for (Event event : execution.events()) {
            require(
                    event.id() == expected,
                    "execution %d: expected event %d, found %d"
                            .formatted(execution.executionId(), expected, event.id()));
            require(
                    !over || event instanceof Event.OrchestrationReopened,
                    "execution %d: event %d comes after the end".formatted(execution.executionId(), expected));
            over = event instanceof Event.Outcome;
            expected++;
        }
        require(
                execution.events().isEmpty() || execution.startedAt() != null,
                "execution %d has events, and never started".formatted(execution.executionId()));
    }

    private static @Nullable Event last(ExecutionHistory execution) {
        return execution.events().isEmpty() ? null : execution.events().getLast();
    }

    // ---- the instance and its queues

    private void checkEnd() {
        require(
                last(export.executions().getLast()) instanceof Event.Outcome outcome
                        && outcome.status() == its.status(),
                "it is %s, and its history does not end so".formatted(its.status()));
        InstanceQueues queues = export.queues();
        require(
                queues.messages().isEmpty()
                        && queues.activities().isEmpty()
                        && queues.timers().isEmpty(),
                "it has ended, and something waits for it");
    }

    private void checkLife() {
        ExecutionHistory current = export.executions().getLast();
        require(
                last(current) instanceof Event.Outcome == isReopening(),
                "it is %s, and its history has ended, or is to be reopened and has not".formatted(its.status()));
        require(
                its.status() != Status.PENDING
                        || (its.executionId() == 1 && current.events().isEmpty()),
                "it is Pending, and has a history");
        long openings = export.queues().messages().stream()
                .filter(message -> opens(message.work()))
                .count();
        require(
                openings == (current.events().isEmpty() ? 1 : 0),
                "found %d events and %d messages that begin an execution"
                        .formatted(current.events().size(), openings));
        export.queues().messages().forEach(message -> checkMessage(message.work()));
        Set<Long> commands = new HashSet<>();
        export.queues().activities().forEach(activity -> checkActivity(activity, commands));
        for (InstanceQueues.QueuedTimer timer : export.queues().timers()) {
            require(
                    timer.executionId() == its.executionId()
                            && timer.dueAt() != null
                            && isCommand(timer.scheduledId(), commands),
                    "found a timer that is not its own: " + timer);
        }
    }

    /** Whether it was reopened, and has taken no turn since. */
    private boolean isReopening() {
        return export.queues().messages().stream()
                .anyMatch(message -> message.work() instanceof WorkItem.ReopenInstance);
    }

    private boolean opens(WorkItem.OrchestratorWork work) {
        return its.executionId() == 1
                ? work instanceof WorkItem.StartOrchestration
                : work instanceof WorkItem.ContinueAsNew;
    }

    private void checkMessage(WorkItem.OrchestratorWork work) {
        require(
                work != null
                        && its.instance().equals(work.instance())
                        && (work.runId() == null || work.runId().equals(its.runId())),
                "found a message for another: " + work);
        boolean known = switch (work) {
            case WorkItem.StartOrchestration start -> opens(start);
            case WorkItem.ContinueAsNew next -> opens(next);
            case WorkItem.TimerFired fired -> false;
            case WorkItem.CompletionWork completion -> completion.executionId() == its.executionId();
            case WorkItem.ReopenInstance reopen -> reopen.executionId() == its.executionId();
            case WorkItem.RaiseEvent event -> true;
            case WorkItem.CancelInstance cancel -> true;
            case WorkItem.TerminateInstance terminate -> true;
        };
        require(known, "found a message that can't wait here: " + work);
    }

    private void checkActivity(InstanceQueues.QueuedActivity activity, Set<Long> commands) {
        WorkItem.ActivityExecute work = activity.work();
        require(
                work != null
                        && its.instance().equals(work.instance())
                        && its.runId().equals(work.runId())
                        && work.executionId() == its.executionId()
                        && isCommand(work.scheduledId(), commands),
                "found an activity that is not its own: " + work);
        require(
                activity.attempt() >= 1 && activity.nodeDeaths() >= 0,
                "found attempt %d and %d node deaths".formatted(activity.attempt(), activity.nodeDeaths()));
    }

    /** Whether this can be the id of a command of the current execution, and has not been named before. */
    private boolean isCommand(long scheduledId, Set<Long> seen) {
        int events = export.executions().getLast().events().size();
        return scheduledId >= 1 && scheduledId <= events && seen.add(scheduledId);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            String name = its == null || its.instance() == null ? "?" : its.instance();
            throw ProviderErrors.badExport(name, otherwise);
        }
    }
}
