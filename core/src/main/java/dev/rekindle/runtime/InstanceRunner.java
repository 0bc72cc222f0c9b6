package dev.rekindle.runtime;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.TurnCommit;
import dev.rekindle.provider.TurnReceipt;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import dev.rekindle.runtime.replay.Execution;
import dev.rekindle.runtime.replay.Identity;
import dev.rekindle.runtime.replay.OrchestrationCode;
import dev.rekindle.runtime.replay.Turn;
import dev.rekindle.runtime.replay.TurnOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the turns of instances: brings messages and code together, commits what comes of it, and sees to what the commit
 * causes here.
 *
 * <p><b>Crash.</b> Whatever is lost with the process was either committed, or its messages come again. <b>Leases.</b> A
 * commit that finds its lease lost ends the resident; the completions that it had taken go through the store.
 */
final class InstanceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceRunner.class);

    private final RuntimeParts parts;
    private final Provider provider;
    private final Residents residents;
    private final Attempts attempts;
    private final Pace pace;
    private final LeaseWatch leaseWatch;
    private final Optional<Meter> meter;
    private final LongAdder turns = new LongAdder();
    private final LongAdder replays = new LongAdder();

    InstanceRunner(RuntimeParts parts, Residents residents, Optional<Meter> meter) {
        this.parts = parts;
        this.meter = meter;
        this.provider = parts.provider();
        this.residents = residents;
        this.attempts = new Attempts(parts, this::complete);
        this.pace = new Pace(parts.options().quietTime());
        this.leaseWatch = new LeaseWatch(parts, pace, this::coolDown);
    }

    Attempts attempts() {
        return attempts;
    }

    long turnCount() {
        return turns.sum();
    }

    long replayCount() {
        return replays.sum();
    }

    /** Runs an instance that was fetched, until it rests. */
    void run(OrchestrationItem item) {
        Resident resident = residents.wake(item.lease().instance());
        resident.begin(item.lease(), parts.ticker().getAsLong());
        try {
            if (takeFirstTurn(resident, item)) {
                goOn(resident);
            }
        } catch (RuntimeException | Error e) {
            giveUp(resident, item.lease(), e);
        }
    }

    /** Takes the completion of an activity of this node, if its instance is hot; runs the instance then. */
    private boolean complete(WorkLease lease, WorkItem.CompletionWork completion) {
        Resident resident = residents.find(lease.instance()).orElse(null);
        if (resident == null) {
            return false;
        }
        return switch (resident.offer(new Resident.HotCompletion(lease, completion))) {
            case REFUSED -> false;
            case TAKEN -> true;
            case TAKEN_AND_YOU_RUN -> {
                runHot(resident);
                yield true;
            }
        };
    }

    private void runHot(Resident resident) {
        InstanceLease lease = resident.requireLease();
        try {
            goOn(resident);
        } catch (RuntimeException | Error e) {
            giveUp(resident, lease, e);
        }
    }

    /** Takes turns with what came in, until nothing has. */
    private void goOn(Resident resident) {
        while (true) {
            List<Resident.HotCompletion> inbox = resident.takeInbox();
            if (!inbox.isEmpty()) {
                if (!takeHotTurn(resident, inbox)) {
                    return;
                }
                continue;
            }
            switch (resident.rest(parts.ticker().getAsLong())) {
                case NOT_YET -> {}
                case HOT_UNWATCHED -> {
                    leaseWatch.watch(resident);
                    return;
                }
                case HOT, COLD -> {
                    return;
                }
            }
        }
    }

    // ---- turns. Each returns whether the lease is still held, so that the runner goes on.

    private boolean takeFirstTurn(Resident resident, OrchestrationItem item) {
        List<WorkItem.OrchestratorWork> messages =
                item.messages().stream().map(OrchestrationItem.Message::work).toList();
        List<Long> ids =
                item.messages().stream().map(OrchestrationItem.Message::id).toList();
        Optional<WorkItem.TerminateInstance> terminate = messages.stream()
                .filter(WorkItem.TerminateInstance.class::isInstance)
                .map(WorkItem.TerminateInstance.class::cast)
                .findFirst();
        TurnCommit.Consumed consumed = new TurnCommit.Consumed(ids, List.of());
        if (terminate.isPresent()) {
            return commit(
                    resident, item.start().orchestration(), terminated(item, messages, terminate.get()), consumed);
        }
        if (item.nodeDeaths() > Limits.MAX_NODE_DEATHS) {
            abandon(
                    resident,
                    Abandonment.stuck(
                            parts.options().retryDelay(),
                            ErrorCode.WORK_QUARANTINED
                                    + " instance held back: '%s'; expected its node to live, found that %d died while they ran it. Look at their logs and remove what killed them, then resume it, which counts anew; or terminate it."
                                            .formatted(resident.instance(), item.nodeDeaths())));
            return false;
        }
        Execution execution = resident.executionAt(item).orElse(null);
        if (execution == null) {
            execution = bringBack(resident, item).orElse(null);
        }
        return execution != null && takeTurn(resident, execution, messages, consumed) == Turned.HELD;
    }

    private boolean takeHotTurn(Resident resident, List<Resident.HotCompletion> inbox) {
        List<WorkItem.OrchestratorWork> messages = new ArrayList<>(inbox.size());
        List<WorkLease> work = new ArrayList<>(inbox.size());
        for (Resident.HotCompletion completion : inbox) {
            messages.add(completion.work());
            work.add(completion.lease());
        }
        Execution execution = resident.execution();
        if (execution == null) {
            throw new IllegalStateException("hot without code in memory: '" + resident.instance() + "'");
        }
        Turned turned = Turned.NOT_COMMITTED;
        try {
            turned = takeTurn(resident, execution, messages, new TurnCommit.Consumed(List.of(), work));
        } finally {
            if (turned == Turned.NOT_COMMITTED) {
                inbox.forEach(this::completeThroughStore);
            }
        }
        return turned == Turned.HELD;
    }

    /** What became of a turn. */
    private enum Turned {
        /** Committed, and the lease is still held. */
        HELD,
        /** Committed, and the lease ended. */
        RELEASED,
        /** Not committed, and the lease ended. */
        NOT_COMMITTED
    }

    private Turned takeTurn(
            Resident resident,
            Execution execution,
            List<WorkItem.OrchestratorWork> messages,
            TurnCommit.Consumed consumed) {
        return switch (runCode(resident, execution, messages)) {
            case TurnOutcome.Committable committable ->
                commit(resident, execution.code().definition().name(), committable, consumed)
                        ? Turned.HELD
                        : Turned.RELEASED;
            case TurnOutcome.Stuck stuck -> {
                stuck(resident, stuck.problem());
                yield Turned.NOT_COMMITTED;
            }
        };
    }

    /** Takes a turn, and commits nothing of it. */
    TurnOutcome runCode(Resident resident, Execution execution, List<WorkItem.OrchestratorWork> messages) {
        resident.turnBegins(parts.ticker().getAsLong(), execution);
        try {
            return Turn.take(execution, messages, parts.clock().instant());
        } finally {
            resident.turnEnds();
        }
    }

    private boolean commit(
            Resident resident, String orchestration, TurnOutcome.Committable turn, TurnCommit.Consumed consumed) {
        InstanceLease lease = resident.requireLease();
        long begin = parts.ticker().getAsLong();
        try (Reservation slots = new Reservation(attempts)) {
            TurnCommit commit =
                    turn.commit(lease, consumed, slots::add, resident.stayHot(begin, pace.longestHeatNanos()));
            if (!commit.keepLease()) {
                resident.unsettle();
            }
            TurnReceipt receipt = parts.patience().persist(() -> provider.ackOrchestrationItem(commit));
            committed(orchestration, turn, begin);
            long executionId = turn.position().executionId();
            commit.effects().cancelledActivities().forEach(id -> attempts.cancel(lease.runId(), executionId, id));
            turn.unwantedActivities().forEach(id -> attempts.cancel(lease.runId(), executionId, id));
            if (commit.keepLease()) {
                resident.expect(slots.count());
            } else {
                letGo(resident, turn.stays());
            }
            startLeased(slots, commit.effects().activities(), receipt.leased());
            return commit.keepLease();
        }
    }

    /**
     * Commits a start together with its first turn, and begins what comes of it.
     *
     * @param turn the turn that the start holds
     * @param slots for the activities that the start leases to this node
     * @return false when the store runs nothing here at the moment; nothing has happened then
     * @throws RekindleException what the store says; nothing has happened then
     */
    boolean commitStart(
            EagerStartCapability store,
            Resident resident,
            EagerStart start,
            TurnOutcome.Committable turn,
            Reservation slots) {
        long begin = parts.ticker().getAsLong();
        Optional<EagerStart.Receipt> receipt = store.startEagerly(start);
        receipt.ifPresent(its -> {
            committed(start.start().orchestration(), turn, begin);
            InstanceLease lease = its.lease();
            if (lease == null) {
                letGo(resident, true);
            } else {
                resident.beginHot(lease, slots.count(), parts.ticker().getAsLong());
                resident.settle();
                leaseWatch.watch(resident);
            }
            startLeased(slots, start.scheduled().activities(), its.leased());
        });
        return receipt.isPresent();
    }

    private void committed(String orchestration, TurnOutcome.Committable turn, long begin) {
        pace.committed(parts.ticker().getAsLong() - begin);
        turns.increment();
        meter.ifPresent(its -> its.record(orchestration, turn.observations()));
    }

    private static void startLeased(
            Reservation slots, List<TurnCommit.NewActivity> activities, List<WorkLease> leased) {
        Iterator<WorkLease> leases = leased.iterator();
        for (TurnCommit.NewActivity activity : activities) {
            if (activity.leaseToCaller()) {
                slots.start(new LeasedWork(leases.next(), activity.work(), 1, 0, null, null));
            }
        }
    }

    // ---- bringing code into memory and letting go of it

    /** Replays the instance, or gives its lease back where it can't be run here. */
    private Optional<Execution> bringBack(Resident resident, OrchestrationItem item) {
        resident.evict();
        OrchestrationItem.Definition wanted = definitionOf(item);
        OrchestrationCode<?, ?> code = parts.registry()
                .orchestration(wanted.orchestration(), wanted.version())
                .orElse(null);
        if (code == null) {
            waitForCode(resident, wanted);
            return Optional.empty();
        }
        Execution execution = new Execution(identityOf(item), code, parts.codec());
        resident.keep(execution);
        if (item.lastEventId() > 0) {
            replays.increment();
            resident.turnBegins(parts.ticker().getAsLong(), execution);
            Optional<String> problem;
            try {
                problem = replay(execution, item);
            } finally {
                resident.turnEnds();
            }
            if (problem.isPresent()) {
                stuck(resident, problem.get());
                return Optional.empty();
            }
        }
        return Optional.of(execution);
    }

    private Optional<String> replay(Execution execution, OrchestrationItem item) {
        List<Event> history = historyOf(item);
        return item.messages().stream()
                .map(OrchestrationItem.Message::work)
                .filter(WorkItem.ReopenInstance.class::isInstance)
                .map(WorkItem.ReopenInstance.class::cast)
                .findFirst()
                .map(reopen -> execution.replayBefore(reopen.voidFrom(), history))
                .orElseGet(() -> execution.replay(history));
    }

    /** What is recorded of the instance; for a new execution, what the one before asked for. */
    private static OrchestrationItem.Definition definitionOf(OrchestrationItem item) {
        return item.messages().stream()
                .map(OrchestrationItem.Message::work)
                .filter(WorkItem.ContinueAsNew.class::isInstance)
                .map(WorkItem.ContinueAsNew.class::cast)
                .map(next -> new OrchestrationItem.Definition(next.orchestration(), next.version(), next.parent()))
                .findFirst()
                .orElse(item.start());
    }

    private TurnOutcome.Committable terminated(
            OrchestrationItem item, List<WorkItem.OrchestratorWork> messages, WorkItem.TerminateInstance terminate) {
        return Turn.terminate(
                identityOf(item),
                item.start().version(),
                historyOf(item),
                messages,
                terminate.reason(),
                parts.clock().instant());
    }

    private List<Event> historyOf(OrchestrationItem item) {
        return item.lastEventId() == 0
                ? List.of()
                : parts.patience()
                        .persist(() -> provider.readWithExecution(item.lease().instance(), item.executionId()));
    }

    private static Identity identityOf(OrchestrationItem item) {
        return new Identity(
                item.lease().instance(),
                item.lease().runId(),
                item.executionId(),
                item.start().parent());
    }

    private void waitForCode(Resident resident, OrchestrationItem.Definition wanted) {
        String problem = ErrorCode.ORCHESTRATION_NOT_REGISTERED
                + " no code for an orchestration: '%s%s'; expected it to be registered on some node, found %s. It waits for a node that has it."
                        .formatted(
                                wanted.orchestration(),
                                wanted.version().isEmpty() ? "" : " " + wanted.version(),
                                parts.registry().orchestrationNames());
        LOG.warn("{}: {}", resident.instance(), problem);
        abandon(resident, Abandonment.waiting(parts.options().retryDelay(), problem));
    }

    private void stuck(Resident resident, String problem) {
        LOG.error("{}: {}", resident.instance(), problem);
        abandon(resident, Abandonment.stuck(parts.options().retryDelay(), problem));
    }

    /** Gives the lease back without a commit, and the code out of memory. */
    private void abandon(Resident resident, Abandonment why) {
        InstanceLease lease = resident.requireLease();
        letGo(resident, false);
        giveBack(lease, why);
    }

    /** Gives a lease back that has been quiet for long enough. */
    private void coolDown(Resident resident, InstanceLease lease) {
        letGo(resident, true);
        giveBack(lease, Abandonment.QUIET);
    }

    /** Ends a run that an error has broken off; the messages come again. */
    private void giveUp(Resident resident, InstanceLease lease, Throwable e) {
        letGo(resident, false);
        ErrorCode code = e instanceof RekindleException known ? known.code() : null;
        if (code == ErrorCode.CLOSED || parts.patience().isClosing()) {
            LOG.debug("{}: left to its next owner", resident.instance(), e);
            return;
        }
        if (code == ErrorCode.LEASE_LOST) {
            // It may have been the lease of an activity: then that of the instance is still held.
            LOG.debug("{}: a turn came too late", resident.instance(), e);
            giveBack(lease, Abandonment.QUIET);
            return;
        }
        Duration delay = parts.options().retryDelay();
        LOG.error("{}: a turn broke off, it is tried again in {}", resident.instance(), delay, e);
        String problem = code == null ? Failure.of(e).toString() : String.valueOf(e.getMessage());
        giveBack(
                lease,
                code == ErrorCode.HISTORY_UNREADABLE
                        ? Abandonment.stuck(delay, problem)
                        : Abandonment.waiting(delay, problem));
    }

    /**
     * Ends the time of a resident with its lease. The runner is done with it then: somebody else may have it at once.
     *
     * @param keepCode whether the code stays in memory, if there is room
     */
    private void letGo(Resident resident, boolean keepCode) {
        List<Resident.HotCompletion> stranded = resident.loseLease();
        Execution execution = resident.execution();
        if (keepCode && execution != null && !parts.patience().isClosing()) {
            residents.rest(resident, execution.bytes());
        } else {
            residents.drop(resident);
        }
        resident.settle();
        stranded.forEach(this::completeThroughStore);
    }

    /** Gives a lease back without a commit; never throws, there is nobody to tell. */
    private void giveBack(InstanceLease lease, Abandonment why) {
        try {
            parts.patience().persist(() -> provider.abandonOrchestrationItem(lease, why));
        } catch (RekindleException e) {
            LOG.debug("{}: its lease was gone before it was given back", lease.instance(), e);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: it stays leased until this node ends", lease.instance(), e);
        }
    }

    private void completeThroughStore(Resident.HotCompletion completion) {
        attempts.completeThroughStore(completion.lease(), completion.work());
    }
}
