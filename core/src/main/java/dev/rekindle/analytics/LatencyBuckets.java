package dev.rekindle.analytics;

/**
 * Times by their order of magnitude: each bucket reaches to a fourth of a doubling above the one before, so that a percentile
 * is right to within a tenth. Stateless and thread-safe.
 */
public final class LatencyBuckets {
    private static final double PER_DOUBLING = 4;

    private LatencyBuckets() {}

    /** The bucket of a time in milliseconds; 0 for less than one. */
    public static int of(long millis) {
        return millis < 1 ? 0 : 1 + (int) Math.floor(PER_DOUBLING * Math.log((double) millis) / Math.log(2) + 1e-9);
    }

    /** A time in the middle of a bucket, in milliseconds. */
    public static double middle(int bucket) {
        return bucket == 0 ? 0.5 : Math.pow(2, (bucket - 0.5) / PER_DOUBLING);
    }
}
