package dev.rekindle.examples;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The smallest whole program: one activity, one orchestration, one instance. */
public final class Hello {
    // Definitions are constants: a durable name and types. Histories know code by these names only.
    static final Activity<String, String> GREET = Activity.named("Greet", String.class, String.class);
    static final Orchestration<String, String> HELLO = Orchestration.named("Hello", String.class, String.class);

    private Hello() {}

    /** Ordinary blocking Java. Each call is recorded, so a process that dies here goes on with the call it was at. */
    static String hello(OrchestrationContext ctx, String name) {
        String first = ctx.call(GREET, name);

        // Scheduled together, these two run at the same time.
        List<String> others = ctx.allOf(Stream.of("durable world", "you")
                        .map(other -> ctx.schedule(GREET, other))
                        .toList())
                .await();
        return first + " " + String.join(" ", others);
    }

    /**
     * Runs it.
     *
     * @param args the store's URL; a database in memory unless it is given
     */
    public static void main(String[] args) throws InterruptedException {
        try (Rekindle rekindle = Rekindle.open(args.length == 0 ? "sqlite::memory:" : args[0])
                .activity(GREET, (ctx, name) -> "Hello, " + name + "!")
                .orchestration(HELLO, Hello::hello)
                .start()) {
            String greeting = rekindle.client()
                    .start(HELLO, "hello-" + UUID.randomUUID(), "world")
                    .result(Duration.ofMinutes(1));
            System.out.println(greeting);
        }
    }
}
