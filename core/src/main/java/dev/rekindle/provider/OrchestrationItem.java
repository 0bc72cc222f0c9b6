package dev.rekindle.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance with messages, leased to the caller. Immutable.
 *
 * @param lease the right to run it
 * @param start what it runs: orchestration, version and parent
 * @param executionId its current execution
 * @param lastEventId the last event of that execution, 0 when no turn has run
 * @param nodeDeaths how often a node died while it held these messages
 * @param messages what is new, oldest first; at least one
 */
public record OrchestrationItem(
        InstanceLease lease,
        Definition start,
        long executionId,
        long lastEventId,
        int nodeDeaths,
        List<Message> messages) {

    /** Makes the list immutable. */
    public OrchestrationItem {
        messages = List.copyOf(messages);
    }

    /**
     * What an instance runs.
     *
     * @param orchestration the name
     * @param version the version that is recorded, empty while none is
     * @param parent whom to tell how it ends
     */
    public record Definition(
            String orchestration, String version, @Nullable ParentLink parent) {}

    /**
     * A message in the instance's queue.
     *
     * @param id how a {@link TurnCommit} names it; chosen by the provider
     * @param work what it says
     */
    public record Message(long id, WorkItem.OrchestratorWork work) {}
}
