package dev.rekindle.runtime;

import dev.rekindle.provider.EagerStart;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.runtime.replay.Execution;
import dev.rekindle.runtime.replay.Identity;
import dev.rekindle.runtime.replay.OrchestrationCode;
import dev.rekindle.runtime.replay.TurnOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts instances whose code is here by running that code first: what it does until it waits is committed together with
 * the start. A turn does nothing but what its commit holds, so one that is given up has left no trace; the instance is
 * then started in the ordinary way, and takes the turn again.
 *
 * <p><b>Concurrency.</b> The code runs on a thread of its own, so that code which does not wait where it should holds up
 * its own instance and nobody who starts it. The same thread commits, unless the one who starts has lost patience before:
 * which of the two came first is decided once.
 */
final class EagerStarts {
    private static final Logger LOG = LoggerFactory.getLogger(EagerStarts.class);

    /** How long whoever starts waits for the code. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    /** After so many first turns in a row that came to nothing, an orchestration is not tried any more. */
    private static final int TRIES = 3;

    private final RuntimeParts parts;
    private final EagerStartCapability store;
    private final Residents residents;
    private final InstanceRunner runner;

    private final UnderWay underWay = new UnderWay();

    /** How many first turns of an orchestration came to nothing since one did not. */
    private final Map<OrchestrationCode<?, ?>, Integer> inVain = new ConcurrentHashMap<>();

    EagerStarts(RuntimeParts parts, EagerStartCapability store, Residents residents, InstanceRunner runner) {
        this.parts = parts;
        this.store = store;
        this.residents = residents;
        this.runner = runner;
    }

    /**
     * Starts an instance, if it can be done in this way.
     *
     * @return false when nothing has happened: it is to be started in the ordinary way
     * @throws dev.rekindle.RekindleException what the store says of the start
     */
    boolean start(WorkItem.StartOrchestration start) {
        OrchestrationCode<?, ?> code = parts.registry()
                .orchestration(start.orchestration(), start.version())
                .filter(its -> inVain.getOrDefault(its, 0) < TRIES)
                .orElse(null);
        if (code == null) {
            return false;
        }
        try {
            return underWay.enter()
                    && residents
                            .admit(start.instance())
                            .filter(resident -> begin(resident, code, start))
                            .isPresent();
        } finally {
            underWay.leave();
        }
    }

    /** Begins no more, and waits for what is under way. Returns whether all ended in time. */
    boolean drain(Duration timeout) throws InterruptedException {
        underWay.close();
        return underWay.await(timeout);
    }

    private boolean begin(Resident resident, OrchestrationCode<?, ?> code, WorkItem.StartOrchestration start) {
        Try its = new Try(resident, code, start);
        Thread.ofVirtual().name(start.instance()).start(its);
        return its.await();
    }

    /** One start, on a thread of its own, and whoever waits for it. */
    private final class Try implements Runnable {
        private final Resident resident;
        private final OrchestrationCode<?, ?> code;
        private final WorkItem.StartOrchestration start;
        private final CompletableFuture<Boolean> begun = new CompletableFuture<>();

        /** Set by whoever is first: the turn, which then commits, or the one who starts, who then has lost patience. */
        private final AtomicBoolean decided = new AtomicBoolean();

        Try(Resident resident, OrchestrationCode<?, ?> code, WorkItem.StartOrchestration start) {
            this.resident = resident;
            this.code = code;
            this.start = start;
        }

        /** What came to nothing is out of memory before anybody hears of it: the ordinary start begins anew. */
        @Override
        public void run() {
            try {
                boolean committed = commitFirstTurn();
                if (!committed) {
                    discard();
                }
                begun.complete(committed);
            } catch (RuntimeException | Error e) {
                discard();
                begun.completeExceptionally(e);
            }
        }

        private boolean commitFirstTurn() {
            try (Reservation slots = new Reservation(runner.attempts())) {
                Optional<Prepared> prepared = takeTurn().flatMap(turn -> prepare(turn, slots));
                if (!decided.compareAndSet(false, true)) {
                    return false;
                }
                wasInVain(prepared.isEmpty());
                return prepared.isPresent()
                        && runner.commitStart(
                                store,
                                resident,
                                prepared.get().start(),
                                prepared.get().turn(),
                                slots);
            }
        }

        private void discard() {
            residents.drop(resident);
            resident.settle();
        }

        private Optional<TurnOutcome.Committable> takeTurn() {
            Execution execution = new Execution(
                    new Identity(start.instance(), start.runId(), 1, start.parent()), code, parts.codec());
            resident.keep(execution);
            try {
                return runner.runCode(resident, execution, List.of(start)) instanceof TurnOutcome.Committable turn
                        ? Optional.of(turn)
                        : Optional.empty();
            } catch (RuntimeException | Error e) {
                LOG.debug("A first turn comes after the start", e);
                return Optional.empty();
            }
        }

        private Optional<Prepared> prepare(TurnOutcome.Committable turn, Reservation slots) {
            return turn.eagerStart(parts.node(), start, slots::add).map(eager -> new Prepared(turn, eager));
        }

        private void wasInVain(boolean cameToNothing) {
            if (cameToNothing) {
                inVain.merge(code, 1, Integer::sum);
            } else {
                inVain.remove(code);
            }
        }

        /** Waits for it. An interruption ends the patience with the code, but not with what is being committed. */
        boolean await() {
            boolean interrupted = false;
            try {
                begun.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("{}: not started by its first turn", start.instance(), e);
            }
            try {
                if (decided.compareAndSet(false, true)) {
                    wasInVain(true);
                    return false;
                }
                return begun.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException known ? known : e;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** A turn, and the start with which it goes. */
    private record Prepared(TurnOutcome.Committable turn, EagerStart start) {}
}
