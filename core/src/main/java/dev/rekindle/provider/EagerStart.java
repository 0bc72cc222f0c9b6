package dev.rekindle.provider;

import dev.rekindle.provider.TurnCommit.NewActivity;
import dev.rekindle.provider.TurnCommit.Timer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A start and the first turn of what it starts, for {@link EagerStartCapability}. The turn consumed the start and nothing
 * else, and does no more than what stands here. Immutable.
 *
 * @param node who took the turn, and gets the leases
 * @param start what is started; not a fork
 * @param version the version of the orchestration that ran the turn
 * @param events what the turn did, with ids from 1 on
 * @param scheduled what it waits for
 * @param keepLease whether the instance is leased to the node; otherwise it waits for whoever fetches it
 */
public record EagerStart(
        NodeId node,
        WorkItem.StartOrchestration start,
        String version,
        List<Event> events,
        Scheduled scheduled,
        boolean keepLease) {

    /** Checks that it is no fork, and makes the list immutable. */
    public EagerStart {
        if (start.fork() != null) {
            throw new IllegalArgumentException("a fork can't be started with its first turn");
        }
        events = List.copyOf(events);
    }

    /** What a first turn waits for. */
    public record Scheduled(List<NewActivity> activities, List<Timer> timers) {
        /** Makes the lists immutable. */
        public Scheduled {
            activities = List.copyOf(activities);
            timers = List.copyOf(timers);
        }
    }

    /**
     * What it gives back.
     *
     * @param lease the lease of the instance; null when it was not to be kept
     * @param leased leases of the activities that asked for it, in their order
     */
    public record Receipt(@Nullable InstanceLease lease, List<WorkLease> leased) {
        /** Makes the list immutable. */
        public Receipt {
            leased = List.copyOf(leased);
        }
    }
}
