package dev.rekindle.cli;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The one place of the command line that reads the machine's clock. */
public final class SystemTime {
    private SystemTime() {}

    /** Nanoseconds that only go forward, for measuring. */
    public static LongSupplier ticker() {
        return System::nanoTime;
    }

    /** The time of day. */
    static InstantSource clock() {
        return InstantSource.system();
    }
}
