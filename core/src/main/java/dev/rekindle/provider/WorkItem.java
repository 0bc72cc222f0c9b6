package dev.rekindle.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rekindle.ActivityOptions;
import dev.rekindle.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message in a queue: either for the code of an instance ({@link OrchestratorWork}) or for a worker
 * ({@link ActivityExecute}). Every work item names instance and run, so that a reused id never meets its former life.
 *
 * <p>All work items are immutable.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkItem.StartOrchestration.class, name = "StartOrchestration"),
    @JsonSubTypes.Type(value = WorkItem.ContinueAsNew.class, name = "ContinueAsNew"),
    @JsonSubTypes.Type(value = WorkItem.ActivityCompleted.class, name = "ActivityCompleted"),
    @JsonSubTypes.Type(value = WorkItem.ActivityFailed.class, name = "ActivityFailed"),
    @JsonSubTypes.Type(value = WorkItem.TimerFired.class, name = "TimerFired"),
    @JsonSubTypes.Type(value = WorkItem.RaiseEvent.class, name = "RaiseEvent"),
    @JsonSubTypes.Type(value = WorkItem.ChildCompleted.class, name = "ChildCompleted"),
    @JsonSubTypes.Type(value = WorkItem.ChildFailed.class, name = "ChildFailed"),
    @JsonSubTypes.Type(value = WorkItem.CancelInstance.class, name = "CancelInstance"),
    @JsonSubTypes.Type(value = WorkItem.TerminateInstance.class, name = "TerminateInstance"),
    @JsonSubTypes.Type(value = WorkItem.ReopenInstance.class, name = "ReopenInstance"),
    @JsonSubTypes.Type(value = WorkItem.ActivityExecute.class, name = "ActivityExecute"),
})
public sealed interface WorkItem {
    /** The instance that this is for, or of. */
    String instance();

    /** A message for the code of an instance. */
    sealed interface OrchestratorWork extends WorkItem {
        /** The run that this is meant for; null means whichever lives when the provider accepts it. */
        @Nullable
        String runId();
    }

    /** A completion for one execution. It is stale, and dropped, when another execution has begun. */
    sealed interface CompletionWork extends OrchestratorWork {
        @Override
        String runId();

        /** The execution that scheduled what this completes. */
        long executionId();

        /** The id of the command that this completes. */
        long scheduledId();
    }

    /**
     * Creates the instance. The provider refuses it when the id exists, and tells the parent, if there is one.
     *
     * @param version the version asked for; empty lets the node that runs the first turn choose its latest
     * @param attributes what the instance can be found by
     * @param fork what it takes over from another execution; null for a start from the beginning
     */
    record StartOrchestration(
            String instance,
            String runId,
            String orchestration,
            String version,
            String input,
            @Nullable ParentLink parent,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> attributes,

            @Nullable Fork fork)
            implements OrchestratorWork {
        /** Makes the map immutable. */
        @SuppressWarnings("ConstantValue") // What an older version stored has no attributes.
        public StartOrchestration {
            attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
        }

        /** A start from the beginning, without attributes. */
        public StartOrchestration(
                String instance,
                String runId,
                String orchestration,
                String version,
                String input,
                @Nullable ParentLink parent) {
            this(instance, runId, orchestration, version, input, parent, Map.of(), null);
        }
    }

    /**
     * What a fork takes over: its code runs anew against what the other execution was told, and goes on by itself from
     * there.
     *
     * @param origin where it comes from
     * @param past the events to take over, from the first on and without gaps; commands among them say what to expect of
     *     the code, whose own arguments may differ
     */
    record Fork(ForkOrigin origin, List<Event> past) {
        /** Makes the list immutable. */
        public Fork {
            past = List.copyOf(past);
        }
    }

    /**
     * Begins the next execution of an instance. Providers queue it for {@link
     * TurnCommit.Transition.ContinueAsNew}; it is never enqueued otherwise.
     *
     * @param carried messages that the execution before did not take, oldest first
     */
    record ContinueAsNew(
            String instance,
            String runId,
            String orchestration,
            String version,
            String input,
            @Nullable ParentLink parent,
            List<RaiseEvent> carried)
            implements OrchestratorWork {
        /** Makes the list immutable. */
        public ContinueAsNew {
            carried = List.copyOf(carried);
        }
    }

    /** An activity returned. */
    record ActivityCompleted(
            String instance,
            String runId,
            long executionId,
            long scheduledId,
            String output,
            @Nullable AttemptInfo attempt)
            implements CompletionWork {
        /** Of an attempt that nothing is known of. */
        public ActivityCompleted(String instance, String runId, long executionId, long scheduledId, String output) {
            this(instance, runId, executionId, scheduledId, output, null);
        }
    }

    /** An activity failed for good. */
    record ActivityFailed(
            String instance,
            String runId,
            long executionId,
            long scheduledId,
            Failure failure,
            @Nullable AttemptInfo attempt)
            implements CompletionWork {
        /** Of an attempt that nothing is known of. */
        public ActivityFailed(String instance, String runId, long executionId, long scheduledId, Failure failure) {
            this(instance, runId, executionId, scheduledId, failure, null);
        }
    }

    /** A timer is due. Providers make these from {@link TurnCommit.Timer}s; they are never enqueued. */
    record TimerFired(String instance, String runId, long executionId, long scheduledId) implements CompletionWork {}

    /** A child returned. */
    record ChildCompleted(String instance, String runId, long executionId, long scheduledId, String output)
            implements CompletionWork {}

    /** A child ended without an output. */
    record ChildFailed(String instance, String runId, long executionId, long scheduledId, Failure failure)
            implements CompletionWork {}

    /** A message for a channel. */
    record RaiseEvent(String instance, @Nullable String runId, String channel, String payload)
            implements OrchestratorWork {}

    /** A request to cancel, delivered into the code. */
    record CancelInstance(String instance, @Nullable String runId, String reason) implements OrchestratorWork {}

    /** An order to end without asking the code. */
    record TerminateInstance(String instance, @Nullable String runId, String reason) implements OrchestratorWork {}

    /**
     * Lets an instance that had ended go on: its open activities and timers begin anew, its children are left as they are.
     * Providers queue it for {@link
     * dev.rekindle.management.ManagementCapability#reopenInstance}; it is never enqueued otherwise.
     *
     * @param executionId the execution, its latest
     * @param voidFrom the events of that execution from this id on count for nothing any more
     * @param redelivered messages among what they held that come again, oldest first
     */
    record ReopenInstance(
            String instance, String runId, long executionId, long voidFrom, List<OrchestratorWork> redelivered)
            implements OrchestratorWork {
        /** Makes the list immutable. */
        public ReopenInstance {
            redelivered = List.copyOf(redelivered);
        }
    }

    /** An activity to run; {@code scheduledAt} is the time of the turn that scheduled it. */
    record ActivityExecute(
            String instance,
            String runId,
            long executionId,
            long scheduledId,
            String activity,
            String input,
            ActivityOptions options,
            Instant scheduledAt)
            implements WorkItem {}
}
