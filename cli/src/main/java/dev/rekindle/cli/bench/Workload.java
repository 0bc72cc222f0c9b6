package dev.rekindle.cli.bench;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.OrchestrationFunction;
import dev.rekindle.Rekindle;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is measured: an orchestration of activities that do nothing, so that what remains is the cost of durability. */
enum Workload {
    /** One activity. */
    HELLO(1, (ctx, input) -> sequential(ctx, input, 1)),
    /** Five activities one after the other. */
    SEQ5(5, (ctx, input) -> sequential(ctx, input, 5)),
    /** Five activities at once, joined. */
    FAN5(5, (ctx, input) -> parallel(ctx, input, 5)),
    /** A thousand activities at once, joined. */
    FAN1000(1_000, (ctx, input) -> parallel(ctx, input, 1_000));

    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);

    private final int activities;
    private final OrchestrationFunction<Integer, Integer> code;

    Workload(int activities, OrchestrationFunction<Integer, Integer> code) {
        this.activities = activities;
        this.code = code;
    }

    /** How many activities one orchestration runs. */
    int activities() {
        return activities;
    }

    Orchestration<Integer, Integer> orchestration() {
        return Orchestration.named("bench-" + this, Integer.class, Integer.class);
    }

    Rekindle.Builder on(Rekindle.Builder node) {
        return node.activity(STEP, (ctx, input) -> input).orchestration(orchestration(), code);
    }

    private static Integer sequential(OrchestrationContext ctx, int input, int steps) {
        int value = input;
        for (int i = 0; i < steps; i++) {
            value = ctx.call(STEP, value);
        }
        return value;
    }

    private static Integer parallel(OrchestrationContext ctx, int input, int steps) {
        return ctx.<Integer>allOf(IntStream.range(0, steps)
                        .mapToObj(i -> ctx.schedule(STEP, input))
                        .toList())
                .await()
                .size();
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
