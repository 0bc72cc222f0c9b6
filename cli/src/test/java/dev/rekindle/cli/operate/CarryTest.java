package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.DurableFuture;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.cli.Cli;
import dev.rekindle.cli.TestPostgres;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.Management;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An instance that is exported from a store of one kind and imported into one of another kind goes on there. */
@Timeout(120)
class CarryTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Activity<String, String> CHARGE = Activity.named("Charge", String.class, String.class);
    private static final Orchestration<Integer, String> ORDER =
            Orchestration.named("Order", Integer.class, String.class);

    /** What a store of any kind keeps. A timer is never due too early, so one that counts milliseconds takes the next. */
    private record Kept(
            InstanceSummary instance,
            List<List<Event>> histories,
            List<String> messages,
            List<String> activities,
            List<String> timers) {}

    @TempDir
    private Path folder = Path.of("");

    private String url(String kind) {
        String name = "carry_" + UUID.randomUUID().toString().replace("-", "");
        return switch (kind) {
            case "sqlite" -> "sqlite:" + folder.resolve(name + ".db");
            case "memory" -> "test:" + name;
            case "postgres" -> TestPostgres.url(name);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /**
     * A node whose bank answers or does not.
     *
     * @param refused counted down when the bank did not answer
     */
    private static Rekindle node(Provider provider, boolean answers, CountDownLatch refused) {
        return Rekindle.on(provider)
                .activity(CHARGE, (ctx, what) -> {
                    if (!answers) {
                        refused.countDown();
                        throw new IOException("no answer");
                    }
                    return "charged for " + what;
                })
                .orchestration(ORDER, (ctx, round) -> {
                    if (round < 3) {
                        return ctx.continueAsNew(ORDER, round + 1);
                    }
                    ctx.setCustomStatus(Map.of("round", round));
                    DurableFuture<String> charged = ctx.schedule(
                            CHARGE,
                            "lämp 💡",
                            options -> options.maxAttempts(1_000_000).backoff(Duration.ofMillis(20)));
                    DurableFuture<Void> patience = ctx.timer(Duration.ofDays(100));
                    String by = ctx.event("approval", String.class).await();
                    String paid = charged.await();
                    ctx.<Object>anyOf(List.of(charged, patience)).await();
                    return paid + ", approved by " + by;
                })
                .start();
    }

    /** Leaves an instance in a store: in its third execution, with history, a message, an activity and a timer. */
    private static void leaveBehind(String url) throws InterruptedException {
        try (Provider provider = Stores.open(url)) {
            CountDownLatch refused = new CountDownLatch(1);
            try (Rekindle node = node(provider, false, refused)) {
                node.client()
                        .start(
                                ORDER,
                                "order-1",
                                1,
                                options -> options.attribute("customer", "Ä da").attribute("tenant", "t-7"));
                refused.await();
                Client.discover(provider).management().suspend("order-1", "it moves");
                node.client().raiseEvent("order-1", "approval", "Ada");
            }
        }
    }

    private static Kept kept(String url) {
        try (Provider provider = Stores.open(url)) {
            InstanceExport export = Client.discover(provider).management().export("order-1");
            InstanceQueues queues = export.queues();
            return new Kept(
                    export.instance(),
                    export.executions().stream()
                            .map(InstanceExport.ExecutionHistory::events)
                            .toList(),
                    queues.messages().stream()
                            .map(queued -> JsonText.ofWork(queued.work()))
                            .toList(),
                    queues.activities().stream()
                            .map(queued ->
                                    "%s after %s".formatted(JsonText.ofWork(queued.work()), queued.lastFailure()))
                            .toList(),
                    queues.timers().stream()
                            .map(timer -> "%d.%d %d"
                                    .formatted(
                                            timer.executionId(),
                                            timer.scheduledId(),
                                            timer.dueAt().plusNanos(999_999).toEpochMilli()))
                            .toList());
        }
    }

    private static void rekindle(Object... words) {
        Cli.Ran ran = Cli.run(words);
        assertThat(ran.exitCode()).as(ran.err().toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "sqlite, memory",
        "sqlite, postgres",
        "memory, sqlite",
        "memory, postgres",
        "postgres, sqlite",
        "postgres, memory"
    })
    void instance_carriedToAnotherKindOfStore_isTheSameAndCompletesThere(String from, String to) throws Exception {
        String source = url(from);
        String target = url(to);
        leaveBehind(source);
        Path file = folder.resolve("order-1.json");

        rekindle("export", "order-1", "--db", source, "--out", file);
        rekindle("import", file, "--db", target);

        Kept there = kept(target);
        assertThat(there)
                .usingRecursiveComparison()
                .as("all but the times of the row, which a store keeps as finely as it can")
                .ignoringFields("instance.createdAt", "instance.startedAt", "instance.finishedAt")
                .isEqualTo(kept(source));
        assertThat(there.instance().status()).isEqualTo(Status.SUSPENDED);
        assertThat(there.histories()).hasSize(3);
        assertThat(there.messages()).singleElement().asString().contains("Ada");
        assertThat(there.activities()).singleElement().asString().contains("no answer");
        assertThat(there.timers()).hasSize(1);

        rekindle("export", "order-1", "--db", target, "--out", folder.resolve("back.json"));
        goOn(target);
        rekindle("delete", "order-1", "--force", "--yes", "--db", source);
        rekindle("import", folder.resolve("back.json"), "--db", source);
        goOn(source);
    }

    private static void goOn(String url) throws InterruptedException {
        try (Provider provider = Stores.open(url);
                Rekindle node = node(provider, true, new CountDownLatch(1))) {
            Management management = Client.discover(provider).management();
            management.resume("order-1");
            assertThat(node.client().handle(ORDER, "order-1").result(SOON))
                    .isEqualTo("charged for lämp 💡, approved by Ada");
            assertThat(management.executions("order-1")).containsExactly(1L, 2L, 3L);
            assertThat(management.queues("order-1").timers()).isEmpty();
            assertThat(management.queues("order-1").activities()).isEmpty();
            assertThat(management
                            .instances(InstanceQuery.ALL.withAttribute("customer", "Ä da"), PageRequest.first(10))
                            .items())
                    .extracting(InstanceSummary::instance)
                    .containsExactly("order-1");
        }
    }
}
