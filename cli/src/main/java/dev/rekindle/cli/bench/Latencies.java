package dev.rekindle.cli.bench;

import java.util.Arrays;

/** Times in nanoseconds, all of them kept, so that percentiles are exact. Not thread-safe: one for each worker. */
final class Latencies {
    private long[] nanos = new long[1_024];
    private int count;

    void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = time;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /** The least time that this part of all, from 0 to 1, did not exceed, in milliseconds; 0 when there are none. */
    double percentileMillis(double part) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(part * count);
        return sorted[Math.max(1, rank) - 1] / 1e6;
    }
}
