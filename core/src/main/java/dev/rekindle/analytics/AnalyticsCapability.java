package dev.rekindle.analytics;

import dev.rekindle.RekindleException;
import dev.rekindle.provider.Capability;
import java.time.Instant;
import java.util.List;

/**
 * Keeping figures about what ended: how often, how long it took and where time went. Nodes measure and hand sums over now
 * and then; the store adds them up. Thread-safe.
 *
 * <p>Figures are for people: what a node measured in its last seconds is lost when it dies. Nothing of an instance depends on
 * them.
 */
public interface AnalyticsCapability extends Capability {
    /**
     * Adds to what is kept of the same resolution, time, subject, outcome and bucket.
     *
     * <p>Atomic: all are added or none. Repeat: adds again. After a crash: all or none.
     *
     * @throws RekindleException {@code STORE_UNAVAILABLE} when trying again may help
     */
    void addMeasurements(List<Measurement> measurements);

    /**
     * What was measured in a window, summed over its time: one for each subject, outcome and bucket. Their time is {@code
     * from}.
     *
     * @param from the beginning; included
     * @param to the end; not included
     */
    List<Measurement> sumMeasurements(Resolution resolution, Instant from, Instant to);

    /**
     * What was measured of one kind in a window, over time: one for each time and outcome that has any, in the order of time.
     * Their subject has empty names, their bucket is 0.
     *
     * @param from the beginning; included
     * @param to the end; not included
     */
    List<Measurement> measurementSeries(Subject.Kind kind, Resolution resolution, Instant from, Instant to);

    /**
     * Forgets what is older than a time; only of this resolution.
     *
     * <p>Atomic: trivially. Repeat: finds nothing left. After a crash: all is gone or some.
     *
     * @return how many rows that were
     */
    long forgetMeasurements(Resolution resolution, Instant before);
}
