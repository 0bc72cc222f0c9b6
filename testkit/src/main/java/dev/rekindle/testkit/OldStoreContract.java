package dev.rekindle.testkit;

import static dev.rekindle.testkit.Words.GREET;
import static dev.rekindle.testkit.Words.HELLO;
import static dev.rekindle.testkit.Words.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.InspectionCapability;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a store whose tables were those of the first migration when this version opens it. An application left
 * these instances there: {@code hello-1} completed with a message that nobody took, {@code broken-1} failed, {@code
 * count-1} is in its third execution, {@code parent-1} waits for its child, which has an answer in its queue, {@code
 * nap-1} sleeps, {@code work-1} has an activity that was running when the application was killed, that of {@code retry-1}
 * has failed once, {@code pending-1} has not begun and has a message too. A provider's test inherits this and makes such a
 * store.
 */
public abstract class OldStoreContract {
    private static final Activity<String, String> STALL = Activity.named("Stall", String.class, String.class);
    private static final Activity<String, String> FLAKY = Activity.named("Flaky", String.class, String.class);
    private static final Orchestration<String, String> BROKEN =
            Orchestration.named("Broken", String.class, String.class);
    private static final Orchestration<Integer, Integer> COUNT =
            Orchestration.named("Count", Integer.class, Integer.class);
    private static final Orchestration<String, String> PARENT =
            Orchestration.named("Parent", String.class, String.class);
    private static final Orchestration<String, String> ASK = Orchestration.named("Ask", String.class, String.class);
    private static final Orchestration<String, String> NAP = Orchestration.named("Nap", String.class, String.class);
    private static final Orchestration<String, String> WORK = Orchestration.named("Work", String.class, String.class);
    private static final Orchestration<String, String> RETRY = Orchestration.named("Retry", String.class, String.class);

    /** All of them were started within a minute after this. */
    private static final Instant THEN = Instant.parse("2025-01-24T04:37:00Z");

    private @Nullable Provider provider;

    /** For subclasses. */
    protected OldStoreContract() {}

