package dev.rekindle.cli;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import java.io.IOException;

/** A node in a process of its own, for tests: says whether it runs the store or stands by, and lives until it is ended. */
public final class NodeMain {
    static final Activity<Integer, Integer> DOUBLE = Activity.named("Double", Integer.class, Integer.class);
    static final Orchestration<Integer, Integer> EIGHTFOLD =
            Orchestration.named("Eightfold", Integer.class, Integer.class);

    private NodeMain() {}

    /**
     * Runs it.
     *
     * @param args the store's URL
     */
    public static void main(String[] args) throws IOException {
        try (Rekindle node = Rekindle.open(args[0])
                .activity(DOUBLE, (ctx, number) -> number * 2)
                .orchestration(EIGHTFOLD, (ctx, number) -> ctx.call(DOUBLE, ctx.call(DOUBLE, ctx.call(DOUBLE, number))))
                .start()) {
            System.out.println(node.isStandby() ? "standby" : "running");
            System.in.transferTo(System.out);
        }
    }
}
