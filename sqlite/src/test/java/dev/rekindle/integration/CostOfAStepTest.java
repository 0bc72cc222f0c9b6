package dev.rekindle.integration;

import static dev.rekindle.integration.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.sqlite.SqliteProvider;
import dev.rekindle.sqlite.WriterStats;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What durability costs, counted rather than timed. */
class CostOfAStepTest {
    private static final Activity<Integer, Integer> STEP = Activity.named("Step", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> COUNT =
            Orchestration.named("Count", Integer.class, Integer.class);

    @TempDir
    private Path dir;

    @Test
    void sequentialStep_oneInstanceAlone_costsThreeStatementsAndOneCommit() throws Exception {
        try (SqliteProvider provider = SqliteProvider.open("sqlite:" + dir.resolve("cost.db"));
                Rekindle rekindle = Rekindle.on(provider)
                        .options(options -> options.quietTime(Duration.ofMinutes(1)))
                        .activity(STEP, (ctx, n) -> n + 1)
                        .orchestration(COUNT, (ctx, steps) -> {
                            int value = 0;
                            for (int i = 0; i < steps; i++) {
                                value = ctx.call(STEP, value);
                            }
                            return value;
                        })
                        .start()) {
            rekindle.client().start(COUNT, "warm-up", 1).result(SOON);
            WriterStats few = costOf(rekindle, provider, 100);
            WriterStats many = costOf(rekindle, provider, 300);
            assertThat(many.commits() - few.commits()).isEqualTo(200);
            assertThat(many.statements() - few.statements()).isEqualTo(3 * 200);
        }
    }

    @Test
    void shortestOrchestration_startedWhereItsCodeIs_costsTwoCommits() throws Exception {
        try (SqliteProvider provider = SqliteProvider.open("sqlite:" + dir.resolve("cost.db"));
                Rekindle rekindle = Rekindle.on(provider)
                        .activity(STEP, (ctx, n) -> n + 1)
                        .orchestration(COUNT, (ctx, n) -> ctx.call(STEP, n))
                        .start()) {
            rekindle.client().start(COUNT, "warm-up", 1).result(SOON);
            long before = provider.writerStats().commits();
            for (int i = 0; i < 10; i++) {
                rekindle.client().start(COUNT, "count-" + i, i).result(SOON);
            }
            assertThat(provider.writerStats().commits() - before).isEqualTo(2 * 10);
        }
    }

    private static WriterStats costOf(Rekindle rekindle, SqliteProvider provider, int steps) throws Exception {
        WriterStats before = provider.writerStats();
        rekindle.client().start(COUNT, "steps-" + steps, steps).result(SOON);
        WriterStats after = provider.writerStats();
        return new WriterStats(
                after.commits() - before.commits(),
                after.statements() - before.statements(),
                after.operations() - before.operations(),
                after.largestBatch());
    }
}
