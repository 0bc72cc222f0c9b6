package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.memory.Instance.Held;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnCommit.Transition;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Commits turns: first all that could speak against one is checked, then all of it happens. Guarded by the gate's lock.
 */
final class Turns {
    private final Instances instances;
    private final Activities activities;
    private final DueTasks due;

    Turns(Instances instances, Activities activities, DueTasks due) {
        this.instances = instances;
        this.activities = activities;
        this.due = due;
    }

    TurnReceipt commit(TurnCommit commit) {
        Instance instance = instances.leased(commit.lease());
        if (instance == null || instance.held == null) {
            throw ProviderErrors.leaseLost(commit.lease().instance());
        }
        check(instance, commit);
        Held held = instance.held;
        commit.consumed().messages().forEach(instance.messages::remove);
        commit.consumed().work().forEach(lease -> activities.remove(instance, lease.scheduledId()));
        instance.append(commit.events());
        instance.ran(due.now());
        if (!commit.position().version().isEmpty()) {
            instance.version(commit.position().version());
        }
        instance.problem = null;
        TurnCommit.CustomStatus shown = commit.effects().customStatus();
        if (shown != null) {
            instance.customStatus = shown.value();
        }
        commit.effects().deadLetters().forEach(instances.deadLetters()::add);
        List<WorkLease> leased = switch (commit.transition()) {
            case Transition.Stay stay -> stay(instance, held, commit.effects());
            case Transition.ContinueAsNew next -> continueAsNew(instance, next.next());
            case Transition.Finish finish -> finish(instance, finish);
        };
        commit.effects().messages().forEach(instances::deliver);
        if (!commit.keepLease() || instance.status.isTerminal()) {
            instances.release(instance, Duration.ZERO);
        }
        return new TurnReceipt(leased);
    }

    private void check(Instance instance, TurnCommit commit) {
        if (instance.status == Status.SUSPENDED && !(commit.transition() instanceof Transition.Finish)) {
            throw ProviderErrors.suspended(instance.id);
        }
        TurnCommit.Position position = commit.position();
        if (position.executionId() != instance.executionId || position.lastEventId() != instance.lastEventId()) {
            throw ProviderErrors.positionLost(instance.id, position, instance.executionId, instance.lastEventId());
        }
        ProviderErrors.checkOrder(instance.id, position.lastEventId(), commit.events());
        for (long message : commit.consumed().messages()) {
            if (!instance.messages.containsKey(message)) {
                throw ProviderErrors.leaseLost(instance.id, "message " + message + " was consumed before");
            }
        }
        for (WorkLease lease : commit.consumed().work()) {
            if (!lease.instance().equals(instance.id) || activities.leased(lease) == null) {
                throw ProviderErrors.workLeaseLost(instance.id);
            }
        }
    }

    /** Creates an instance that has taken its first turn. */
    EagerStart.Receipt begin(EagerStart eager) {
        String id = eager.start().instance();
        ProviderErrors.checkOrder(id, 0, eager.events());
        Instance instance = instances.createEmpty(eager.start()).orElseThrow(() -> ProviderErrors.exists(id));
        instance.append(eager.events());
        instance.ran(due.now());
        instance.version(eager.version());
        instance.status = Status.RUNNING;
        List<WorkLease> leased = schedule(instance, eager.node(), eager.scheduled());
        return new EagerStart.Receipt(eager.keepLease() ? instances.hold(instance, eager.node()) : null, leased);
    }

    /** What is scheduled and cancelled at once is left out. */
    private List<WorkLease> stay(Instance instance, Held held, TurnCommit.Effects effects) {
        instance.status = Status.RUNNING;
        effects.cancelledActivities().forEach(scheduledId -> activities.remove(instance, scheduledId));
        Set<Long> cancelledTimers = Set.copyOf(effects.cancelledTimers());
        if (!cancelledTimers.isEmpty()) {
            instance.timers.keySet().removeAll(cancelledTimers);
            instance.messages
                    .values()
                    .removeIf(letter -> letter.work() instanceof WorkItem.TimerFired fired
                            && cancelledTimers.contains(fired.scheduledId()));
        }
        return schedule(instance, held.node(), effects.scheduled());
    }

    private List<WorkLease> schedule(Instance instance, NodeId node, TurnCommit.Scheduled scheduled) {
        List<WorkLease> leased = new ArrayList<>();
        for (TurnCommit.NewActivity activity : scheduled.activities()) {
            if (activity.leaseToCaller()) {
                leased.add(activities.addLeased(instance, activity.work(), node));
            } else {
                activities.add(instance, activity.work());
            }
        }
        scheduled.timers().forEach(timer -> set(instance, timer));
        return leased;
    }

    void set(Instance instance, TurnCommit.Timer timer) {
        long execution = instance.executionId;
        instance.timers.put(timer.scheduledId(), timer.dueAt());
        due.at(timer.dueAt(), () -> {
            if (instance.executionId == execution && instance.timers.remove(timer.scheduledId(), timer.dueAt())) {
                instances.add(
                        instance,
                        new WorkItem.TimerFired(instance.id, instance.runId, execution, timer.scheduledId()),
                        timer.dueAt());
            }
        });
    }

    private List<WorkLease> continueAsNew(Instance instance, WorkItem.ContinueAsNew next) {
        instance.timers.clear();
        activities.removeAll(instance);
        instance.messages.values().removeIf(letter -> letter.work() instanceof WorkItem.CompletionWork);
        instance.status = Status.RUNNING;
        instance.executionId++;
        instances.add(instance, next, Duration.ZERO);
        return List.of();
    }

    private List<WorkLease> finish(Instance instance, Transition.Finish finish) {
        instance.timers.clear();
        activities.removeAll(instance);
        instances.buryAll(instance);
        instance.status = finish.status();
        instance.output = finish.output();
        instance.failure = finish.failure();
        instance.finishedAt = due.now();
        return List.of();
    }
}
