package dev.rekindle.runtime;

import dev.rekindle.ActivityOptions;
import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.Provider;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.provider.WorkLease;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The activities that run on this node: as many at once as there are slots, each attempt on a virtual thread.
 *
 * <p>Work comes from the queue or straight from a committed turn; a completion goes straight to the instance where that
 * is hot here, and otherwise through the store.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** Takes a completion straight to the instance. */
    @FunctionalInterface
    interface HotPath {
        /** Whether the instance has taken it. */
        boolean complete(WorkLease lease, WorkItem.CompletionWork completion);
    }

    /** Names one activity of one execution. */
    private record Key(String runId, long executionId, long scheduledId) {}

    private final Provider provider;
    private final Registry registry;
    private final Codec codec;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Alarms alarms;
    private final StorePatience patience;
    private final HotPath hotPath;
    private final Duration retryDelay;
    private final Semaphore slots;

    /** One permit for each attempt from its start until its end has been seen to, the turn that follows included. */
    private final Semaphore underWay = new Semaphore(Integer.MAX_VALUE);

    private final Map<Key, Attempt> running = new ConcurrentHashMap<>();
    private final Set<String> reportedMissing = ConcurrentHashMap.newKeySet();
    private final LongAdder ended = new LongAdder();
    private volatile boolean closed;

    Attempts(RuntimeParts parts, HotPath hotPath) {
        this.provider = parts.provider();
        this.registry = parts.registry();
        this.codec = parts.codec();
        this.clock = parts.clock();
        this.ticker = parts.ticker();
        this.alarms = parts.alarms();
        this.patience = parts.patience();
        this.hotPath = hotPath;
        this.retryDelay = parts.options().retryDelay();
        this.slots = new Semaphore(parts.options().maxConcurrentActivities());
    }

    Semaphore slots() {
        return slots;
    }

    Alarms alarms() {
        return alarms;
    }

    long endedCount() {
        return ended.sum();
    }

    /** Takes a slot for work that a turn schedules, if this node can run it now. */
    boolean reserve(WorkItem.ActivityExecute work) {
        return !closed && registry.activity(work.activity()).isPresent() && slots.tryAcquire();
    }

    /** Runs leased work. The caller has taken a slot for it. */
    void start(LeasedWork leased) {
        ActivityCode<?, ?> code = registry.activity(leased.work().activity()).orElse(null);
        if (code == null) {
            slots.release();
            waitForCode(leased);
        } else if (leased.nodeDeaths() > Limits.MAX_NODE_DEATHS) {
            slots.release();
            Thread.ofVirtual().name("rekindle-quarantine").start(() -> quarantine(leased));
        } else {
            Attempt attempt = new Attempt(leased, code, codec, this, clock, ticker);
            running.put(key(leased.lease()), attempt);
            underWay.acquireUninterruptibly();
            Thread.ofVirtual().name(leased.work().activity()).start(attempt);
        }
    }

    /** Ends the attempt of an activity that nobody waits for any more, if it runs here. */
    void cancel(String runId, long executionId, long scheduledId) {
        Attempt attempt = running.get(new Key(runId, executionId, scheduledId));
        if (attempt != null) {
            attempt.end(new Attempt.End.Unwanted());
        }
    }

    /** Stores the attempt's heartbeat. Returns whether the activity is still wanted. */
    boolean storeHeartbeat(Attempt attempt) {
        try {
            return provider.renewWorker(attempt.leased().lease(), attempt.heartbeat());
        } catch (RekindleException e) {
            if (StorePatience.isPassing(e)) {
                return true;
            }
            throw e;
        }
    }

    /** Says how an attempt ended. Called once for each. */
    void ended(Attempt attempt, Attempt.End how) {
        WorkLease lease = attempt.leased().lease();
        running.remove(key(lease), attempt);
        slots.release();
        ended.increment();
        try {
            switch (how) {
                case Attempt.End.Returned returned -> complete(lease, completed(attempt, returned.output()));
                case Attempt.End.Failed failed -> retryOrFail(attempt, failed.failure());
                case Attempt.End.Unwanted unwanted -> {}
                case Attempt.End.HandedBack handedBack ->
                    provider.abandonWorker(lease, WorkAbandonment.handBack(attempt.heartbeat()));
            }
        } catch (RekindleException e) {
            if (e.code() != ErrorCode.LEASE_LOST && !patience.isClosing()) {
                throw e;
            }
            LOG.debug(
                    "{}: the result of '{}' came too late",
                    lease.instance(),
                    attempt.leased().work().activity(),
                    e);
        } finally {
            underWay.release();
        }
    }

    /** Takes no more work, and waits for what runs. Returns whether all ended in time. */
    boolean drain(Duration timeout) throws InterruptedException {
        closed = true;
        return underWay.tryAcquire(Integer.MAX_VALUE, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Hands back all that still runs. */
    void handBack() {
        running.values().forEach(attempt -> attempt.end(new Attempt.End.HandedBack()));
    }

    private void retryOrFail(Attempt attempt, Failure failure) {
        LeasedWork leased = attempt.leased();
        ActivityOptions options = leased.work().options();
        Duration wait = options.waitAfter(leased.attempt());
        if (failure.retryable() && leased.attempt() < options.maxAttempts() && isTimeFor(wait, leased)) {
            patience.persist(() ->
                    provider.abandonWorker(leased.lease(), WorkAbandonment.retry(wait, failure, attempt.heartbeat())));
        } else {
            complete(leased.lease(), failed(leased.lease(), failure, attempt.info()));
        }
    }

    private boolean isTimeFor(Duration wait, LeasedWork leased) {
        Duration total = leased.work().options().totalTimeout();
        return total == null
                || clock.instant()
                        .plus(wait)
                        .isBefore(leased.work().scheduledAt().plus(total));
    }

    private void complete(WorkLease lease, WorkItem.CompletionWork completion) {
        if (!hotPath.complete(lease, completion)) {
            patience.persist(() -> provider.ackWorker(lease, completion));
        }
    }

    private void waitForCode(LeasedWork leased) {
        String name = leased.work().activity();
        if (reportedMissing.add(name)) {
            LOG.warn(
                    "{} no code for an activity: '{}' of '{}'; expected it to be registered on some node. It waits,"
                            + " and is offered again every {}.",
                    ErrorCode.ACTIVITY_NOT_REGISTERED,
                    name,
                    leased.work().instance(),
                    retryDelay);
        }
        Failure why = Failure.of(
                ErrorCode.ACTIVITY_NOT_REGISTERED,
                "no node that was asked has code for activity '%s'".formatted(name),
                true);
        patience.persist(() -> provider.abandonWorker(leased.lease(), WorkAbandonment.waiting(retryDelay, why)));
    }

    /** Runs on a thread of its own, as a completion may go on to run its instance. */
    private void quarantine(LeasedWork leased) {
        String text =
                "activity '%s' was running each time when its node died: %d times; expected at most %d. It is not tried again."
                        .formatted(leased.work().activity(), leased.nodeDeaths(), Limits.MAX_NODE_DEATHS);
        LOG.error("{}: {} {}", leased.work().instance(), ErrorCode.WORK_QUARANTINED, text);
        try {
            complete(leased.lease(), failed(leased.lease(), Failure.of(ErrorCode.WORK_QUARANTINED, text, false), null));
        } catch (RekindleException e) {
            LOG.debug("{}: it was cancelled or closed meanwhile", leased.work().instance(), e);
        }
    }

    private static WorkItem.CompletionWork completed(Attempt attempt, String output) {
        WorkLease lease = attempt.leased().lease();
        return new WorkItem.ActivityCompleted(
                lease.instance(), lease.runId(), lease.executionId(), lease.scheduledId(), output, attempt.info());
    }

    private static WorkItem.CompletionWork failed(WorkLease lease, Failure failure, @Nullable AttemptInfo attempt) {
        return new WorkItem.ActivityFailed(
                lease.instance(), lease.runId(), lease.executionId(), lease.scheduledId(), failure, attempt);
    }

    private static Key key(WorkLease lease) {
        return new Key(lease.runId(), lease.executionId(), lease.scheduledId());
    }
}
