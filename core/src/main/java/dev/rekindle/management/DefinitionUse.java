package dev.rekindle.management;

import dev.rekindle.Status;

/**
 * How many instances one version of an orchestration has in one status. Immutable.
 *
 * @param orchestration the name
 * @param version the version; empty for instances that no turn has given one yet
 * @param status the status
 * @param instances how many there are, counted up to {@link #COUNTED}
 */
public record DefinitionUse(String orchestration, String version, Status status, long instances) {
    /** A count stops here: there may be more. */
    public static final long COUNTED = 1_000;

    /** Whether there may be more than were counted. */
    public boolean atLeast() {
        return instances >= COUNTED;
    }
}
