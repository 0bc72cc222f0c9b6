package dev.rekindle;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a running attempt of an activity can know and say. Thread-safe. */
public interface ActivityContext {
    /** The instance that wants the step. */
    String instance();

    /** The same for every attempt of this step and different for every other step of any run; at most 120 characters. */
    String idempotencyKey();

    /** Which attempt this is, from 1. */
    int attempt();

    /**
     * Says that the attempt is alive, and how far it is. The last value is there for the next attempt. Cheap: values are
     * stored at most once a second.
     *
     * @throws CancelledException when the step is no longer wanted
     */
    void heartbeat(@Nullable Object progress);

    /** What an earlier attempt last reported. */
    <T> Optional<T> lastHeartbeat(Class<T> type);

    /** Whether the step is no longer wanted, or its node is shutting down; the thread is interrupted as well. */
    boolean isCancelled();
}
