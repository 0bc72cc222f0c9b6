package dev.rekindle.postgres;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.jdbc.EndWatch;
import dev.rekindle.provider.ProviderErrors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the ends of instances. The writer tells of those that run here; those that run elsewhere are asked for, all
 * of them with one query, often at first and then less. Thread-safe.
 */
final class Ends {
    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final Database database;
    private final Leases leases;
    private final Condition changed;
    private boolean asking;
    private boolean closed;
    private Duration pause = FIRST_PAUSE;

    Ends(Database database, Leases leases) {
        this.database = database;
        this.leases = leases;
        this.changed = leases.lock.newCondition();
    }

    Optional<InstanceSnapshot> await(String instance, Duration wait) throws InterruptedException {
        EndWatch watch = begin(instance);
        try {
            if (wait.isZero() || !runsHere(instance)) {
                Optional<InstanceSnapshot> now = find(instance);
                if (wait.isZero() || now.isEmpty() || now.get().status().isTerminal()) {
                    return now;
                }
            }
            Optional<InstanceSnapshot> told = watch.await(wait.toNanos());
            if (told.isPresent()) {
                return told;
            }
            if (leases.locked(() -> closed)) {
                throw ProviderErrors.closed(database.name());
            }
            return find(instance);
        } finally {
            leases.ends.remove(instance, watch);
        }
    }

    /** Ends all waits. */
    void close() {
        leases.with(() -> {
            closed = true;
            changed.signalAll();
            leases.ends.giveUp();
        });
    }

    private Optional<InstanceSnapshot> find(String instance) {
        return database.read(session -> Reads.snapshot(session, instance));
    }

    private boolean runsHere(String instance) {
        return leases.locked(() -> leases.holdsInstance(instance));
    }

    private EndWatch begin(String instance) {
        return leases.locked(() -> {
            if (!leases.holdsInstance(instance)) {
                pause = FIRST_PAUSE;
            }
            if (!asking && !closed) {
                asking = true;
                Thread.ofVirtual().name("rekindle-ends").start(this::ask);
            }
            return leases.ends.add(instance);
        });
    }

    /** Asks as long as somebody waits. */
    private void ask() {
        for (List<String> elsewhere = rest(); !elsewhere.isEmpty() || goesOn(); elsewhere = rest()) {
            if (!elsewhere.isEmpty()) {
                tell(elsewhere);
            }
        }
    }

    private boolean goesOn() {
        return leases.locked(() -> {
            asking = !leases.ends.isEmpty() && !closed;
            return asking;
        });
    }

    private List<String> rest() {
        leases.lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            Duration longer = pause.multipliedBy(3).dividedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
            return closed ? List.of() : leases.watchedElsewhere();
        } catch (InterruptedException e) {
            closed = true;
            return List.of();
        } finally {
            leases.lock.unlock();
        }
    }

    private void tell(List<String> asked) {
        try {
            List<String> ended = database.read(session -> Reads.ended(session, asked));
            ended.forEach(leases.ends::giveUp);
        } catch (RekindleException e) {
            LOG.debug("Asking {} for the ends of instances failed", database.name(), e);
        }
    }
}
