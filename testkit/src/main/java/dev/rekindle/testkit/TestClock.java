package dev.rekindle.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Thread-safe. */
public final class TestClock implements InstantSource {
    /** When every test begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    /** A clock that shows {@link #START}. */
    public TestClock() {}

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves it by this much. Who waits is told by {@link TestStore#move}, not by this. */
    public void move(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }
}
