package dev.rekindle.integration;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import java.time.Duration;

/** Definitions that the tests of this package share. */
final class Words {
    static final Duration SOON = Duration.ofSeconds(30);

    static final Activity<String, String> GREET = Activity.named("Greet", String.class, String.class);
    static final Orchestration<String, String> HELLO = Orchestration.named("Hello", String.class, String.class);

    private Words() {}
}
