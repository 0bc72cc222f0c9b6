package dev.rekindle.sqlite;

import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands out instances and activities, and waits for them. Thread-safe. */
final class Fetching {
    /** How often a standby tries to become the owner. */
    private static final long STANDBY_NANOS = 100_000_000;

    private final Board board;
    private final Writer writer;
    private final Ownership ownership;
    private final InstantSource clock;

    Fetching(Board board, Writer writer, Ownership ownership, InstantSource clock) {
        this.board = board;
        this.writer = writer;
        this.ownership = ownership;
        this.clock = clock;
    }

    /** Takes what is ready, with the board's lock held, and says how to hand it out without it. */
    private interface Pick<T> {
        @Nullable
        Supplier<List<T>> pick(long now);
    }

    List<OrchestrationItem> instances(FetchRequest request) throws InterruptedException {
        return fetch(request, board.instanceReady, () -> board.mail.nextWake(), now -> pickInstances(request, now));
    }

    List<LeasedWork> work(FetchRequest request) throws InterruptedException {
        return fetch(request, board.workReady, () -> board.work.delayed.nextWake(), now -> pickWork(request));
    }

    private @Nullable Supplier<List<OrchestrationItem>> pickInstances(FetchRequest request, long now) {
        List<Instance> picked = board.mail.pick(request.maxItems(), request.node(), now, board.tokens);
        if (picked.isEmpty()) {
            return null;
        }
        if (InstanceOps.HandOut.atHand(picked)) {
            List<OrchestrationItem> items = InstanceOps.HandOut.items(picked);
            return () -> items;
        }
        Map<Instance, Long> tokens = new LinkedHashMap<>();
        picked.forEach(instance -> tokens.put(instance, instance.lease));
        List<InstanceLease> leases = picked.stream()
                .map(instance -> new InstanceLease(instance.id, instance.runId, instance.lease))
                .toList();
        return () -> {
            try {
                return writer.run(new InstanceOps.HandOut(tokens));
            } catch (RuntimeException e) {
                leases.forEach(lease -> writer.submit(new InstanceOps.Abandon(lease, Abandonment.QUIET)));
                throw e;
            }
        };
    }

    private @Nullable Supplier<List<LeasedWork>> pickWork(FetchRequest request) {
        List<WorkEntry> picked = board.work.pick(request.maxItems(), request.node(), board.tokens);
        if (picked.isEmpty()) {
            return null;
        }
        List<LeasedWork> leased = picked.stream().map(WorkEntry::leasedWork).toList();
        if (picked.stream().allMatch(entry -> entry.marked)) {
            return () -> leased;
        }
        return () -> {
            try {
                return writer.run(new WorkOps.HandOut(picked));
            } catch (RuntimeException e) {
                leased.forEach(
                        work -> writer.submit(new WorkOps.GiveBack(work.lease(), WorkAbandonment.handBack(null))));
                throw e;
            }
        };
    }

    private <T> List<T> fetch(FetchRequest request, Condition ready, LongSupplier nextWake, Pick<T> pick)
            throws InterruptedException {
        long left = request.maxWait().toNanos();
        long releases = ownership.releases();
        while (true) {
            boolean owner = ownership.acquire(request.node());
            Supplier<List<T>> found;
            board.lock.lockInterruptibly();
            try {
                long now = clock.millis();
                board.promote(now);
                found = owner && !board.isBehind(now) ? pick.pick(now) : null;
                if (found == null && !board.wantsUpkeep(now)) {
                    if (left <= 0) {
                        return List.of();
                    }
                    long slice = owner ? untilWake(nextWake, now, left) : Math.min(left, STANDBY_NANOS);
                    left -= await(ready, slice);
                    if (releases != ownership.releases()) {
                        return List.of();
                    }
                    continue;
                }
            } finally {
                board.lock.unlock();
            }
            if (found == null) {
                writer.run(new OwnerOps.Nudge());
                continue;
            }
            List<T> items = found.get();
            if (!items.isEmpty()) {
                return items;
            }
        }
    }

    private static long untilWake(LongSupplier nextWake, long now, long left) {
        long wake = nextWake.getAsLong();
        long most = now + TimeUnit.NANOSECONDS.toMillis(left);
        return wake > most ? left : TimeUnit.MILLISECONDS.toNanos(Math.max(1, wake - now));
    }

    /** Waits for a signal, and returns how long. Its caller looks again in a loop. */
    @SuppressWarnings("WaitNotInLoop")
    private long await(Condition ready, long nanos) throws InterruptedException {
        writer.beginLooking();
        try {
            return nanos - ready.awaitNanos(nanos);
        } finally {
            writer.endLooking();
        }
    }
}
