package dev.rekindle.management;

import java.util.List;

/**
 * Why an instance stands where it stands. Immutable.
 *
 * @param instance the instance
 * @param headline the most important of it in one sentence
 * @param waits all that it waits for, the most important first; empty when it has ended
 */
public record Diagnosis(InstanceSummary instance, String headline, List<PendingWait> waits) {
    /** Makes the list immutable. */
    public Diagnosis {
        waits = List.copyOf(waits);
    }
}
