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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

    /** What has been leased, until its end has been seen to, the turn that follows included. */
    private final UnderWay underWay = new UnderWay();

    private final Map<Key, Attempt> running = new ConcurrentHashMap<>();
    private final Set<String> reportedMissing = ConcurrentHashMap.newKeySet();
    private final LongAdder ended = new LongAdder();

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

    /** Whether this node has the code for work, and still begins any. */
    boolean canRun(WorkItem.ActivityExecute work) {
        return !underWay.isClosed() && registry.activity(work.activity()).isPresent();
    }

    /** Runs leased work. The caller has taken a slot for it. */
    void start(LeasedWork leased) {
        ActivityCode<?, ?> code = registry.activity(leased.work().activity()).orElse(null);
        Duration left = left(leased);
        if (left != null && !left.isPositive()) {
            seeTo(leased, () -> timeOut(leased));
        } else if (code == null) {
            seeTo(leased, () -> waitForCode(leased, left));
        } else if (leased.nodeDeaths() > Limits.MAX_NODE_DEATHS) {
            seeTo(leased, () -> quarantine(leased));
        } else {
            run(new Attempt(leased, code, codec, this, clock, ticker));
        }
    }

    private void run(Attempt attempt) {
        running.put(key(attempt.leased().lease()), attempt);
        if (underWay.enter()) {
            Thread.ofVirtual().name(attempt.leased().work().activity()).start(attempt);
        } else {
            attempt.end(new Attempt.End.HandedBack());
        }
    }

    /**
     * Sees to work that is not run. That has a thread of its own, as a store that is away is waited for, and a completion
     * may go on to run its instance.
     */
    private void seeTo(LeasedWork leased, Runnable how) {
        slots.release();
        underWay.enter();
        Thread.ofVirtual().name("rekindle-not-run").start(() -> conclude(leased.lease(), how));
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

    /** Says how an attempt ended. Called once for each; never throws. */
    void ended(Attempt attempt, Attempt.End how) {
        WorkLease lease = attempt.leased().lease();
        running.remove(key(lease), attempt);
        slots.release();
        ended.increment();
        conclude(lease, () -> {
            switch (how) {
                case Attempt.End.Returned returned -> complete(lease, completed(attempt, returned.output()));
                case Attempt.End.Failed failed -> retryOrFail(attempt, failed.failure());
                case Attempt.End.Unwanted unwanted -> {}
                case Attempt.End.HandedBack handedBack ->
                    provider.abandonWorker(lease, WorkAbandonment.handBack(attempt.heartbeat()));
            }
        });
    }

    private void conclude(WorkLease lease, Runnable how) {
        try {
            orPutBack(lease, how);
        } finally {
            underWay.leave();
        }
    }

    /** Completes an activity through the store; never throws. */
    void completeThroughStore(WorkLease lease, WorkItem.CompletionWork completion) {
        orPutBack(lease, () -> ack(lease, completion));
    }

    /** Tells what became of an activity; where that breaks off it runs again, so that nothing stays leased for ever. */
    private void orPutBack(WorkLease lease, Runnable how) {
        try {
            how.run();
        } catch (RuntimeException | Error e) {
            if (isTooLate(e)) {
                LOG.debug("{}: what became of activity {} came too late", lease.instance(), lease.scheduledId(), e);
            } else {
                LOG.error(
                        "{}: what became of activity {} could not be stored, it runs again in {}",
                        lease.instance(),
                        lease.scheduledId(),
                        retryDelay,
                        e);
                putBack(lease, e);
            }
        }
    }

    /** Whether the lease is gone, or whoever gets it next will see to it. */
    private boolean isTooLate(Throwable e) {
        return e instanceof RekindleException known
                && (known.code() == ErrorCode.LEASE_LOST || known.code() == ErrorCode.CLOSED || underWay.isClosed());
    }

    private void putBack(WorkLease lease, Throwable why) {
        try {
            patience.persist(() -> provider.abandonWorker(lease, WorkAbandonment.waiting(retryDelay, Failure.of(why))));
        } catch (RuntimeException | Error e) {
            LOG.error("{}: activity {} stays leased until this node ends", lease.instance(), lease.scheduledId(), e);
        }
    }

    /** From now on nothing is run here: what is leased is handed back. */
    void close() {
        underWay.close();
    }

    /** Waits, after {@link #close}, for what runs. Returns whether all ended in time. */
    boolean await(Duration timeout) throws InterruptedException {
        return underWay.await(timeout);
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
        Duration left = left(leased);
        return left == null || left.compareTo(wait) > 0;
    }

    /** How long all attempts together may take yet; null for no limit. */
    @Nullable
    Duration left(LeasedWork leased) {
        Duration total = leased.work().options().totalTimeout();
        return total == null
                ? null
                : Duration.between(clock.instant(), leased.work().scheduledAt().plus(total));
    }

    private void complete(WorkLease lease, WorkItem.CompletionWork completion) {
        if (!hotPath.complete(lease, completion)) {
            ack(lease, completion);
        }
    }

    private void ack(WorkLease lease, WorkItem.CompletionWork completion) {
        patience.persist(() -> provider.ackWorker(lease, completion));
    }

    private void timeOut(LeasedWork leased) {
        Duration total = Objects.requireNonNull(leased.work().options().totalTimeout());
        Failure failure = Attempt.tookTooLong(leased.work().activity(), "all attempts", total);
        complete(leased.lease(), failed(leased.lease(), failure, null));
    }

    private void waitForCode(LeasedWork leased, @Nullable Duration left) {
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
        Duration delay = left == null || left.compareTo(retryDelay) > 0 ? retryDelay : left;
        patience.persist(() -> provider.abandonWorker(leased.lease(), WorkAbandonment.waiting(delay, why)));
    }

    private void quarantine(LeasedWork leased) {
        String text =
                "activity '%s' was running each time when its node died: %d times; expected at most %d. It is not tried again."
                        .formatted(leased.work().activity(), leased.nodeDeaths(), Limits.MAX_NODE_DEATHS);
        LOG.error("{}: {} {}", leased.work().instance(), ErrorCode.WORK_QUARANTINED, text);
        complete(leased.lease(), failed(leased.lease(), Failure.of(ErrorCode.WORK_QUARANTINED, text, false), null));
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
