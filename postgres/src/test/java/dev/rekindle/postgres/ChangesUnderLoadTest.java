package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.ErrorCode;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.StoreImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes run families of instances while operators of both seize, hold, release and delete them. */
@Timeout(120)
class ChangesUnderLoadTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private static final int FAMILIES = 200;
    private static final int STEPS = 15;
    private static final int OPERATORS = 4;
    private static final int CHANGES = 150;
    private static final String DEADLOCKS =
            "SELECT deadlocks FROM pg_catalog.pg_stat_database WHERE datname = current_database()";

    private static final Activity<Integer, Integer> ADD = Activity.named("Add", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> CHILD =
            Orchestration.named("Child", Integer.class, Integer.class);
    private static final Orchestration<Integer, Integer> PARENT =
            Orchestration.named("Parent", Integer.class, Integer.class);

    private final Set<String> deleted = ConcurrentHashMap.newKeySet();

    private static Rekindle node(PostgresProvider provider) {
        return Rekindle.on(provider)
                .activity(ADD, (ctx, number) -> number + 1)
                .orchestration(CHILD, (ctx, number) -> steps(ctx, number, STEPS))
                .orchestration(PARENT, ChangesUnderLoadTest::parent)
                .start();
    }

    private static int steps(OrchestrationContext ctx, int number, int steps) {
        int sum = number;
        for (int i = 0; i < steps; i++) {
            sum = ctx.call(ADD, sum);
        }
        return sum;
    }

    /** A child that an operator deletes has failed; its parent goes on. */
    private static int parent(OrchestrationContext ctx, int number) {
        int sum = steps(ctx, number, STEPS);
        try {
            ctx.scheduleChild(CHILD, ctx.instance() + "-child", sum).await();
        } catch (RekindleException e) {
            return -1;
        }
        return steps(ctx, sum, STEPS);
    }

    private void operate(PostgresProvider provider, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHANGES; i++) {
            String family = "f" + random.nextInt(FAMILIES);
            String child = family + "-child";
            int what = random.nextInt(10);
            expecting(() -> {
                switch (what) {
                    case 0, 1, 2 -> {
                        provider.suspendInstance(family, "held");
                        provider.resumeInstance(family);
                    }
                    case 3, 4, 5 -> {
                        provider.suspendInstance(child, "held");
                        provider.resumeInstance(child);
                    }
                    case 6 -> delete(provider, List.of(child), DeleteOptions.CAREFUL.withForce(true));
                    case 7 -> delete(provider, List.of(family), new DeleteOptions(true, true));
                    case 8 -> provider.pruneExecutions(family, 1);
                    default -> provider.exportInstance(family);
                }
            });
        }
    }

    private void delete(PostgresProvider provider, List<String> ids, DeleteOptions options) {
        provider.deleteInstances(ids, options);
        deleted.addAll(ids);
    }

    /** What operators are told when somebody was quicker. */
    private static void expecting(Runnable change) {
        try {
            change.run();
        } catch (RekindleException e) {
            assertThat(e.code()).as(e.toString()).isIn(ErrorCode.INSTANCE_NOT_FOUND, ErrorCode.INSTANCE_ENDED);
        }
    }

    @Test
    void changes_whileTwoNodesRunEverything_loseNothingAndNeverDeadlock() throws Exception {
        SCHEMA.open().close();
        String deadlocks = SCHEMA.value(DEADLOCKS);
        String url = SCHEMA.url() + "&takeover=60";
        try (PostgresProvider here = PostgresProvider.open(url);
                PostgresProvider there = PostgresProvider.open(url)) {
            try (Rekindle one = node(here);
                    Rekindle other = node(there);
                    ExecutorService operators = Executors.newFixedThreadPool(OPERATORS)) {
                for (int i = 0; i < FAMILIES; i++) {
                    (i % 2 == 0 ? one : other).client().start(PARENT, "f" + i, i);
                }
                List<Future<?>> done = new ArrayList<>();
                for (int i = 0; i < OPERATORS; i++) {
                    int seed = i;
                    done.add(operators.submit(() -> operate(seed % 2 == 0 ? here : there, seed)));
                }
                for (Future<?> operator : done) {
                    operator.get();
                }
                for (String family :
                        IntStream.range(0, FAMILIES).mapToObj(i -> "f" + i).toList()) {
                    here.awaitInstance(family, Duration.ofSeconds(30))
                            .ifPresent(ended ->
                                    assertThat(ended.status()).as("%s", ended).isEqualTo(Status.COMPLETED));
                }
            }
            List<String> left = here.queryInstances(InstanceQuery.ALL, PageRequest.first(1_000)).items().stream()
                    .map(InstanceSummary::instance)
                    .toList();
            assertThat(IntStream.range(0, FAMILIES).mapToObj(i -> "f" + i))
                    .allSatisfy(family -> assertThat(left.contains(family)).isNotEqualTo(deleted.contains(family)));
            StoreImage image = here.inspect();
            assertThat(image.orphans()).isEmpty();
            assertThat(image.statusCounts().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(image.instances().size());
            assertThat(here.writerStats().fenced() + there.writerStats().fenced())
                    .isPositive();
        }
        assertThat(SCHEMA.value(DEADLOCKS)).isEqualTo(deadlocks);
    }
}
