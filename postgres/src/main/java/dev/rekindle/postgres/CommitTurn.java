package dev.rekindle.postgres;

import dev.rekindle.Status;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.ProviderErrors;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnCommit.Transition;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a turn durable. The hot step writes three rows: one leaves the work queue, one joins history, one the queue. */
final class CommitTurn extends Op<TurnReceipt> {
    private final TurnCommit commit;
    private final @Nullable String events;
    private final Scheduling scheduling;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<HeldWork> consumed = new ArrayList<>();
    private @Nullable HeldInstance held;

    CommitTurn(TurnCommit commit) {
        this.commit = commit;
        this.events = commit.events().isEmpty() ? null : JsonText.ofEvents(commit.events());
        this.scheduling = new Scheduling((stays() ? commit.effects() : TurnCommit.Effects.NONE).scheduled());
        for (WorkItem.OrchestratorWork message : commit.effects().messages()) {
            deliveries.add(new Delivery(message, Duration.ZERO));
        }
    }

    private boolean stays() {
        return commit.transition() instanceof Transition.Stay;
    }

    private boolean ends() {
        return commit.transition() instanceof Transition.Finish;
    }

    @Override
    boolean admit(Batch batch) {
        String id = commit.lease().instance();
        HeldInstance found = batch.leases().instance(commit.lease().token());
        if (found == null || !found.id.equals(id)) {
            throw ProviderErrors.leaseLost(id);
        }
        held = found;
        if (found.status == Status.SUSPENDED && !ends()) {
            throw ProviderErrors.suspended(id);
        }
        TurnCommit.Position position = commit.position();
        if (position.executionId() != found.execution || position.lastEventId() != found.lastEventId) {
            throw ProviderErrors.positionLost(id, position, found.execution, found.lastEventId);
        }
        ProviderErrors.checkOrder(id, position.lastEventId(), commit.events());
        for (long message : commit.consumed().messages()) {
            if (!found.isOpen(message)) {
                throw ProviderErrors.leaseLost(id, "message " + message + " was consumed before");
            }
        }
        consumed.clear();
        for (WorkLease lease : commit.consumed().work()) {
            HeldWork work = batch.leases().work(lease.token());
            if (work == null || work.instance != found.key) {
                throw ProviderErrors.workLeaseLost(id);
            }
            consumed.add(work);
        }
        deliveries.forEach(delivery -> delivery.admit(batch));
        return batch.own(found)
                && consumed.stream().allMatch(batch::own)
                && cancelledHere(batch.leases(), found).stream().allMatch(batch::own);
    }

    @Override
    int weight() {
        return (events == null ? 0 : events.length())
                + scheduling.weight()
                + deliveries.stream().mapToInt(Delivery::weight).sum();
    }

    @Override
    void write(Batch batch) {
        HeldInstance its = held();
        for (long message : commit.consumed().messages()) {
            if (message < 0) {
                batch.deleteTimers.add(its.key, -message);
            } else {
                batch.consumeMessages.add(its.key, message);
            }
        }
        if (stays()) {
            // Otherwise all activities of the execution leave the queue with it.
            consumed.forEach(work -> batch.deleteWork.add(work.instance, work.position));
        }
        if (events != null && !ends()) {
            batch.history.add(
                    its.key, its.position(its.lastEventId + 1), commit.events().size(), events);
        }
        commit.effects().deadLetters().forEach(dead -> batch.bury(dead.work(), dead.reason()));
        deliveries.forEach(delivery -> delivery.writeForTurn(batch));
        switch (commit.transition()) {
            case Transition.Stay stay -> writeStay(batch, its);
            case Transition.ContinueAsNew next -> {
                batch.lock(its.key);
                batch.executions.add(its.key, its.execution + 1, nextBase(its));
                batch.endExecutions.add(its.key);
                batch.openings.add(its.key, MessageTable.OPENING, JsonText.ofWork(next.next()));
                update(batch, its, Status.RUNNING, its.execution + 1, nextBase(its));
                releaseUnlessKept(batch, its);
            }
            case Transition.Finish finish -> {
                batch.lock(its.key);
                writeEnd(batch, its, finish.status());
            }
        }
    }

