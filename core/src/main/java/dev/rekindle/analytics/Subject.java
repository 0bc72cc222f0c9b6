package dev.rekindle.analytics;

/**
 * What was measured. Immutable.
 *
 * @param kind what sort of thing
 * @param orchestration the orchestration that it is, or belongs to
 * @param name the activity, the channel of an event or the child's orchestration; empty for orchestrations and timers
 */
public record Subject(Kind kind, String orchestration, String name) {
    /** What can be measured. */
    public enum Kind {
        /** An orchestration, from its first turn to its end. */
        ORCHESTRATION,
        /** An activity, from its scheduling to its completion. */
        ACTIVITY,
        /** The wait for a timer. */
        TIMER,
        /** The wait for a message. */
        EVENT,
        /** The wait for a child. */
        CHILD
    }
}
