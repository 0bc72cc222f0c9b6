package dev.rekindle.console;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.NodeInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One side of an instance as a page shows it again and again. Each time it looks at what is cheap to read and differs when
 * the instance has moved; its history, which may be long, is read only then. For one thread.
 */
final class FollowedInstance {
    /**
     * What is read each time.
     *
     * @param events how many events the latest execution has; -1 when that can't be read
     * @param visible how much of what is queued may be taken by now: time passes without a write
     * @param putOff whether something of it waits to be tried again
     * @param anyNode whether somebody runs instances
     */
    record Look(
            InstanceSummary instance,
            long events,
            InstanceQueues queues,
            long visible,
            boolean putOff,
            boolean anyNode) {
        /** Whether nothing happened since. Heartbeats come often, and only the queues show them. */
        boolean isAsBefore(Look before) {
            return instance.equals(before.instance)
                    && events == before.events
                    && visible == before.visible
                    && anyNode == before.anyNode
                    && withoutHeartbeats(queues).equals(withoutHeartbeats(before.queues));
        }

        private static InstanceQueues withoutHeartbeats(InstanceQueues queues) {
            return new InstanceQueues(
                    queues.leasedTo(),
                    queues.notBefore(),
                    queues.messages(),
                    queues.activities().stream()
                            .map(queued -> new InstanceQueues.QueuedActivity(
                                    queued.work(),
                                    queued.attempt(),
                                    queued.nodeDeaths(),
                                    queued.visibleAt(),
                                    queued.lastFailure(),
                                    null,
                                    queued.leasedTo()))
                            .toList(),
                    queues.timers());
        }
    }

    /** Draws what was read before, beside what a look has shown just now. */
    @FunctionalInterface
    interface Drawing {
        Html draw(Look look);
    }

    private record Known(Look look, Drawing drawing) {}

    private final Reading reading;
    private final InstancePage page;
    private final Parameters query;
    private final InstantSource clock;
    private @Nullable Known known;

    FollowedInstance(Reading reading, InstancePage page, Parameters query, InstantSource clock) {
        this.reading = reading;
        this.page = page;
        this.query = query;
        this.clock = clock;
    }

    /** As it is now. */
    Html html() {
        Look look = look(query.required("id"));
        Known its = known;
        if (its == null || !look.isAsBefore(its.look())) {
            its = new Known(look, page.side(look.instance(), query));
            known = its;
        }
        return its.drawing().draw(look);
    }

    private Look look(String id) {
        InstanceSummary instance = reading.instance(id);
        InstanceQueues queues = reading.queues(id);
        Instant now = clock.instant();
        long visible = Stream.concat(
                        queues.messages().stream().map(InstanceQueues.QueuedMessage::visibleAt),
                        queues.activities().stream().map(InstanceQueues.QueuedActivity::visibleAt))
                .filter(at -> at == null || !at.isAfter(now))
                .count();
        boolean anyNode = reading.nodes().stream().anyMatch(NodeInfo::alive);
        return new Look(instance, events(instance), queues, visible, InstanceActions.isPutOff(queues, now), anyNode);
    }

    private long events(InstanceSummary its) {
        try {
            return reading.execution(its.instance(), its.executionId()).events();
        } catch (RekindleException e) {
            if (e.code() != ErrorCode.HISTORY_UNREADABLE) {
                throw e;
            }
            return -1;
        }
    }
}