    private void writeEnd(Batch batch, HeldInstance its, Status status) {
        TurnCommit.CustomStatus shown = commit.effects().customStatus();
        batch.endInstances.add(
                its.key,
                status.label(),
                version(its),
                shown != null,
                shown == null ? null : shown.value(),
                its.position(its.lastEventId + 1),
                commit.events().size(),
                events);
        batch.moved(its.status, status);
    }

    private void writeStay(Batch batch, HeldInstance its) {
        TurnCommit.Effects effects = commit.effects();
        boolean changes = its.status != Status.RUNNING
                || its.problem != null
                || effects.customStatus() != null
                || !version(its).equals(its.definition.version());
        if (changes) {
            update(batch, its, Status.RUNNING, its.execution, its.base);
        }
        if (!effects.cancelledActivities().isEmpty()) {
            batch.lock(its.key);
            effects.cancelledActivities().forEach(scheduled -> batch.deleteWork.add(its.key, its.position(scheduled)));
        }
        effects.cancelledTimers().forEach(scheduled -> batch.deleteTimers.add(its.key, its.position(scheduled)));
        scheduling.write(batch, its);
        releaseUnlessKept(batch, its);
    }

    private void releaseUnlessKept(Batch batch, HeldInstance its) {
        if (!commit.keepLease()) {
            batch.lock(its.key);
            batch.release.add(its.key, 0L, true);
        }
    }

    private void update(Batch batch, HeldInstance its, Status status, long execution, long base) {
        TurnCommit.CustomStatus shown = commit.effects().customStatus();
        batch.instanceUpdates.add(
                its.key,
                status.label(),
                version(its),
                execution,
                base,
                null,
                shown != null,
                shown == null ? null : shown.value(),
                true);
        batch.moved(its.status, status);
    }

    @Override
    TurnReceipt committed(Batch batch) {
        HeldInstance its = held();
        Leases leases = batch.leases();
        its.use(commit.consumed().messages());
        consumed.forEach(leases::remove);
        its.definition =
                new OrchestrationItem.Definition(its.definition.orchestration(), version(its), its.definition.parent());
        its.problem = null;
        TurnCommit.CustomStatus shown = commit.effects().customStatus();
        if (shown != null) {
            its.showsCustomStatus = shown.value() != null;
        }
        deliveries.forEach(delivery -> delivery.committed(batch));
        TurnReceipt receipt = new TurnReceipt(List.of());
        switch (commit.transition()) {
            case Transition.Stay stay -> {
                its.status = Status.RUNNING;
                its.lastEventId += commit.events().size();
                receipt = leaseQueued(leases, its);
            }
            case Transition.ContinueAsNew next -> {
                its.status = Status.RUNNING;
                its.base = nextBase(its);
                its.execution++;
                its.lastEventId = 0;
                leases.removeWorkOf(its.key);
            }
            case Transition.Finish finish -> {
                its.status = finish.status();
                leases.removeWorkOf(its.key);
                batch.endedAt()
                        .flatMap(at -> its.ended(finish.output(), finish.failure(), at))
                        .ifPresentOrElse(leases.ends::tell, () -> leases.ends.giveUp(its.id));
            }
        }
        if (!commit.keepLease() || its.status.isTerminal()) {
            leases.remove(its);
        }
        return receipt;
    }

    /** The activities that this node has and that the turn cancels. */
    private List<HeldWork> cancelledHere(Leases leases, HeldInstance its) {
        return commit.effects().cancelledActivities().stream()
                .map(scheduled -> leases.work(its.key, its.position(scheduled)))
                .filter(Objects::nonNull)
                .toList();
    }

    private TurnReceipt leaseQueued(Leases leases, HeldInstance its) {
        cancelledHere(leases, its).forEach(leases::remove);
        return new TurnReceipt(scheduling.lease(leases, its));
    }

    @Override
    void forget(Leases leases) {
        if (held != null) {
            leases.remove(held);
        }
        consumed.forEach(leases::remove);
    }

    private long nextBase(HeldInstance its) {
        return its.position(its.lastEventId) + commit.events().size();
    }

    private String version(HeldInstance its) {
        String ran = commit.position().version();
        return ran.isEmpty() ? its.definition.version() : ran;
    }

    private HeldInstance held() {
        return Objects.requireNonNull(held, "not admitted");
    }
}
