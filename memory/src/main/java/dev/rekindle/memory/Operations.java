package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceExport.ExecutionHistory;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ExportRules;
import dev.rekindle.provider.ParentLink;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators change: first all that could speak against it is checked, then all of it happens. Guarded by the gate's
 * lock.
 */
final class Operations {
    private final Instances instances;
    private final Activities activities;
    private final Turns turns;

    Operations(Instances instances, Activities activities, Turns turns) {
        this.instances = instances;
        this.activities = activities;
        this.turns = turns;
    }

    // ---- suspend, resume, reopen

    void suspend(String id, String reason) {
        Instance instance = requireLiving(id);
        instances.seize(instance);
        instance.notBefore = null;
        instance.status = Status.SUSPENDED;
        instance.problem = reason;
        instances.offer(instance);
    }

    void resume(String id) {
        Instance instance = requireLiving(id);
        if (instance.status == Status.SUSPENDED || instance.status == Status.STUCK) {
            instance.status = instance.firstTurnAt == null ? Status.PENDING : Status.RUNNING;
        }
        instance.problem = null;
        instance.notBefore = null;
        instance.messages.values().forEach(letter -> letter.nodeDeaths = 0);
        instances.offer(instance);
        activities.hurry(instance);
    }

    void reopen(WorkItem.ReopenInstance message, long lastEventId) {
        Instance instance = instances.find(message.instance());
        if (instance == null || !instance.runId.equals(message.runId())) {
            throw ProviderErrors.noSuchRun(message.instance(), message.runId());
        }
        if (instance.status != Status.FAILED && instance.status != Status.TERMINATED) {
            throw ProviderErrors.notReopenable(instance.id, instance.status);
        }
        if (instance.executionId != message.executionId()) {
            throw ProviderErrors.notLatestExecution(instance.id, message.executionId(), instance.executionId);
        }
        if (instance.lastEventId() != lastEventId) {
            throw ProviderErrors.historyMoved(instance.id, lastEventId, instance.lastEventId());
        }
        instance.status = Status.RUNNING;
        instance.output = null;
        instance.failure = null;
        instance.finishedAt = null;
        instance.problem = null;
        instances.add(instance, message, Duration.ZERO);
    }

    private Instance requireLiving(String id) {
        Instance instance = instances.require(id);
        if (instance.status.isTerminal()) {
            throw ProviderErrors.ended(id, instance.status);
        }
        return instance;
    }

    // ---- delete, prune

    Deletion delete(List<String> ids, DeleteOptions options) {
        ProviderErrors.checkDeletion(ids);
        Map<String, Instance> doomed = doomed(ids, options.cascade());
        if (!options.force()) {
            for (Instance instance : doomed.values()) {
                if (!instance.status.isTerminal()) {
                    throw ProviderErrors.notEnded(instance.id, instance.status);
                }
            }
        }
        for (Instance instance : doomed.values()) {
            for (Instance child : children(instance)) {
                if (!doomed.containsKey(child.id)) {
                    throw ProviderErrors.hasChildren(instance.id, child.id);
                }
            }
        }
        Deletion sum = doomed.values().stream().map(this::remove).reduce(Deletion.NONE, Deletion::plus);
        doomed.values().forEach(this::tellParent);
        return sum;
    }

    private Map<String, Instance> doomed(List<String> ids, boolean cascade) {
        Map<String, Instance> doomed = new LinkedHashMap<>();
        Deque<Instance> open = new ArrayDeque<>();
        ids.forEach(id -> open.add(instances.require(id)));
        for (Instance next = open.poll(); next != null; next = open.poll()) {
            if (doomed.put(next.id, next) == null && cascade) {
                open.addAll(children(next));
            }
        }
        return doomed;
    }

    private List<Instance> children(Instance parent) {
        return instances.all().stream()
                .filter(instance -> isParent(instance.definition.parent(), parent))
                .toList();
    }

    private static boolean isParent(@Nullable ParentLink link, Instance parent) {
        return link != null && link.instance().equals(parent.id) && link.runId().equals(parent.runId);
    }

    private Deletion remove(Instance instance) {
        Deletion deletion = new Deletion(
                1,
                Views.executions(instance).size(),
                events(instance.histories.values()),
                instance.messages.size()
                        + instance.delayed.size()
                        + instance.activities.size()
                        + instance.timers.size());
        activities.removeAll(instance);
        instances.remove(instance);
        return deletion;
    }

    private void tellParent(Instance child) {
        ParentLink parent = child.definition.parent();
        if (parent != null && !child.status.isTerminal()) {
            instances.deliver(ProviderErrors.childDeleted(child.id, parent));
        }
    }

    Deletion prune(String id, int keepLast) {
        ProviderErrors.checkKeepLast(id, keepLast);
        Instance instance = instances.require(id);
        long oldest = Math.max(instance.oldestExecutionId, instance.executionId - keepLast + 1);
        SortedMap<Long, List<Event>> gone = instance.histories.headMap(oldest);
        Deletion deletion = new Deletion(0, oldest - instance.oldestExecutionId, events(gone.values()), 0);
        gone.clear();
        instance.startedAt.headMap(oldest).clear();
        instance.oldestExecutionId = oldest;
        return deletion;
    }

    private static long events(Collection<List<Event>> histories) {
        return histories.stream().mapToLong(List::size).sum();
    }

    // ---- import

    void restore(InstanceExport export) {
        ExportRules.check(export);
        Instance instance = instances.restore(export.instance());
        instance.oldestExecutionId = export.executions().getFirst().executionId();
        instance.firstTurnAt = export.instance().startedAt();
        for (ExecutionHistory execution : export.executions()) {
            if (execution.startedAt() != null) {
                instance.startedAt.put(execution.executionId(), execution.startedAt());
            }
            instance.append(execution.executionId(), execution.events());
        }
        if (instance.status.isTerminal()
                && instance.history(instance.executionId).getLast() instanceof Event.Outcome outcome) {
            instance.output = outcome.output();
            instance.failure = outcome.failure();
        }
        export.queues().messages().forEach(message -> instances.add(instance, message.work(), message.visibleAt()));
        export.queues().activities().forEach(activity -> activities.restore(instance, activity));
        export.queues()
                .timers()
                .forEach(timer -> turns.set(instance, new TurnCommit.Timer(timer.scheduledId(), timer.dueAt())));
    }
}
