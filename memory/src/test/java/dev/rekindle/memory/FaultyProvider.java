package dev.rekindle.memory;

import dev.rekindle.RekindleException;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Capability;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A provider that does one thing wrong, to see whether the contract notices. */
final class FaultyProvider extends ForwardingProvider {
    private final Fault fault;
    private final Map<String, OrchestrationItem> fetched = new ConcurrentHashMap<>();
    private final Map<List<Object>, WorkLease> works = new ConcurrentHashMap<>();
    private final Set<Long> consumed = ConcurrentHashMap.newKeySet();
    private final List<InstanceLease> late = new ArrayList<>();
    private @Nullable TurnCommit pending;
    private @Nullable FaultyManagement management;

    FaultyProvider(Provider inner, Fault fault) {
        super(inner);
        this.fault = fault;
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) {
        Optional<C> its = inner.capability(type);
        if (type == EagerStartCapability.class && fault == Fault.START_EAGERLY_TWICE) {
            return its.map(sound -> type.cast(tellingOfSuccess((EagerStartCapability) sound)));
        }
        if (type != ManagementCapability.class || its.isEmpty()) {
            return its;
        }
        if (management == null) {
            management = new FaultyManagement((ManagementCapability) its.get(), fault);
        }
        return Optional.of(type.cast(management.proxy()));
    }

    private static EagerStartCapability tellingOfSuccess(EagerStartCapability sound) {
        return start -> {
            try {
                return sound.startEagerly(start);
            } catch (RekindleException e) {
                return Optional.of(new EagerStart.Receipt(null, List.of()));
            }
        };
    }

    // ---- instances

    @Override
    public List<OrchestrationItem> fetchOrchestrationItem(FetchRequest request) throws InterruptedException {
        commitPending();
        List<OrchestrationItem> items = inner.fetchOrchestrationItem(request);
        late.forEach(lease -> inner.abandonOrchestrationItem(lease, Abandonment.QUIET));
        late.clear();
        if (fault == Fault.LEASE_TWICE && items.isEmpty()) {
            List<OrchestrationItem> again = fetched.values().stream().limit(1).toList();
            fetched.clear();
            return again;
        }
        items.forEach(item -> fetched.put(item.lease().instance(), item));
        return items.stream().map(this::distorted).toList();
    }

    private OrchestrationItem distorted(OrchestrationItem item) {
        return switch (fault) {
            case REORDER_MESSAGES ->
                new OrchestrationItem(
                        item.lease(),
                        item.start(),
                        item.executionId(),
                        item.lastEventId(),
                        item.nodeDeaths(),
                        item.messages().reversed());
            case FORGET_DEATHS ->
                new OrchestrationItem(
                        item.lease(), item.start(), item.executionId(), item.lastEventId(), 0, item.messages());
            default -> item;
        };
    }

    @Override
    public TurnReceipt ackOrchestrationItem(TurnCommit commit) {
        commitPending();
        boolean leases = commit.effects().activities().stream().anyMatch(TurnCommit.NewActivity::leaseToCaller);
        if (fault == Fault.ACK_BEFORE_COMMIT && !leases) {
            pending = commit;
            return new TurnReceipt(List.of());
        }
        if (fault == Fault.SEND_BEFORE_COMMIT) {
            commit.effects().messages().forEach(this::sendAnyway);
        }
        TurnReceipt receipt = inner.ackOrchestrationItem(distorted(commit));
        if (fault == Fault.REPEAT_COMMIT) {
            commit.effects().messages().forEach(this::sendAnyway);
        }
        if (fault == Fault.RELEASE_LEASE_LATE && !commit.keepLease()) {
            late.add(commit.lease());
        }
        consumed.addAll(commit.consumed().messages());
        if (management != null) {
            management.committed(commit.lease().instance());
        }
        receipt.leased().forEach(this::remember);
        return receipt;
    }

    private TurnCommit distorted(TurnCommit commit) {
        TurnCommit.Effects effects = commit.effects();
        OrchestrationItem held = fetched.get(commit.lease().instance());
        return switch (fault) {
            case SKIP_TOKEN_CHECK -> with(commit, held == null ? commit.lease() : held.lease(), commit.keepLease());
            case RELEASE_LEASE_LATE -> with(commit, commit.lease(), true);
            case DROP_MESSAGE_AT_CONTINUE_AS_NEW ->
                held != null && commit.transition() instanceof TurnCommit.Transition.ContinueAsNew
                        ? with(
                                commit,
                                new TurnCommit.Consumed(
                                        held.messages().stream()
                                                .map(OrchestrationItem.Message::id)
                                                .filter(id -> !consumed.contains(id))
                                                .toList(),
                                        commit.consumed().work()))
                        : commit;
            case CONSUME_STALE_WORK ->
                with(
                        commit,
                        new TurnCommit.Consumed(
                                commit.consumed().messages(),
                                commit.consumed().work().stream()
                                        .filter(lease -> inner.renewWorker(lease, null))
                                        .toList()));
            case SEND_BEFORE_COMMIT -> with(commit, effects(effects, effects.timers(), List.of(), true));
            case FORGET_CANCEL -> with(commit, effects(effects, effects.timers(), effects.messages(), false));
            case FORGET_DEAD_LETTERS ->
                with(
                        commit,
                        effects(
                                effects,
                                effects.timers(),
                                effects.messages().stream()
                                        .filter(this::hasTaker)
                                        .toList(),
                                true));
            case FIRE_TIMERS_EARLY ->
                with(
                        commit,
                        effects(
                                effects,
                                effects.timers().stream()
                                        .map(timer -> new TurnCommit.Timer(
                                                timer.scheduledId(),
                                                timer.dueAt().truncatedTo(ChronoUnit.MILLIS)))
                                        .toList(),
                                effects.messages(),
                                true));
            default -> commit;
        };
    }

