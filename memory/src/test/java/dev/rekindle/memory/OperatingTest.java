package dev.rekindle.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Activity;
import dev.rekindle.CapabilityNotAvailableException;
import dev.rekindle.ChildFailedException;
import dev.rekindle.Client;
import dev.rekindle.Codec;
import dev.rekindle.DurableFuture;
import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.NonRetryableException;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationContext;
import dev.rekindle.Rekindle;
import dev.rekindle.RekindleException;
import dev.rekindle.RetentionPolicy;
import dev.rekindle.Status;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.ForkRequest;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import dev.rekindle.management.Management;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.Outlook;
import dev.rekindle.management.PendingWait;
import dev.rekindle.management.Rehearsal;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.WorkItem;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator does, on a store that real nodes run. */
class OperatingTest {
    private static final Activity<String, String> STEP = Activity.named("Step", String.class, String.class);
    private static final Orchestration<String, String> TWO_STEPS =
            Orchestration.named("TwoSteps", String.class, String.class);
    private static final Orchestration<String, String> APPROVAL =
            Orchestration.named("Approval", String.class, String.class);
    private static final Orchestration<String, String> PARENT =
            Orchestration.named("Parent", String.class, String.class);
    private static final Orchestration<String, Integer> FAMILY =
            Orchestration.named("Family", String.class, Integer.class);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final InMemoryProvider provider = new InMemoryProvider();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final List<String> keys = new ArrayList<>();
    private volatile String broken = "";
    private final Rekindle node = Rekindle.on(provider)
            .activity(STEP, (ctx, text) -> {
                runs.merge(text, 1, Integer::sum);
                if (text.equals(broken)) {
                    keys.add(ctx.idempotencyKey());
                    throw new NonRetryableException("broken at " + text);
                }
                return text + "!";
            })
            .orchestration(TWO_STEPS, OperatingTest::twoSteps)
            .orchestration(APPROVAL, OperatingTest::approval)
            .orchestration(
                    PARENT,
                    (ctx, text) -> ctx.scheduleChild(TWO_STEPS, ctx.instance() + "-child", text)
                            .await())
            .orchestration(FAMILY, OperatingTest::family)
            .start();
    private final Client client = node.client();
    private final Management management = client.management();

    private static String twoSteps(OrchestrationContext ctx, String text) {
        return ctx.call(STEP, ctx.call(STEP, text));
    }

