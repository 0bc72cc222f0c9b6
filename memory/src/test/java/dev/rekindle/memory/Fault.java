package dev.rekindle.memory;

/** What {@link FaultyProvider} does wrong. */
enum Fault {
    /** Nothing. */
    NONE,
    /** A commit or completion under a lost lease is written as if it came from the present holder. */
    SKIP_TOKEN_CHECK,
    /** A turn is acknowledged first and committed with the next call. */
    ACK_BEFORE_COMMIT,
    /** Continue-as-new removes messages that the turn did not consume. */
    DROP_MESSAGE_AT_CONTINUE_AS_NEW,
    /** A lease that ends with a commit ends only after the next fetch. */
    RELEASE_LEASE_LATE,
    /** What a turn sends is sent twice, as when a commit is repeated whose answer was lost. */
    REPEAT_COMMIT,
    /** What a turn sends is sent before the turn is checked. */
    SEND_BEFORE_COMMIT,
    /** The messages of an instance come newest first. */
    REORDER_MESSAGES,
    /** Messages that should come later come at once. */
    IGNORE_DELAY,
    /** What a turn takes back stays. */
    FORGET_CANCEL,
    /** A timer's time is rounded down to milliseconds. */
    FIRE_TIMERS_EARLY,
    /** An instance that is leased is given out again. */
    LEASE_TWICE,
    /** A failed attempt is not counted. */
    FORGET_ATTEMPTS,
    /** The deaths of nodes are not counted. */
    FORGET_DEATHS,
    /** Messages go to whoever has the id now, whichever run they are for. */
    IGNORE_RUN,
    /** A turn completes activities whose lease it has lost. */
    CONSUME_STALE_WORK,
    /** Messages for nobody vanish. */
    FORGET_DEAD_LETTERS,
    /** An instance that is leased is suspended only after its next commit. */
    SUSPEND_LATE,
    /** One execution more is pruned than was asked for. */
    PRUNE_ONE_MORE,
    /** Of several instances each is deleted by itself. */
    DELETE_ONE_BY_ONE,
    /** Children are deleted that nobody named. */
    CASCADE_ALWAYS,
    /** An instance is reopened whatever its last event is by now. */
    REOPEN_ANYWHERE,
    /** A query does not look at attributes. */
    IGNORE_ATTRIBUTES,
    /** A start that comes with its first turn is told of success though its id is taken. */
    START_EAGERLY_TWICE
}
