package dev.rekindle.runtime;

import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.RekindleOptions;
import dev.rekindle.RetentionPolicy;
import dev.rekindle.RuntimeMetrics;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.management.Management;
import dev.rekindle.provider.EagerStartCapability;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node: dispatchers for both queues, the instances in memory, the activities that run. Thread-safe. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration HAND_BACK_TIME = Duration.ofSeconds(1);

    private final RuntimeParts parts;
    private final Alarms alarms;
    private final Residents residents;
    private final Optional<Meter> meter;
    private final InstanceRunner runner;
    private final Optional<EagerStarts> eagerStarts;
    private final OrchestrationDispatcher orchestrationDispatcher;
    private final Dispatcher orchestrationLoop;
    private final Dispatcher activityLoop;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A node that does nothing until it is started. */
    public Node(Provider provider, Registry registry, Codec codec, RekindleOptions options, InstantSource clock) {
        this.alarms = new Alarms();
        StorePatience patience = new StorePatience();
        NodeId node = new NodeId(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
        this.parts =
                new RuntimeParts(node, provider, registry, codec, options, clock, SystemTime.TICKER, alarms, patience);
        this.residents = new Residents(options.residentBytes());
        this.meter = provider.capability(AnalyticsCapability.class).map(store -> new Meter(parts, store));
        this.runner = new InstanceRunner(parts, residents, meter);
        this.eagerStarts = provider.capability(EagerStartCapability.class)
                .map(store -> new EagerStarts(parts, store, residents, runner));
        this.orchestrationDispatcher = new OrchestrationDispatcher(parts, runner);
        this.orchestrationLoop = new Dispatcher("rekindle-orchestrations", orchestrationDispatcher, patience);
        this.activityLoop =
                new Dispatcher("rekindle-activities", new ActivityDispatcher(parts, runner.attempts()), patience);
    }

    /** Takes work from now on. */
    public void start() {
        new TurnWatch(residents, parts.options().turnWarning(), parts.ticker()).start(alarms);
        meter.ifPresent(Meter::start);
        orchestrationLoop.start();
        activityLoop.start();
    }

    /**
     * Starts an instance; together with its first turn, where the store can do that and the code is here.
     *
     * @throws RekindleException as {@link Provider#enqueueOrchestratorWork} does
     */
    public void begin(WorkItem.StartOrchestration start) {
        if (!eagerStarts.map(eager -> eager.start(start)).orElse(false)) {
            parts.provider().enqueueOrchestratorWork(start, Duration.ZERO);
        }
    }

    /** Deletes instances whose time is over, from now on. */
    public void retain(Management management, List<RetentionPolicy> policies) {
        new Retention(parts, management, policies).start();
    }

    /** What this node has done since it was made. */
    public RuntimeMetrics metrics() {
        return new RuntimeMetrics(
                runner.turnCount(),
                runner.replayCount(),
                runner.attempts().endedCount(),
                residents.count(),
                residents.restingBytes(),
                residents.evictionCount());
    }

    /** Stops taking work, lets what is under way end, hands everything back. Repeating it does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        activityLoop.stop();
        orchestrationLoop.stop();
        runner.attempts().close();
        try {
            shutDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.patience().close();
            runner.attempts().handBack();
            residents.clear();
            alarms.close();
            try {
                meter.ifPresent(Meter::flush);
            } finally {
                handEverythingBack();
            }
        }
    }

    private void shutDown() throws InterruptedException {
        long deadline =
                parts.ticker().getAsLong() + parts.options().shutdownTimeout().toNanos();
        Attempts attempts = runner.attempts();
        activityLoop.join();
        orchestrationLoop.join();
        boolean drained = drainStarts(deadline)
                && orchestrationDispatcher.drain(untilOf(deadline))
                && attempts.await(untilOf(deadline));
        if (!drained) {
            LOG.warn(
                    "activities or turns did not end within {}: they are interrupted and run again elsewhere or later",
                    parts.options().shutdownTimeout());
            attempts.handBack();
            orchestrationDispatcher.drain(HAND_BACK_TIME);
        }
    }

    private boolean drainStarts(long deadline) throws InterruptedException {
        return eagerStarts.isEmpty() || eagerStarts.get().drain(untilOf(deadline));
    }

    private Duration untilOf(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - parts.ticker().getAsLong()));
    }

    private void handEverythingBack() {
        try {
            parts.provider().releaseNode(parts.node());
        } catch (RekindleException e) {
            if (e.code() != ErrorCode.CLOSED) {
                LOG.warn("leases could not be handed back, they end by themselves: {}", e.getMessage());
            }
        }
    }
}
