package dev.rekindle;

/**
 * The stable codes of every error that Rekindle reports. A code never changes its meaning; messages may be reworded.
 *
 * <p>A message begins with the code and, where something is to be corrected, has the shape {@code CODE what: which 'thing';
 * expected X, found Y. What to do.}
 */
public enum ErrorCode {
    /** An argument is outside its documented range. */
    INVALID_ARGUMENT,
    /** A name, id or payload is larger than {@link Limits} allows. */
    LIMIT_EXCEEDED,
    /** A value can't be written as, or read from, a payload of the declared type. */
    PAYLOAD_MISMATCH,
    /** An instance with this id exists already. */
    INSTANCE_EXISTS,
    /** No instance has this id. */
    INSTANCE_NOT_FOUND,
    /** The instance has ended, so it can take no more messages. */
    INSTANCE_ENDED,
    /** The instance's status does not allow this. */
    WRONG_STATUS,
    /** The instance has children that would be left behind. */
    INSTANCE_HAS_CHILDREN,
    /** The orchestration failed; the cause tells why. */
    ORCHESTRATION_FAILED,
    /** The orchestration was cancelled. */
    ORCHESTRATION_CANCELLED,
    /** The orchestration was terminated by an operator. */
    ORCHESTRATION_TERMINATED,
    /** No node that can be seen from here has code for this orchestration. */
    ORCHESTRATION_NOT_REGISTERED,
    /** No node that can be seen from here has code for this activity. */
    ACTIVITY_NOT_REGISTERED,
    /** An activity failed and will not be tried again. */
    ACTIVITY_FAILED,
    /** An activity, or one attempt of it, took longer than it may. */
    ACTIVITY_TIMED_OUT,
    /** A work item was running each time its node died, too often to try again. */
    WORK_QUARANTINED,
    /** A child orchestration failed. */
    CHILD_FAILED,
    /** A wait ended before what it waited for came. */
    TIMED_OUT,
    /** The instance was asked to cancel. */
    CANCELLED,
    /** The code does not do what the history says it did. */
    HISTORY_MISMATCH,
    /** The history holds something that this version can't read. */
    HISTORY_UNREADABLE,
    /** The code of an orchestration died of something that is not its logic, such as too little memory; it is tried again. */
    TURN_BROKE_OFF,
    /** A turn has been running for longer than a turn may. */
    TURN_NOT_ENDING,
    /** A method of the orchestration context was used where it can't work. */
    WRONG_CONTEXT,
    /** The lease was lost to another node or ended; nothing was written. */
    LEASE_LOST,
    /** No installed provider knows this store URL. */
    UNKNOWN_STORE,
    /** The store can't be opened. */
    STORE_UNREADABLE,
    /** The store belongs to something else. */
    STORE_FOREIGN,
    /** The store was written by a newer version. */
    STORE_NEWER,
    /** The store has no room left. */
    STORE_FULL,
    /** The store does not answer at the moment. */
    STORE_UNAVAILABLE,
    /** What was asked to change something can only read. */
    READ_ONLY,
    /** This provider lacks a capability. */
    CAPABILITY_NOT_AVAILABLE,
    /** The provider or runtime is closed. */
    CLOSED
}
