package dev.rekindle.provider;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.PageRequest;
import java.util.List;

/**
 * The errors that every provider reports, worded once: whoever reads them need not know which store it was. Stateless
 * and thread-safe.
 */
public final class ProviderErrors {
    private ProviderErrors() {}

    /** {@code LEASE_LOST}: the lease of an instance is not good any more. */
    public static RekindleException leaseLost(String instance) {
        return leaseLost(instance, "the lease ended or went to another node");
    }

    /**
     * {@code LEASE_LOST}: something else than the lease says that a write under it comes too late.
     *
     * @param found what does, for people
     */
    public static RekindleException leaseLost(String instance, String found) {
        return lost("instance", instance, found);
    }

    /** {@code LEASE_LOST}: the instance is suspended, and a turn under its lease does not finish it. */
    public static RekindleException suspended(String instance) {
        return leaseLost(instance, "it is suspended, and only a turn that finishes it is written");
    }

    /** {@code LEASE_LOST}: the lease of an activity of this instance is not good any more. */
    public static RekindleException workLeaseLost(String instance) {
        return lost("activity of instance", instance, "it was cancelled or went to another node");
    }

    /**
     * {@code LEASE_LOST}: a turn's commit does not begin where the history stands.
     *
     * @param expected where the commit begins
     * @param executionId the current execution
     * @param lastEventId the last event of that execution
     */
    public static RekindleException positionLost(
            String instance, TurnCommit.Position expected, long executionId, long lastEventId) {
        return leaseLost(
                instance,
                "expected the history to stand at execution %d event %d, found %d event %d"
                        .formatted(expected.executionId(), expected.lastEventId(), executionId, lastEventId));
    }

