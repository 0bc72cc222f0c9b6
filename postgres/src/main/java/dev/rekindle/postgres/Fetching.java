package dev.rekindle.postgres;

import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.OrchestrationItem;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Hands out instances and activities, and waits for them. The queues are only asked when there is a reason: a signal from
 * here or from another node, a time that has come, something that a beat saw. Thread-safe.
 */
final class Fetching {
    private final Leases leases;
    private final Writer writer;
    private final BooleanSupplier closed;

    Fetching(Leases leases, Writer writer, BooleanSupplier closed) {
        this.leases = leases;
        this.writer = writer;
        this.closed = closed;
    }

    /** What is at hand, with the lock of the leases held. */
    private interface AtHand<T> {
        List<T> take(int max, NodeId node);
    }

    /** An operation that asks a queue. */
    private interface Claim<T> {
        Op<List<T>> of(NodeId node, int max);
    }

    List<OrchestrationItem> instances(FetchRequest request) throws InterruptedException {
        return fetch(
                request,
                leases.instanceSignal,
                (max, node) -> leases.takeReady(max, node).stream()
                        .map(HeldInstance::handOut)
                        .toList(),
                (node, max) -> new InstanceOps.Claim(node, max, writer::submit));
    }

    List<LeasedWork> work(FetchRequest request) throws InterruptedException {
        return fetch(
                request,
                leases.workSignal,
                (max, node) -> List.of(),
                (node, max) -> new WorkOps.Claim(node, max, writer::submit));
    }

    private <T> List<T> fetch(FetchRequest request, Signal signal, AtHand<T> atHand, Claim<T> claim)
            throws InterruptedException {
        writer.attend();
        leases.with(() -> signal.ask(request.maxItems()));
        int found = 0;
        try {
            List<T> items = look(request, signal, atHand, claim);
            found = items.size();
            return items;
        } finally {
            int answered = found;
            leases.with(() -> signal.answered(answered));
        }
    }

    private <T> List<T> look(FetchRequest request, Signal signal, AtHand<T> atHand, Claim<T> claim)
            throws InterruptedException {
        long left = request.maxWait().toNanos();
        long releases = leases.releases();
        while (true) {
            leases.lock.lockInterruptibly();
            try {
                List<T> taken = atHand.take(request.maxItems(), request.node());
                if (!taken.isEmpty()) {
                    return taken;
                }
                if (!signal.take(leases.now())) {
                    if (left <= 0 || closed.getAsBoolean() || releases != leases.releases()) {
                        return List.of();
                    }
                    left = signal.await(left, leases.now());
                    continue;
                }
            } finally {
                leases.lock.unlock();
            }
            List<T> claimed = writer.run(claim.of(request.node(), request.maxItems()));
            if (!claimed.isEmpty()) {
                return claimed;
            }
        }
    }
}
