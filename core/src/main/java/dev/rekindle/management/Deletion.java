package dev.rekindle.management;

/**
 * What a deletion removed. Immutable.
 *
 * @param instances how many instances, children included
 * @param executions how many executions
 * @param events how many events of their histories
 * @param queued how many messages, activities and timers
 */
public record Deletion(long instances, long executions, long events, long queued) {
    /** Nothing at all. */
    public static final Deletion NONE = new Deletion(0, 0, 0, 0);

    /** Both together. */
    public Deletion plus(Deletion other) {
        return new Deletion(
                instances + other.instances,
                executions + other.executions,
                events + other.events,
                queued + other.queued);
    }
}