    /** {@code INSTANCE_NOT_FOUND}: no instance has this id. */
    public static RekindleException notFound(String instance) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such instance: '%s'; expected one that was started. Check the id, or start it first."
                        .formatted(instance));
    }

    /** {@code INSTANCE_NOT_FOUND}: the id is unknown, or belongs to another run than this one. */
    public static RekindleException noSuchRun(String instance, String runId) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such run: instance '%s'; expected the run that is there, found '%s'. It was deleted or started anew."
                        .formatted(instance, runId));
    }

    /**
     * {@code INSTANCE_NOT_FOUND}: the instance has no such execution.
     *
     * @param latest its latest execution
     */
    public static RekindleException noSuchExecution(String instance, long executionId, long latest) {
        return new RekindleException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "no such execution: instance '%s'; expected 1 to %d, found %d. Ask which executions it has."
                        .formatted(instance, latest, executionId));
    }

    /** {@code INSTANCE_ENDED}: the instance takes no more messages. */
    public static RekindleException ended(String instance, Status status) {
        return new RekindleException(
                ErrorCode.INSTANCE_ENDED,
                "instance has ended: '%s'; expected one that still runs, found it %s. It takes no more messages."
                        .formatted(instance, status.label()));
    }

    /**
     * {@code WRONG_STATUS}: the instance is not in a status for this.
     *
     * @param expected which it would have to be in, for people
     * @param advice what to do instead
     */
    public static RekindleException wrongStatus(String instance, String expected, Status found, String advice) {
        return new RekindleException(
                ErrorCode.WRONG_STATUS,
                "wrong status: instance '%s'; expected %s, found it %s. %s"
                        .formatted(instance, expected, found.label(), advice));
    }

    /** {@code WRONG_STATUS}: only an instance that has ended is deleted, unless it is forced. */
    public static RekindleException notEnded(String instance, Status found) {
        return wrongStatus(
                instance,
                "one that has ended",
                found,
                "Nothing was deleted; wait, terminate it, or force the deletion.");
    }

    /** {@code WRONG_STATUS}: only an instance that failed or was terminated can be reopened. */
    public static RekindleException notReopenable(String instance, Status found) {
        return wrongStatus(instance, "Failed or Terminated", found, "Fork it instead.");
    }

    /**
     * {@code INSTANCE_HAS_CHILDREN}: deleting it would leave children without their parent.
     *
     * @param child one of them
     */
    public static RekindleException hasChildren(String instance, String child) {
        return new RekindleException(
                ErrorCode.INSTANCE_HAS_CHILDREN,
                "instance has children: '%s'; expected none that stay, found '%s'. Nothing was deleted; delete them too, with cascade."
                        .formatted(instance, child));
    }

    /**
     * {@code INVALID_ARGUMENT}: the history has another last event than whoever composed a change saw.
     *
     * @param asked the event that the change takes for the last one
     * @param stored the last event that there is
     */
    public static RekindleException historyMoved(String instance, long asked, long stored) {
        return invalid("not the last event", instance, stored, asked);
    }

    /**
     * Checks how many instances are to be deleted at once.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when they are more than {@link PageRequest#MAX_LIMIT}
     */
    public static void checkDeletion(List<String> instances) {
        if (instances.size() > PageRequest.MAX_LIMIT) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "too many to delete at once: expected at most %d instances, found %d. Delete them in parts."
                            .formatted(PageRequest.MAX_LIMIT, instances.size()));
        }
    }

    /**
     * Checks how many executions are to stay.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when the current one would not
     */
    public static void checkKeepLast(String instance, int keepLast) {
        if (keepLast < 1) {
            throw new RekindleException(
                    ErrorCode.INVALID_ARGUMENT,
                    "too few executions to keep: instance '%s'; expected at least 1, found %d. The current one stays; delete the instance to be rid of it."
                            .formatted(instance, keepLast));
        }
    }

    /** What a waiting parent is told when its child is deleted. */
    public static WorkItem.ChildFailed childDeleted(String child, ParentLink parent) {
        return new WorkItem.ChildFailed(
                parent.instance(),
                parent.runId(),
                parent.executionId(),
                parent.scheduledId(),
                Failure.of(
                        ErrorCode.INSTANCE_NOT_FOUND, "child '%s' was deleted by an operator".formatted(child), false));
    }

    /** {@code INVALID_ARGUMENT}: a cursor that no page of this question has given. */
    public static RekindleException badCursor(String cursor) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "no such cursor: '%s'; expected what the page before gave. Begin with the first page."
                        .formatted(cursor.length() > 80 ? cursor.substring(0, 80) + "…" : cursor));
    }

    /** {@code INVALID_ARGUMENT}: an export that contradicts itself, or that this version can't read. */
    public static RekindleException badExport(String instance, String what) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "export can't be taken in: instance '%s'; %s. Nothing was written; export it again."
                        .formatted(instance, what));
    }

    /** {@code INSTANCE_EXISTS}: the id of a start is taken. */
    public static RekindleException exists(String instance) {
        return new RekindleException(ErrorCode.INSTANCE_EXISTS, existsText(instance));
    }

    /** What a parent is told when the id of its child is taken. */
    public static WorkItem.ChildFailed childExists(String child, ParentLink parent) {
        return new WorkItem.ChildFailed(
                parent.instance(),
                parent.runId(),
                parent.executionId(),
                parent.scheduledId(),
                Failure.of(ErrorCode.INSTANCE_EXISTS, existsText(child), false));
    }

    /** {@code INVALID_ARGUMENT}: events or activities belong to another execution than the latest one. */
    public static RekindleException notLatestExecution(String instance, long executionId, long latest) {
        return invalid("not the latest execution", instance, latest, executionId);
    }

    /**
     * Checks that the ids of events follow the id of a last event without a gap.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT} when they don't
     */
    public static void checkOrder(String instance, long lastEventId, List<Event> events) {
        long expected = lastEventId;
        for (Event event : events) {
            if (event.id() != ++expected) {
                throw invalid("event id out of order", instance, expected, event.id());
            }
        }
    }

    /**
     * {@code CLOSED}: the provider is closed.
     *
     * @param provider its {@linkplain Provider#name() name}
     */
    public static RekindleException closed(String provider) {
        return new RekindleException(
                ErrorCode.CLOSED, "provider closed: '%s'; expected it to be open. Open it again.".formatted(provider));
    }

    private static RekindleException lost(String what, String instance, String found) {
        return new RekindleException(
                ErrorCode.LEASE_LOST,
                "lease lost: %s '%s'; %s. Nothing was written; drop this work, it comes again where it belongs."
                        .formatted(what, instance, found));
    }

    private static String existsText(String instance) {
        return "instance exists: '%s'; expected an id that is free. Choose another id, or use the instance that is there."
                .formatted(instance);
    }

    private static RekindleException invalid(String what, String instance, long expected, long found) {
        return new RekindleException(
                ErrorCode.INVALID_ARGUMENT,
                "%s: instance '%s'; expected %d, found %d. Read the history again."
                        .formatted(what, instance, expected, found));
    }
}
