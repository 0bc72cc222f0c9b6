package dev.rekindle.management;

import org.jspecify.annotations.Nullable;

/**
 * Which activities are wanted of those that have not completed: those that fit everything that is set. Immutable.
 *
 * @param activity of this name; null for any
 * @param retryingOnly only those that failed before, or that no node had code for
 */
public record ActivityQuery(@Nullable String activity, boolean retryingOnly) {
    /** All activities. */
    public static final ActivityQuery ALL = new ActivityQuery(null, false);

    /** How many rows of the queue a page looks at, at most. */
    public static final int LOOKED_AT = 5_000;

    /** Of this name. */
    public ActivityQuery withActivity(@Nullable String wanted) {
        return new ActivityQuery(wanted, retryingOnly);
    }

    /** Only those that are tried again, or all. */
    public ActivityQuery withRetryingOnly(boolean only) {
        return new ActivityQuery(activity, only);
    }

    /** Whether an activity fits. */
    public boolean matches(String name, boolean retrying) {
        return (activity == null || activity.equals(name)) && (retrying || !retryingOnly);
    }
}
