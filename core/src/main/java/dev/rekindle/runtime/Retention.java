package dev.rekindle.runtime;

import dev.rekindle.RekindleException;
import dev.rekindle.RetentionPolicy;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Management;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes instances whose time is over. Every node may do it at once: what is gone already is left out. Thread-safe. */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final DeleteOptions WITH_CHILDREN = DeleteOptions.CAREFUL.withCascade(true);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /** How many instances of a policy are looked at in one go. */
    private static final int SOME = 1_000;

    private final RuntimeParts parts;
    private final Management management;
    private final List<RetentionPolicy> policies;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    Retention(RuntimeParts parts, Management management, List<RetentionPolicy> policies) {
        this.parts = parts;
        this.management = management;
        this.policies = List.copyOf(policies);
    }

    /** Sweeps from now on, now and then. */
    void start() {
        long wait = policies.stream()
                .map(policy -> policy.keep().dividedBy(10))
                .min(Duration::compareTo)
                .map(shortest -> shortest.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : shortest)
                .map(shortest -> shortest.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : shortest)
                .orElse(LONGEST_WAIT)
                .toNanos();
        parts.alarms()
                .every(wait, () -> Thread.ofVirtual().name("rekindle-retention").start(this::sweep));
    }

    /** Deletes all that is due. */
    private void sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            while (!parts.patience().isClosing() && runOnce() > 0) {
                LOG.debug("there may be more to delete");
            }
        } catch (RekindleException e) {
            LOG.warn("instances whose time is over stay for now: {}", e.getMessage());
        } finally {
            sweeping.set(false);
        }
    }

    /** Deletes some that are due. Returns how many; 0 when there is nothing left to do. */
    long runOnce() {
        if (parts.provider().isStandby()) {
            return 0;
        }
        long deleted = 0;
        for (RetentionPolicy policy : policies) {
            BulkResult result = management.deleteAll(policy.due(parts.clock().instant()), WITH_CHILDREN, SOME);
            deleted += result.done();
            if (result.done() > 0) {
                LOG.info("deleted {} instances that ended {} ago or earlier", result.done(), policy.keep());
            }
        }
        return deleted;
    }
}
