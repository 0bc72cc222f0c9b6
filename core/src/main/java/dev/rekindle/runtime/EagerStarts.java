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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts instances whose code is here by running that code first: what it does until it waits is committed together with
 * the start. A turn does nothing but what its commit holds, so one that is given up has left no trace; the instance is
 * then started in the ordinary way, and takes the turn again.
 *
 * <p><b>Concurrency.</b> The code runs on a thread of its own, so that code which does not wait where it should holds up
 * its own instance and nobody who starts it. Only the thread that starts commits, so nothing is committed after it has
 * lost its patience.
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
        Identity identity = new Identity(start.instance(), start.runId(), 1, start.parent());
        Execution execution = new Execution(identity, code, parts.codec());
        resident.keep(execution);
        CompletableFuture<TurnOutcome> turn = new CompletableFuture<>();
        Thread.ofVirtual().name(start.instance()).start(() -> {
            try {
                turn.complete(runner.runCode(resident, execution, List.of(start)));
            } catch (RuntimeException | Error e) {
                turn.completeExceptionally(e);
            }
        });
        boolean begun = false;
        try (Reservation slots = new Reservation(runner.attempts())) {
            Optional<Prepared> prepared = outcome(turn).flatMap(its -> prepare(its, start, slots));
            if (prepared.isPresent()) {
                inVain.remove(code);
                Prepared its = prepared.get();
                begun = runner.commitStart(store, resident, its.start(), its.turn(), slots);
            } else {
                inVain.merge(code, 1, Integer::sum);
            }
        } finally {
            if (!begun) {
                var unused = turn.whenComplete((outcome, trouble) -> discard(resident));
            }
        }
        return begun;
    }

    private static Optional<TurnOutcome.Committable> outcome(CompletableFuture<TurnOutcome> turn) {
        try {
            return turn.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS) instanceof TurnOutcome.Committable committable
                    ? Optional.of(committable)
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("A first turn comes after the start", e);
        }
        return Optional.empty();
    }

    /** A turn, and the start with which it goes. */
    private record Prepared(TurnOutcome.Committable turn, EagerStart start) {}

    private Optional<Prepared> prepare(
            TurnOutcome.Committable turn, WorkItem.StartOrchestration start, Reservation slots) {
        return turn.eagerStart(parts.node(), start, slots::add).map(eager -> new Prepared(turn, eager));
    }

    private void discard(Resident resident) {
        residents.drop(resident);
        resident.settle();
    }
}