    private static Integer family(OrchestrationContext ctx, String text) {
        List<DurableFuture<String>> children = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            children.add(ctx.scheduleChild(TWO_STEPS, ctx.instance() + "-" + i, text));
        }
        int done = 0;
        for (DurableFuture<String> child : children) {
            try {
                child.await();
                done++;
            } catch (ChildFailedException e) {
                ctx.setCustomStatus(e.getMessage());
            }
        }
        if (done < children.size()) {
            throw new NonRetryableException("children failed");
        }
        return done;
    }

    private static String approval(OrchestrationContext ctx, String text) {
        String by = ctx.event("approval", String.class).await(Duration.ofDays(3));
        return ctx.call(STEP, text + by);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private InstanceSnapshot end(String instance) throws InterruptedException {
        InstanceSnapshot end = client.awaitEnd(instance, LONG);
        assertThat(end.status().isTerminal()).as("%s", end).isTrue();
        return end;
    }

    /** Waits until it waits for this. */
    private PendingWait waitsFor(String instance, PendingWait.Kind kind) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        List<PendingWait> found = new ArrayList<>();
        Thread.ofVirtual().start(() -> {
            while (found.isEmpty()) {
                management.why(instance).waits().stream()
                        .filter(wait -> wait.kind() == kind)
                        .forEach(found::add);
                Thread.onSpinWait();
            }
            seen.countDown();
        });
        assertThat(seen.await(1, TimeUnit.MINUTES)).isTrue();
        return found.getFirst();
    }

    @Test
    void retry_failedActivity_runsItAgainUnderItsKeyAndCompletes() throws InterruptedException {
        broken = "a!";
        client.start(TWO_STEPS, "a", "a");
        assertThat(end("a").status()).isEqualTo(Status.FAILED);
        broken = "";
        management.retry("a");
        assertThat(end("a").output()).isEqualTo("\"a!!\"");
        assertThat(runs).isEqualTo(Map.of("a", 1, "a!", 2));
        assertThat(provider.read("a")).anyMatch(Event.OrchestrationReopened.class::isInstance);
    }

    @Test
    void retry_stillBroken_failsAgainWithTheSameKey() throws InterruptedException {
        broken = "a";
        client.start(TWO_STEPS, "a", "a");
        end("a");
        management.retry("a");
        end("a");
        assertThat(keys).hasSize(2).containsOnly(keys.getFirst());
    }

    @Test
    void retry_parentOfAFailedChild_bothGoOn() throws InterruptedException {
        broken = "x!";
        client.start(PARENT, "p", "x");
        assertThat(end("p").status()).isEqualTo(Status.FAILED);
        broken = "";
        management.retry("p");
        assertThat(end("p").output()).isEqualTo("\"x!!\"");
        assertThat(end("p-child").status()).isEqualTo(Status.COMPLETED);
        assertThat(runs).isEqualTo(Map.of("x", 1, "x!", 2));
    }

    @Test
    void retry_childThatCannotBeRetried_doesNotKeepTheOthersFromIt() throws InterruptedException {
        broken = "x!";
        client.start(FAMILY, "f", "x");
        assertThat(end("f").status()).isEqualTo(Status.FAILED);
        broken = "";
        long firstFailed = provider.read("f").stream()
                .filter(Event.ChildFailed.class::isInstance)
                .mapToLong(Event::id)
                .min()
                .orElseThrow();
        Management refused = new Management(provider, provider, refusing("f-0"), Codec.json(), InstantSource.system());
        assertThatThrownBy(() -> refused.retry("f", firstFailed))
                .hasMessageStartingWith("READ_ONLY children not tried again: of 'f'")
                .hasMessageContaining("found 'f-0'.");
        assertThat(end("f-1").status()).isEqualTo(Status.COMPLETED);
        management.retry("f-0");
        assertThat(end("f").output()).isEqualTo("2");
    }

    /** Management of this store that reopens every instance but one. */
    private ManagementCapability refusing(String instance) {
        return (ManagementCapability) Proxy.newProxyInstance(
                OperatingTest.class.getClassLoader(),
                new Class<?>[] {ManagementCapability.class},
                (proxy, method, arguments) -> {
                    if (arguments != null
                            && arguments[0] instanceof WorkItem.ReopenInstance reopen
                            && reopen.instance().equals(instance)) {
                        throw new RekindleException(ErrorCode.READ_ONLY, "not this one");
                    }
                    return method.invoke(provider, arguments);
                });
    }

    @Test
    void retry_terminated_goesOnWhereItWas() throws InterruptedException {
        client.start(APPROVAL, "a", "x");
        waitsFor("a", PendingWait.Kind.EVENT);
        client.terminate("a", "by mistake");
        assertThat(end("a").status()).isEqualTo(Status.TERMINATED);
        management.retry("a");
        client.raiseEvent("a", "approval", "Ada");
        assertThat(end("a").output()).isEqualTo("\"xAda!\"");
    }

    @Test
    void retry_completed_isRefused() throws InterruptedException {
        client.start(TWO_STEPS, "a", "a");
        end("a");
        assertThatThrownBy(() -> management.retry("a"))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATUS));
    }

    @Test
    void fork_fromAnEventWithAnotherInput_takesResultsOver() throws InterruptedException {
        client.start(TWO_STEPS, "a", "a", options -> options.attribute("customer", "c-1"));
        end("a");
        long firstResult = provider.read("a").stream()
                .filter(Event.ActivityCompleted.class::isInstance)
                .mapToLong(Event::id)
                .min()
                .orElseThrow();
        management.fork(ForkRequest.of("a", firstResult, "fork").withInput("\"b\""));
        assertThat(end("fork").output()).isEqualTo("\"a!!\"");
        assertThat(runs).isEqualTo(Map.of("a", 1, "a!", 2));
        assertThat(management.instance("fork").attributes()).isEqualTo(Map.of("customer", "c-1"));
        management.fork(ForkRequest.of("a", 0, "anew").withInput("\"b\""));
        assertThat(end("anew").output()).isEqualTo("\"b!!\"");
    }

    @Test
    void fork_badRequests_areRefusedAndStartNothing() throws InterruptedException {
        client.start(TWO_STEPS, "a", "a");
        end("a");
        assertThatThrownBy(() -> management.fork(ForkRequest.of("a", 99, "fork")))
                .hasMessageStartingWith("INVALID_ARGUMENT no such event");
        assertThatThrownBy(() -> management.fork(ForkRequest.of("a", 1, "fork").withInput("{")))
                .hasMessageStartingWith("PAYLOAD_MISMATCH");
        assertThatThrownBy(() -> management.fork(ForkRequest.of("a", 1, "a")))
                .hasMessageStartingWith("INSTANCE_EXISTS");
        assertThatThrownBy(() -> management.fork(ForkRequest.of("nobody", 1, "fork")))
                .hasMessageStartingWith("INSTANCE_NOT_FOUND");
        assertThat(client.getStatus("fork")).isEmpty();
    }

    @Test
    void suspend_holdsUntilResumed() throws InterruptedException {
        client.start(APPROVAL, "a", "x");
        waitsFor("a", PendingWait.Kind.EVENT);
        management.suspend("a", "audit");
        client.raiseEvent("a", "approval", "Ada");
        assertThat(management.why("a").headline())
                .isEqualTo("waits to be resumed; it was suspended: audit; and 1 more");
        management.resume("a");
        assertThat(end("a").output()).isEqualTo("\"xAda!\"");
    }

    @Test
    void why_waitWithALimit_saysSinceAndUntil() throws InterruptedException {
        client.start(APPROVAL, "a", "x");
        PendingWait wait = waitsFor("a", PendingWait.Kind.EVENT);
        assertThat(wait.subject()).isEqualTo("approval");
        assertThat(Duration.between(wait.since(), wait.until())).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void why_activityThatNoNodeHasCodeFor_saysSo_andARetryDoesNotWaitForTheDelay() throws InterruptedException {
        node.close();
        try (Rekindle half = Rekindle.on(provider)
                .orchestration(TWO_STEPS, OperatingTest::twoSteps)
                .options(options -> options.retryDelay(Duration.ofDays(1)))
                .start()) {
            half.client().start(TWO_STEPS, "a", "a");
            PendingWait wait = waitsFor("a", PendingWait.Kind.CODE);
            assertThat(wait.text())
                    .isEqualTo("activity 'Step' waits for a node that has code for it; none that was asked has");
            assertThat(wait.attempt()).isEqualTo(1);
            assertThat(wait.until()).isNotNull();
        }
        try (Rekindle whole = Rekindle.on(provider)
                .activity(STEP, (ctx, text) -> text + "!")
                .orchestration(TWO_STEPS, OperatingTest::twoSteps)
                .start()) {
            management.retry("a");
            assertThat(whole.client().awaitEnd("a", LONG).output()).isEqualTo("\"a!!\"");
        }
    }

    @Test
    void tree_showsChildren() throws InterruptedException {
        client.start(PARENT, "p", "x");
        end("p");
        InstanceTree tree = management.tree("p");
        assertThat(tree.size()).isEqualTo(2);
        assertThat(tree.children().getFirst().instance().instance()).isEqualTo("p-child");
        assertThat(tree.more()).isFalse();
    }

    @Test
    void deleteAll_saysHowManyAndWhyNot() throws InterruptedException {
        client.start(PARENT, "p", "x");
        end("p");
        client.start(TWO_STEPS, "a", "a");
        end("a");
        client.start(APPROVAL, "open", "x");
        waitsFor("open", PendingWait.Kind.EVENT);
        assertThat(management.count(InstanceQuery.ALL, 1_000)).isEqualTo(4);
        assertThat(management.count(InstanceQuery.ALL, 3)).isEqualTo(3);
        BulkResult result = management.deleteAll(
                InstanceQuery.ALL.withRootsOnly(true), DeleteOptions.CAREFUL.withCascade(true), 1_000);
        assertThat(result.done()).isEqualTo(3);
        assertThat(result.skippedByReason()).isEqualTo(Map.of("WRONG_STATUS wrong status", 1L));
        assertThat(client.listAllInstances()).containsExactly("open");
    }

    @Test
    void rehearse_ofADeletion_saysWhatItWouldDoAndChangesNothing() throws InterruptedException {
        client.start(PARENT, "p", "x");
        end("p");
        client.start(APPROVAL, "open", "x");
        waitsFor("open", PendingWait.Kind.EVENT);
        InstanceQuery roots = InstanceQuery.ALL.withRootsOnly(true);
        DeleteOptions cascade = DeleteOptions.CAREFUL.withCascade(true);

        Rehearsal rehearsal = management.rehearsal();
        Outlook outlook = management.rehearse(roots, 1_000, its -> rehearsal.delete(its, cascade));
        assertThat(outlook.matched()).isEqualTo(2);
        assertThat(outlook.more()).isFalse();
        assertThat(outlook.children()).isEqualTo(1);
        assertThat(rehearsal.removed().instances()).isEqualTo(2);
        assertThat(client.listAllInstances()).containsExactly("open", "p-child", "p");
        assertThat(management.deleteAll(outlook.query(), cascade, outlook.matched()))
                .isEqualTo(outlook.expected());
    }

    @Test
    void rehearse_childrenThatStay_refuseADeletion_andThoseThatWentBeforeDoNot() throws InterruptedException {
        client.start(PARENT, "p", "x");
        end("p");
        InstanceSummary parent = management.instance("p");
        InstanceSummary child = management.instance("p-child");
        Rehearsal rehearsal = management.rehearsal();
        assertThatThrownBy(() -> rehearsal.delete(parent, DeleteOptions.CAREFUL))
                .hasMessageStartingWith("INSTANCE_HAS_CHILDREN");
        assertThat(rehearsal.delete(child, DeleteOptions.CAREFUL)).isEqualTo(1);
        assertThat(rehearsal.delete(parent, DeleteOptions.CAREFUL)).isEqualTo(1);
        assertThatThrownBy(() -> rehearsal.delete(child, DeleteOptions.CAREFUL))
                .hasMessageStartingWith("INSTANCE_NOT_FOUND");
    }

    @Test
    void rehearse_otherChanges_areRefusedAsTheyWouldBe() throws InterruptedException {
        client.start(TWO_STEPS, "done", "a");
        end("done");
        broken = "b";
        client.start(TWO_STEPS, "failed", "b");
        end("failed");
        client.start(APPROVAL, "open", "x");
        waitsFor("open", PendingWait.Kind.EVENT);
        InstanceSummary done = management.instance("done");
        InstanceSummary failed = management.instance("failed");
        InstanceSummary open = management.instance("open");
        Rehearsal rehearsal = management.rehearsal();
        assertThat(rehearsal.onActive(open)).isEqualTo(1);
        assertThat(rehearsal.retry(open)).isEqualTo(1);
        assertThat(rehearsal.retry(failed)).isEqualTo(1);
        assertThat(rehearsal.retry(failed, 1)).isEqualTo(1);
        assertThat(rehearsal.prune(done, 1)).isEqualTo(1);
        assertThatThrownBy(() -> rehearsal.onActive(done)).hasMessageStartingWith("INSTANCE_ENDED");
        assertThatThrownBy(() -> rehearsal.retry(done)).hasMessageStartingWith("WRONG_STATUS");
        assertThatThrownBy(() -> rehearsal.retry(open, 1)).hasMessageStartingWith("WRONG_STATUS");
        assertThatThrownBy(() -> rehearsal.retry(failed, 0)).hasMessageStartingWith("INVALID_ARGUMENT");
        assertThatThrownBy(() -> rehearsal.prune(done, 0)).hasMessageStartingWith("INVALID_ARGUMENT");
        assertThat(client.getStatus("failed").orElseThrow().status()).isEqualTo(Status.FAILED);
    }

    @Test
    void rehearse_whatIsStartedSince_isOutsideOfWhatWasLookedAt() throws InterruptedException {
        Instant start = Instant.parse("2100-01-01T00:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(start);
        try (InMemoryProvider own = new InMemoryProvider(now::get)) {
            Client operator = Client.discover(own);
            operator.startOrchestration("old", "Any", "1");
            Outlook outlook = operator.management().rehearse(InstanceQuery.ALL, 1_000, its -> 1);
            now.set(start.plusSeconds(1));
            operator.startOrchestration("new", "Any", "1");
            assertThat(outlook.matched()).isEqualTo(1);
            assertThat(operator.management().count(outlook.query(), 1_000)).isEqualTo(1);
            assertThat(operator.management()
                            .rehearse(InstanceQuery.ALL, 1, its -> 1)
                            .more())
                    .isTrue();
        }
    }

    @Test
    void retention_deletesWhatEndedLongAgo_andNothingElse() throws InterruptedException {
        client.start(PARENT, "p", "x");
        end("p");
        client.start(APPROVAL, "open", "x");
        waitsFor("open", PendingWait.Kind.EVENT);
        CountDownLatch gone = new CountDownLatch(1);
        try (Rekindle tidy = Rekindle.on(provider)
                .retention(RetentionPolicy.keep(Status.FAILED, Duration.ZERO))
                .retention(RetentionPolicy.keep(Status.COMPLETED, Duration.ZERO))
                .start()) {
            Thread.ofVirtual().start(() -> {
                while (client.getStatus("p-child").isPresent()) {
                    Thread.onSpinWait();
                }
                gone.countDown();
            });
            assertThat(gone.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(tidy.client().listAllInstances()).containsExactly("open");
        }
    }

    @Test
    void retention_withoutManagement_isRefusedAtTheStart() {
        try (BasicInMemoryProvider basic = new BasicInMemoryProvider()) {
            Rekindle.Builder builder = Rekindle.on(basic).retention(RetentionPolicy.keep(Duration.ofDays(1)));
            assertThatThrownBy(builder::start)
                    .isInstanceOf(CapabilityNotAvailableException.class)
                    .hasMessageStartingWith("Management features not available");
            assertThat(basic.latestExecutionId("a")).as("still open").isEmpty();
        }
    }

    @Test
    void start_thatIsRefused_closesTheStoreThatItOpened() {
        Rekindle.Builder builder = Rekindle.open(BasicStores.URL).retention(RetentionPolicy.keep(Duration.ofDays(1)));
        assertThat(BasicStores.OPENED).isEmpty();
        assertThatThrownBy(builder::start).isInstanceOf(CapabilityNotAvailableException.class);
        assertThat(BasicStores.OPENED)
                .singleElement()
                .satisfies(store -> assertThatThrownBy(() -> store.latestExecutionId("a"))
                        .isInstanceOfSatisfying(
                                RekindleException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED)));
    }
}
