package dev.rekindle.analytics;

/**
 * Sums over things that were measured. Immutable.
 *
 * @param count how many
 * @param millis how long they took in all, in milliseconds
 * @param queuedMillis of that, how long they waited for a node; of activities that succeeded at once only
 * @param retryingMillis of that, how long earlier attempts and the waits between them took
 */
public record Totals(long count, long millis, long queuedMillis, long retryingMillis) {
    /** Nothing at all. */
    public static final Totals NONE = new Totals(0, 0, 0, 0);

    /** Both together. */
    public Totals plus(Totals other) {
        return new Totals(
                count + other.count,
                millis + other.millis,
                queuedMillis + other.queuedMillis,
                retryingMillis + other.retryingMillis);
    }

    /** How long they ran, or were waited for, in all, in milliseconds. */
    public long activeMillis() {
        return millis - queuedMillis - retryingMillis;
    }
}
