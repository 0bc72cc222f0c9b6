package dev.rekindle.provider;

import java.util.List;

/**
 * What a committed turn gives back. Immutable.
 *
 * @param leased leases of the activities that asked for it, in the order of {@link TurnCommit.Effects#activities()}.
 *     A commit never schedules activities that it cancels, or that its transition would remove
 */
public record TurnReceipt(List<WorkLease> leased) {
    /** Makes the list immutable. */
    public TurnReceipt {
        leased = List.copyOf(leased);
    }
}