    private static TurnCommit.Effects effects(
            TurnCommit.Effects effects,
            List<TurnCommit.Timer> timers,
            List<WorkItem.OrchestratorWork> messages,
            boolean cancels) {
        return new TurnCommit.Effects(
                effects.activities(),
                cancels ? effects.cancelledActivities() : List.of(),
                timers,
                cancels ? effects.cancelledTimers() : List.of(),
                messages,
                effects.deadLetters(),
                effects.customStatus());
    }

    private static TurnCommit with(TurnCommit commit, TurnCommit.Effects effects) {
        return new TurnCommit(
                commit.lease(),
                commit.position(),
                commit.consumed(),
                commit.events(),
                effects,
                commit.transition(),
                commit.keepLease());
    }

    private static TurnCommit with(TurnCommit commit, TurnCommit.Consumed consumed) {
        return new TurnCommit(
                commit.lease(),
                commit.position(),
                consumed,
                commit.events(),
                commit.effects(),
                commit.transition(),
                commit.keepLease());
    }

    private static TurnCommit with(TurnCommit commit, InstanceLease lease, boolean keep) {
        return new TurnCommit(
                lease,
                commit.position(),
                commit.consumed(),
                commit.events(),
                commit.effects(),
                commit.transition(),
                keep);
    }

    private boolean hasTaker(WorkItem.OrchestratorWork work) {
        return work instanceof WorkItem.StartOrchestration
                || inner.findInstance(work.instance())
                        .filter(found -> !found.status().isTerminal())
                        .isPresent();
    }

    private void sendAnyway(WorkItem.OrchestratorWork work) {
        try {
            inner.enqueueOrchestratorWork(work, Duration.ZERO);
        } catch (RekindleException e) {
            // Nobody takes it: only what arrives twice, or too early, is of interest.
        }
    }

    private void commitPending() {
        TurnCommit commit = pending;
        pending = null;
        if (commit != null) {
            try {
                inner.ackOrchestrationItem(commit);
            } catch (RekindleException e) {
                // Its caller was told of success long ago.
            }
        }
    }

    @Override
    public void enqueueOrchestratorWork(WorkItem.OrchestratorWork work, Duration delay) {
        commitPending();
        WorkItem.OrchestratorWork sent = fault == Fault.IGNORE_RUN && work instanceof WorkItem.RaiseEvent event
                ? new WorkItem.RaiseEvent(event.instance(), null, event.channel(), event.payload())
                : work;
        inner.enqueueOrchestratorWork(sent, fault == Fault.IGNORE_DELAY ? Duration.ZERO : delay);
    }

    // ---- activities

    @Override
    public List<LeasedWork> dequeueWorkerPeekLock(FetchRequest request) throws InterruptedException {
        commitPending();
        List<LeasedWork> leased = inner.dequeueWorkerPeekLock(request);
        leased.forEach(work -> remember(work.lease()));
        return fault == Fault.FORGET_DEATHS
                ? leased.stream()
                        .map(work -> new LeasedWork(
                                work.lease(), work.work(), work.attempt(), 0, work.lastFailure(), work.heartbeat()))
                        .toList()
                : leased;
    }

    private void remember(WorkLease lease) {
        works.put(List.of(lease.instance(), lease.scheduledId()), lease);
    }

    @Override
    public void ackWorker(WorkLease lease, WorkItem.CompletionWork completion) {
        commitPending();
        WorkLease present = works.getOrDefault(List.of(lease.instance(), lease.scheduledId()), lease);
        inner.ackWorker(fault == Fault.SKIP_TOKEN_CHECK ? present : lease, completion);
    }

    @Override
    public void abandonWorker(WorkLease lease, WorkAbandonment why) {
        commitPending();
        inner.abandonWorker(
                lease,
                fault == Fault.FORGET_ATTEMPTS ? new WorkAbandonment(why.delay(), null, false, why.heartbeat()) : why);
    }
}
