package dev.rekindle.cli.bench;

import dev.rekindle.RuntimeMetrics;

/**
 * What was measured. Latencies are from start to result, as a client sees them; counters are those of the measured time.
 */
record BenchResult(
        double orchestrationsPerS,
        double activitiesPerS,
        double p50Ms,
        double p99Ms,
        long orchestrations,
        long errors,
        Settings settings,
        Counters runtime) {

    /** What was measured with; the URL, without login, says how commits reach the disk, where it differs from the provider's default. */
    record Settings(
            String workload,
            String db,
            String store,
            int inFlight,
            double warmupS,
            double seconds,
            String java,
            int cpus) {}

    /** What the node did meanwhile; resident instances and their bytes as they are at the end. */
    record Counters(long turns, long replays, long activities, long evictions, int resident, long residentBytes) {
        static Counters between(RuntimeMetrics start, RuntimeMetrics end) {
            return new Counters(
                    end.turns() - start.turns(),
                    end.replays() - start.replays(),
                    end.activities() - start.activities(),
                    end.evictions() - start.evictions(),
                    end.resident(),
                    end.residentBytes());
        }
    }

    /** For people. */
    String table() {
        return """
            workload           %s, %d in flight, %.1f s after %.1f s of warm-up
            store              %s (%s)
            orchestrations/s   %,.0f
            activities/s       %,.0f
            p50                %.2f ms
            p99                %.2f ms
            errors             %d
            turns              %,d, of them %,d replayed
            resident           %,d instances, %,d bytes, %,d evictions
            Java               %s on %d processors\
            """.formatted(
                        settings.workload(),
                        settings.inFlight(),
                        settings.seconds(),
                        settings.warmupS(),
                        settings.store(),
                        settings.db(),
                        orchestrationsPerS,
                        activitiesPerS,
                        p50Ms,
                        p99Ms,
                        errors,
                        runtime.turns(),
                        runtime.replays(),
                        runtime.resident(),
                        runtime.residentBytes(),
                        runtime.evictions(),
                        settings.java(),
                        settings.cpus());
    }
}
