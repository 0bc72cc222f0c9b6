package dev.rekindle.management;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a look at the health of a store found: who runs it, what stands still, what is late. Immutable.
 *
 * @param at when it was looked
 * @param nodes who runs the instances, those included that are gone
 * @param activeInstances how many instances have not ended
 * @param stuck those whose history does not fit their code, and those that were quarantined
 * @param suspended those that an operator holds
 * @param held those that can't go on for another reason: mostly because no node has their code
 * @param late those that should have gone on {@link #LATE} ago or longer, the latest first; {@link #LATE_LISTED} at most
 * @param activities the activities that have not completed, by name
 * @param failing some of the activities that failed and will be tried again, or that no node had code for
 * @param deadLetters how many messages nobody could take
 */
public record Checkup(
        Instant at,
        List<NodeInfo> nodes,
        long activeInstances,
        Group stuck,
        Group suspended,
        Group held,
        List<OverdueInstance> late,
        List<ActivityQueue> activities,
        List<ActivityInfo> failing,
        long deadLetters) {
    /** What has been due for longer than this is late. */
    public static final Duration LATE = Duration.ofMinutes(5);

    /** How many late instances are listed. */
    public static final int LATE_LISTED = 100;

    /** Makes the lists immutable. */
    public Checkup {
        nodes = List.copyOf(nodes);
        late = List.copyOf(late);
        activities = List.copyOf(activities);
        failing = List.copyOf(failing);
    }

    /**
     * Instances that stand still for the same reason.
     *
     * @param count how many
     * @param atLeast whether there may be more: counting stopped
     * @param examples some of them, those that were started last
     */
    public record Group(long count, boolean atLeast, List<InstanceSummary> examples) {
        /** Makes the list immutable. */
        public Group {
            examples = List.copyOf(examples);
        }
    }

    /** Whether there is something to run and nobody to run it. */
    public boolean lacksNodes() {
        return activeInstances > 0 && nodes.stream().noneMatch(NodeInfo::alive);
    }

    /** How many activities failed and will be tried again. */
    public long retrying() {
        return activities.stream().mapToLong(ActivityQueue::retrying).sum();
    }

    /** Since when the activity that has been due, or running, for longest is that, if it is late. */
    public Optional<Instant> lateActivity() {
        return activities.stream()
                .map(queue -> queue.retrying() == 0 ? queue.oldest() : queue.nextAttempt())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .filter(due -> due.isBefore(at.minus(LATE)));
    }
}
