package dev.rekindle.cli.bench;

import dev.rekindle.Activity;
import dev.rekindle.DurableFuture;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is measured: an orchestration of activities that do nothing, so that what remains is the cost of durability. */
enum Workload {
    /** One activity. */
    HELLO(1, 1),
    /** Five activities, one after the other. */
    SEQ5(5, 1),
    /** Five activities at once, joined. */
    FAN5(1, 5),
    /** A thousand activities at once, joined. */
    FAN1000(1, 1_000);

    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);

    private final int rounds;
    private final int atOnce;

    Workload(int rounds, int atOnce) {
        this.rounds = rounds;
        this.atOnce = atOnce;
    }

    /** How many activities one orchestration runs. */
    int activities() {
        return rounds * atOnce;
    }

    Orchestration<Integer, Integer> orchestration() {
        return Orchestration.named("bench-" + this, Integer.class, Integer.class);
    }

    Rekindle.Builder on(Rekindle.Builder node) {
        return node.activity(STEP, (ctx, input) -> input).orchestration(orchestration(), this::run);
    }

    private Integer run(OrchestrationContext ctx, Integer input) {
        for (int round = 0; round < rounds; round++) {
            if (atOnce == 1) {
                ctx.call(STEP, input);
            } else {
                List<DurableFuture<Integer>> steps = IntStream.range(0, atOnce)
                        .mapToObj(step -> ctx.schedule(STEP, input))
                        .toList();
                ctx.allOf(steps).await();
            }
        }
        return input;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