    /** Makes the store as it was, and opens it; it is closed after the test. */
    protected abstract Provider open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        provider = open();
    }

    @AfterEach
    void closeStore() {
        if (provider != null) {
            SoundStore.check(provider.capability(InspectionCapability.class)
                    .orElseThrow()
                    .inspect());
            provider.close();
        }
    }

    private Provider store() {
        return Objects.requireNonNull(provider);
    }

    private ManagementCapability management() {
        return store().capability(ManagementCapability.class).orElseThrow();
    }

    private List<String> found(InstanceQuery query) {
        return management().queryInstances(query, PageRequest.first(50)).items().stream()
                .map(InstanceSummary::instance)
                .toList();
    }

    private Rekindle node() {
        return Rekindle.on(store())
                .activity(GREET, (ctx, name) -> "Hello " + name)
                .activity(STALL, (ctx, what) -> what + " moved")
                .activity(FLAKY, (ctx, what) -> {
                    if (ctx.attempt() == 1) {
                        throw new IOException("no connection");
                    }
                    return what + " in attempt " + ctx.attempt();
                })
                .orchestration(HELLO, (ctx, name) -> {
                    ctx.event("go", String.class).await();
                    ctx.setCustomStatus("greeting");
                    return ctx.call(GREET, name);
                })
                .orchestration(BROKEN, (ctx, what) -> "repaired: " + what)
                .orchestration(
                        COUNT,
                        (ctx, n) -> n < 3
                                ? ctx.continueAsNew(COUNT, n + 1)
                                : n + ctx.event("more", Integer.class).await())
                .orchestration(
                        PARENT,
                        (ctx, ask) -> "child said "
                                + ctx.scheduleChild(ASK, ctx.instance() + "-child", ask)
                                        .await())
                .orchestration(
                        ASK,
                        (ctx, ask) -> ask + ctx.event("answer", String.class).await())
                .orchestration(NAP, (ctx, nothing) -> {
                    ctx.sleep(Duration.ofHours(1));
                    return "slept";
                })
                .orchestration(WORK, (ctx, what) -> ctx.call(STALL, what))
                .orchestration(
                        RETRY,
                        (ctx, what) -> ctx.call(
                                FLAKY,
                                what,
                                options -> options.maxAttempts(3)
                                        .backoff(Duration.ofHours(1))
                                        .maxBackoff(Duration.ofHours(1))))
                .start();
    }

    // ---- finding

    @Test
    void lists_ofAnOldStore_findEverything() {
        List<String> all = List.of(
                "hello-1",
                "broken-1",
                "count-1",
                "parent-1",
                "parent-1-child",
                "nap-1",
                "work-1",
                "retry-1",
                "pending-1");
        assertThat(management().listInstances()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(found(InstanceQuery.ALL)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(found(InstanceQuery.ALL).getFirst()).isEqualTo("pending-1");
        assertThat(management().listInstancesByStatus(Status.FAILED)).containsExactly("broken-1");
    }

    @Test
    void filters_ofAnOldStore_findWhatFits() {
        InstanceQuery all = InstanceQuery.ALL;
        assertThat(found(all.withStatus(Status.COMPLETED))).containsExactly("hello-1");
        assertThat(found(all.withStatuses(Set.of(Status.PENDING, Status.FAILED))))
                .containsExactly("pending-1", "broken-1");
        assertThat(found(all.withOrchestration("Hello"))).containsExactly("pending-1", "hello-1");
        assertThat(found(all.withOrchestration("Hello").withVersion("1.0"))).containsExactly("hello-1");
        assertThat(found(all.withOrchestration("Hello").withStatus(Status.PENDING)))
                .containsExactly("pending-1");
        assertThat(found(all.withParent("parent-1"))).containsExactly("parent-1-child");
        assertThat(found(all.withIdPrefix("parent-"))).containsExactly("parent-1-child", "parent-1");
        assertThat(found(all.withRootsOnly(true))).hasSize(8).doesNotContain("parent-1-child");
        assertThat(found(all.withCreated(THEN, THEN.plusSeconds(120)))).hasSize(9);
        assertThat(found(all.withCreated(THEN.plusSeconds(120), null))).isEmpty();
        assertThat(found(all.withFinishedBefore(THEN.plusSeconds(120)))).containsExactly("broken-1", "hello-1");
        assertThat(found(all.withAttribute("tenant", "t1"))).isEmpty();
    }

    @Test
    void counts_ofAnOldStore_areRight() {
        assertThat(management().getSystemMetrics().instancesByStatus())
                .containsAllEntriesOf(
                        Map.of(Status.PENDING, 1L, Status.RUNNING, 6L, Status.COMPLETED, 1L, Status.FAILED, 1L));
        assertThat(management().getSystemMetrics().totalInstances()).isEqualTo(9);
        assertThat(management().getQueueDepths().worker()).isEqualTo(2);
        assertThat(management().getQueueDepths().timers()).isEqualTo(1);
        assertThat(management().listDefinitions())
                .contains(
                        new DefinitionUse("Hello", "1.0", Status.COMPLETED, 1),
                        new DefinitionUse("Hello", "", Status.PENDING, 1),
                        new DefinitionUse("Count", "1.0", Status.RUNNING, 1))
                .hasSize(9);
    }

    // ---- looking

    @Test
    void instances_ofAnOldStore_areShownWhole() {
        assertThat(management().getInstanceInfo("hello-1").snapshot().output()).isEqualTo("\"Hello Ann\"");
        assertThat(management().getInstanceSummary("hello-1").customStatus()).isEqualTo("\"greeting\"");
        assertThat(management().getInstanceSummary("hello-1").attributes()).isEmpty();
        assertThat(Objects.requireNonNull(management()
                                .getInstanceInfo("broken-1")
                                .snapshot()
                                .failure())
                        .message())
                .isEqualTo("broken: lamp");
        assertThat(management().listExecutions("count-1")).containsExactly(1L, 2L, 3L);
        for (long execution = 1; execution <= 3; execution++) {
            assertThat(management().readExecutionHistory("count-1", execution))
                    .hasSize(2)
                    .first()
                    .extracting(event -> ((Event.OrchestrationStarted) event).input())
                    .isEqualTo(Long.toString(execution));
        }
        assertThat(Objects.requireNonNull(management()
                                .getInstanceSummary("parent-1-child")
                                .parent())
                        .instance())
                .isEqualTo("parent-1");
    }

    @Test
    void queues_ofAnOldStore_areShownWhole() {
        assertThat(management().getInstanceQueues("pending-1").messages()).hasSize(2);
        assertThat(management().getInstanceQueues("parent-1-child").messages()).hasSize(1);
        assertThat(management().getInstanceQueues("nap-1").timers())
                .singleElement()
                .satisfies(
                        timer -> assertThat(timer.dueAt()).isBetween(THEN.plusSeconds(3_600), THEN.plusSeconds(3_720)));
        assertThat(management().getInstanceQueues("work-1").activities())
                .singleElement()
                .extracting(queued -> queued.work().activity())
                .isEqualTo("Stall");
        InstanceQueues.QueuedActivity retried =
                management().getInstanceQueues("retry-1").activities().getFirst();
        assertThat(retried.attempt()).isEqualTo(2);
        assertThat(Objects.requireNonNull(retried.lastFailure()).message()).isEqualTo("no connection");
        assertThat(management().listDeadLetters(PageRequest.first(10)).items())
                .extracting(DeadLetterInfo::instance)
                .containsExactly("hello-1");
    }

    @Test
    void activities_ofAnOldStore_areAsOldAsTheyAre() {
        assertThat(management().listActivityQueues())
                .extracting(ActivityQueue::activity)
                .containsExactlyInAnyOrder("Stall", "Flaky");
        assertThat(management().listActivityQueues())
                .allSatisfy(queue -> assertThat(queue.oldest()).isBetween(THEN, THEN.plusSeconds(120)));
    }

    // ---- changing

    @Test
    void instances_ofAnOldStore_areSuspendedDeletedAndCarriedOver() {
        management().suspendInstance("count-1", "audit");
        assertThat(found(InstanceQuery.ALL.withStatus(Status.SUSPENDED))).containsExactly("count-1");
        management().resumeInstance("count-1");
        assertThat(found(InstanceQuery.ALL.withStatus(Status.SUSPENDED))).isEmpty();

        assertThat(management().pruneExecutions("count-1", 1).executions()).isEqualTo(2);
        assertThat(management().listExecutions("count-1")).containsExactly(3L);

        InstanceExport retried = management().exportInstance("retry-1");
        management().deleteInstances(List.of("retry-1"), new DeleteOptions(true, false));
        management().importInstance(retried);
        assertThat(management().exportInstance("retry-1").queues().activities())
                .isEqualTo(retried.queues().activities());

        management().deleteInstances(List.of("parent-1"), new DeleteOptions(true, true));
        assertThat(management().listInstances()).hasSize(7).doesNotContain("parent-1", "parent-1-child");
        assertThat(management().getSystemMetrics().totalInstances()).isEqualTo(7);
    }

    @Test
    void figures_ofAnOldStore_beginEmptyAndAddUp() {
        AnalyticsCapability analytics =
                store().capability(AnalyticsCapability.class).orElseThrow();
        Instant minute = Resolution.MINUTE.floor(THEN);
        assertThat(analytics.sumMeasurements(Resolution.MINUTE, Instant.EPOCH, THEN.plusSeconds(86_400)))
                .isEmpty();
        Measurement measured = new Measurement(
                Resolution.MINUTE,
                minute,
                new Subject(Subject.Kind.ACTIVITY, "Hello", "Greet"),
                Status.COMPLETED,
                3,
                new Totals(2, 20, 4, 0));
        analytics.addMeasurements(List.of(measured, measured));
        assertThat(analytics.sumMeasurements(Resolution.MINUTE, minute, minute.plusSeconds(60)))
                .singleElement()
                .extracting(Measurement::totals)
                .isEqualTo(new Totals(4, 40, 8, 0));
    }

    // ---- going on

    @Test
    void instances_ofAnOldStore_goOnAndComplete() throws Exception {
        try (Rekindle rekindle = node()) {
            Client client = rekindle.client();
            client.raiseEvent("count-1", "more", 39);
            assertThat(client.handle(COUNT, "count-1").result(SOON)).isEqualTo(42);
            assertThat(client.handle(HELLO, "pending-1").result(SOON)).isEqualTo("Hello Cid");
            assertThat(client.handle(PARENT, "parent-1").result(SOON)).isEqualTo("child said 42? yes");
            assertThat(client.handle(NAP, "nap-1").result(SOON)).isEqualTo("slept");
            assertThat(client.handle(WORK, "work-1").result(SOON)).isEqualTo("stone moved");
            assertThat(client.handle(RETRY, "retry-1").result(SOON)).isEqualTo("paper in attempt 2");
            Client.discover(store()).management().retry("broken-1");
            assertThat(client.handle(BROKEN, "broken-1").result(SOON)).isEqualTo("repaired: lamp");
        }
        assertThat(found(InstanceQuery.ALL.withStatus(Status.COMPLETED))).hasSize(9);
        assertThat(management().getSystemMetrics().instancesByStatus()).containsEntry(Status.COMPLETED, 9L);
        assertThat(management().getSystemMetrics().totalInstances()).isEqualTo(9);
        assertThat(management().getQueueDepths().worker()).isZero();
        assertThat(management().getQueueDepths().timers()).isZero();
    }

    @Test
    void instance_startedInAnOldStore_isFoundAmongTheOldOnes() throws Exception {
        try (Rekindle rekindle = node()) {
            rekindle.client().start(HELLO, "hello-2", "Dan", options -> options.attribute("tenant", "t1"));
            assertThat(found(InstanceQuery.ALL.withOrchestration("Hello")).getFirst())
                    .isEqualTo("hello-2");
            assertThat(found(InstanceQuery.ALL.withAttribute("tenant", "t1"))).containsExactly("hello-2");
            rekindle.client().raiseEvent("hello-2", "go", "now");
            assertThat(rekindle.client().handle(HELLO, "hello-2").result(SOON)).isEqualTo("Hello Dan");
        }
    }
}
