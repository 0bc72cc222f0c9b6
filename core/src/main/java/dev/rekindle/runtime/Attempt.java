package dev.rekindle.runtime;

import dev.rekindle.ActivityContext;
import dev.rekindle.ActivityOptions;
import dev.rekindle.CancelledException;
import dev.rekindle.Codec;
import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.Limits;
import dev.rekindle.provider.AttemptInfo;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one activity, running on a thread of its own.
 *
 * <p><b>Concurrency.</b> The code, a time limit, a cancellation and a shutdown race to end it; the first one wins, tells
 * the {@link Attempts}, and what comes later counts for nothing. Where it was not the code that won, its thread is
 * interrupted.
 */
final class Attempt implements ActivityContext, Runnable {
    private static final Duration HEARTBEAT_SPACING = Duration.ofSeconds(1);

    /** How an attempt ended. */
    sealed interface End {
        /** The code returned. */
        record Returned(String output) implements End {}

        /** The code threw, or took too long. */
        record Failed(Failure failure) implements End {}

        /** Nobody wants the result any more. */
        record Unwanted() implements End {}

        /** The node shuts down. */
        record HandedBack() implements End {}
    }

    private final LeasedWork leased;
    private final ActivityCode<?, ?> code;
    private final Codec codec;
    private final Attempts attempts;
    private final LongSupplier ticker;
    private final Instant startedAt;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private volatile @Nullable Thread thread;
    private volatile @Nullable String heartbeat;
    private volatile long lastHeartbeatNanos;
    private volatile long lastStoredNanos;

    Attempt(
            LeasedWork leased,
            ActivityCode<?, ?> code,
            Codec codec,
            Attempts attempts,
            InstantSource clock,
            LongSupplier ticker) {
        this.leased = leased;
        this.code = code;
        this.codec = codec;
        this.attempts = attempts;
        this.ticker = ticker;
        this.heartbeat = leased.heartbeat();
        this.startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        this.lastHeartbeatNanos = ticker.getAsLong();
        this.lastStoredNanos = lastHeartbeatNanos - HEARTBEAT_SPACING.toNanos();
    }

    LeasedWork leased() {
        return leased;
    }

    @Nullable
    String heartbeat() {
        return heartbeat;
    }

    /** What a completion says of this attempt. */
    AttemptInfo info() {
        return new AttemptInfo(leased.attempt(), startedAt, leased.lastFailure());
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        if (end.get() != null) {
            return;
        }
        End result = runCode();
        // The code may have left its thread interrupted, which would end the waits of all that follows on it.
        Thread.interrupted();
        end(result);
    }

    private End runCode() {
        TimeLimits limits = TimeLimits.NONE;
        try {
            limits = TimeLimits.arm(this);
            Object input = codec.decode(
                    leased.work().input(), code.definition().input().type());
            String output = codec.encode(code.run(this, input));
            return new End.Returned(Limits.checkPayload("output of activity '" + code.definition() + "'", output));
        } catch (Throwable e) {
            return new End.Failed(Failure.of(e));
        } finally {
            limits.disarm();
            thread = null;
        }
    }

    /** Ends the attempt, unless it has ended; also before it has begun. */
    void end(End how) {
        if (end.compareAndSet(null, how)) {
            Thread running = thread;
            if (running != null && running != Thread.currentThread()) {
                running.interrupt();
            }
            attempts.ended(this, how);
        }
    }

    // ---- what the code sees

    @Override
    public String instance() {
        return leased.work().instance();
    }

    @Override
    public String idempotencyKey() {
        WorkItem.ActivityExecute work = leased.work();
        return work.runId() + ":" + work.executionId() + ":" + work.scheduledId();
    }

    @Override
    public int attempt() {
        return leased.attempt();
    }

    @Override
    public void heartbeat(@Nullable Object progress) {
        long now = ticker.getAsLong();
        lastHeartbeatNanos = now;
        heartbeat = Limits.checkPayload("heartbeat of activity '" + code.definition() + "'", codec.encode(progress));
        if (end.get() == null && now - lastStoredNanos >= HEARTBEAT_SPACING.toNanos()) {
            lastStoredNanos = now;
            if (!attempts.storeHeartbeat(this)) {
                end(new End.Unwanted());
            }
        }
        if (isCancelled()) {
            throw new CancelledException("activity '" + code.definition() + "' is no longer wanted here");
        }
    }

    @Override
    public <T> Optional<T> lastHeartbeat(Class<T> type) {
        String last = leased.heartbeat();
        return last == null ? Optional.empty() : Optional.ofNullable(type.cast(codec.decode(last, type)));
    }

    @Override
    public boolean isCancelled() {
        return end.get() != null;
    }

    /** The alarms that end an attempt which takes too long. */
    private static final class TimeLimits {
        private static final TimeLimits NONE = new TimeLimits(Alarms.Alarm.NONE);

        private final Alarms.Alarm whole;
        private volatile Alarms.Alarm silence = Alarms.Alarm.NONE;

        private TimeLimits(Alarms.Alarm whole) {
            this.whole = whole;
        }

        static TimeLimits arm(Attempt attempt) {
            ActivityOptions options = attempt.leased.work().options();
            Duration oneAttempt = options.timeout();
            Duration all = options.totalTimeout();
            Duration silent = options.heartbeatTimeout();
            if (oneAttempt == null && all == null && silent == null) {
                return NONE;
            }
            Alarms.Alarm whole = Alarms.Alarm.NONE;
            Duration left = attempt.attempts.left(attempt.leased);
            if (all != null && left != null && (oneAttempt == null || left.compareTo(oneAttempt) < 0)) {
                whole = attempt.alarm(left, () -> attempt.timeUp("all attempts", all));
            } else if (oneAttempt != null) {
                whole = attempt.alarm(oneAttempt, () -> attempt.timeUp("one attempt", oneAttempt));
            }
            TimeLimits limits = new TimeLimits(whole);
            if (silent != null) {
                limits.watchSilence(attempt, silent, silent);
            }
            return limits;
        }

        private void watchSilence(Attempt attempt, Duration allowed, Duration wait) {
            silence = attempt.alarm(wait, () -> {
                Duration silent = Duration.ofNanos(attempt.ticker.getAsLong() - attempt.lastHeartbeatNanos);
                if (silent.compareTo(allowed) >= 0) {
                    attempt.timeUp("silence between heartbeats", allowed);
                } else if (attempt.end.get() == null) {
                    watchSilence(attempt, allowed, allowed.minus(silent));
                }
            });
        }

        void disarm() {
            whole.cancel();
            silence.cancel();
        }
    }

    private Alarms.Alarm alarm(Duration after, Runnable task) {
        return attempts.alarms().after(after.toNanos(), task);
    }

    private void timeUp(String what, Duration allowed) {
        Failure failure = tookTooLong(code.definition().name(), what, allowed);
        Thread.ofVirtual().name("rekindle-time-up").start(() -> end(new End.Failed(failure)));
    }

    static Failure tookTooLong(String activity, String what, Duration allowed) {
        return Failure.of(
                ErrorCode.ACTIVITY_TIMED_OUT,
                "activity '%s' took too long: expected %s to take at most %s.".formatted(activity, what, allowed),
                true);
    }
}
