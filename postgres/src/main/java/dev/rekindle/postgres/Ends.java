package dev.rekindle.postgres;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the ends of instances: those that run here are told of, those that run elsewhere are asked for, all of them
 * with one query, often at first and then less. Thread-safe.
 */
final class Ends {
    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final Leases leases;
    private final Reads reads;
    private final Condition watched;
    private boolean running;
    private boolean closed;
    private Duration pause = FIRST_PAUSE;

    Ends(Leases leases, Reads reads) {
        this.leases = leases;
        this.reads = reads;
        this.watched = leases.lock.newCondition();
    }

    Optional<InstanceSnapshot> await(
            String instance, Duration wait, Function<String, Optional<InstanceSnapshot>> find)
            throws InterruptedException {
        EndWatch watch = begin(instance);
        try {
            Optional<InstanceSnapshot> now = runsHere(instance) && !wait.isZero() ? Optional.empty() : find.apply(instance);
            boolean known = now.isPresent() || !runsHere(instance);
            if (known && (now.isEmpty() || now.get().status().isTerminal())) {
                return now;
            }
            if (watch.await(wait.toNanos()) && watch.end().isPresent()) {
                return watch.end();
            }
            return find.apply(instance);
        } finally {
            end(instance, watch);
        }
    }
}
