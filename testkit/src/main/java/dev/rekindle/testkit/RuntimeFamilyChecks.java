package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ChildFailedException;
import dev.rekindle.InstanceHandle;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orchestrations that call others, or go on as new ones. */
abstract class RuntimeFamilyChecks extends RuntimeChecks {
    private static final Orchestration<Integer, Integer> COUNT =
            Orchestration.named("Count", Integer.class, Integer.class);

    RuntimeFamilyChecks(OrchestrationContract contract) {
        super(contract);
    }

    @Test
    void children_manyAtOnce_allAnswer() throws Exception {
        try (Rekindle rekindle = node().orchestration(HELLO, (ctx, name) -> ctx.call(GREET, name))
                .orchestration(
                        COUNT,
                        (ctx, width) -> ctx.allOf(IntStream.range(0, width)
                                        .mapToObj(i -> ctx.scheduleChild(HELLO, "child " + i))
                                        .toList())
                                .await()
                                .size())
                .start()) {
            assertThat(rekindle.client().start(COUNT, "parent", 200).result(SOON))
                    .isEqualTo(200);
        }
    }

    @Test
    void child_whoseIdIsTaken_failsItsWait() throws Exception {
        try (Rekindle rekindle = node().orchestration(
                        HELLO, (ctx, name) -> ctx.event("x", String.class).await())
                .orchestration(COUNT, (ctx, n) -> {
                    try {
                        ctx.scheduleChild(HELLO, "taken", "x").await();
                        return 0;
                    } catch (ChildFailedException e) {
                        return e.failure().type().equals("INSTANCE_EXISTS") ? 1 : 2;
                    }
                })
                .start()) {
            rekindle.client().start(HELLO, "taken", "");
            assertThat(rekindle.client().start(COUNT, "parent", 1).result(SOON)).isEqualTo(1);
            assertThat(rekindle.client()
                            .getStatus("taken")
                            .orElseThrow()
                            .status()
                            .isTerminal())
                    .isFalse();
        }
    }

    @Test
    void continueAsNew_overManyExecutions_keepsIdAndMessages() throws Exception {
        try (Rekindle rekindle = node().orchestration(COUNT, (ctx, round) -> {
                    int value = ctx.event("numbers", Integer.class).await();
                    return value < 0 ? round : ctx.continueAsNew(COUNT, round + value);
                })
                .start()) {
            InstanceHandle<Integer> handle = rekindle.client().start(COUNT, "sum", 0);
            for (int i = 1; i <= 50; i++) {
                rekindle.client().raiseEvent("sum", "numbers", i);
            }
            rekindle.client().raiseEvent("sum", "numbers", -1);
            assertThat(handle.result(SOON)).isEqualTo(1_275);
            assertThat(handle.snapshot().executionId()).isEqualTo(51);
        }
    }

    @Test
    void continueAsNew_ofAChild_stillAnswersItsParent() throws Exception {
        Orchestration<Integer, Integer> down = Orchestration.named("Down", Integer.class, Integer.class);
        try (Rekindle rekindle = node().orchestration(down, (ctx, n) -> n == 0 ? 42 : ctx.continueAsNew(down, n - 1))
                .orchestration(COUNT, (ctx, n) -> ctx.callChild(down, n))
                .start()) {
            assertThat(rekindle.client().start(COUNT, "parent", 5).result(SOON)).isEqualTo(42);
        }
    }
}
