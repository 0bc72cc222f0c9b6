package dev.rekindle.runtime;

import java.util.function.LongSupplier;

/** The only place that reads the system's running time. */
final class SystemTime {
    /** Nanoseconds since some moment, for measuring how long things take. */
    static final LongSupplier TICKER = System::nanoTime;

    private SystemTime() {}
}
