package dev.rekindle.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

/** A node in a process of its own, for tests: says when it stands by and when it runs the store. */
public final class NodeMain {
    static final Activity<Integer, Integer> DOUBLE = Activity.named("Double", Integer.class, Integer.class);
    static final Orchestration<Integer, Integer> EIGHTFOLD =
            Orchestration.named("Eightfold", Integer.class, Integer.class);

    static final Orchestration<String, String> ASK = Orchestration.named("Ask", String.class, String.class);
    static final Activity<String, String> BREAK = Activity.named("Break", String.class, String.class);
    static final Orchestration<String, String> BROKEN = Orchestration.named("Broken", String.class, String.class);

    private String said = "";

    private NodeMain() {}

    /**
     * Runs it until its standard input ends.
     *
     * @param args the store's URL
     */
    public static void main(String[] args) throws IOException {
        NodeMain main = new NodeMain();
        try (Rekindle node = Rekindle.open(args[0])
                        .activity(DOUBLE, (ctx, number) -> number * 2)
                        .orchestration(EIGHTFOLD, NodeMain::eightfold)
                        .orchestration(
                                ASK,
                                (ctx, question) ->
                                        ctx.event("answer", String.class).await(Duration.ofDays(3)))
                        .activity(BREAK, (ctx, what) -> {
                            throw new IOException("can't repair " + what);
                        })
                        .orchestration(
                                BROKEN,
                                (ctx, what) -> ctx.call(
                                        BREAK,
                                        what,
                                        retry -> retry.maxAttempts(9)
                                                .backoff(Duration.ofHours(1))
                                                .maxBackoff(Duration.ofHours(1))))
                        .start();
                ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> saying = watch.scheduleWithFixedDelay(
                    () -> main.say(node.isStandby() ? "standby" : "running"), 0, 20, MILLISECONDS);
            System.in.transferTo(System.out);
            saying.cancel(true);
        }
    }

    private static Integer eightfold(OrchestrationContext ctx, Integer number) {
        return ctx.call(DOUBLE, ctx.call(DOUBLE, ctx.call(DOUBLE, number)));
    }

    private void say(String state) {
        if (!state.equals(said)) {
            System.out.println(state);
            said = state;
        }
    }
}
