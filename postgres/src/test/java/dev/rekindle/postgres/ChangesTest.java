package dev.rekindle.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.WorkItem;
import dev.rekindle.testkit.TestNode;
import dev.rekindle.testkit.TestTurn;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes that come from one node to instances that another one has. */
@Timeout(60)
class ChangesTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private final List<PostgresProvider> open = new ArrayList<>();
    private final PostgresProvider here;
    private final PostgresProvider there;
    private final TestNode one;
    private final TestNode other;

    ChangesTest() {
        SCHEMA.open().close();
        SCHEMA.empty();
        here = provider();
        there = provider();
        one = new TestNode(here, "one");
        other = new TestNode(there, "other");
    }

    private PostgresProvider provider() {
        PostgresProvider provider = PostgresProvider.open(SCHEMA.url() + "&takeover=600&pool=5");
        open.add(provider);
        return provider;
    }

    @AfterEach
    void storeIsSound() {
        StoreImage image = here.inspect();
        assertThat(image.orphans()).isEmpty();
        Map<Status, Long> counted = new java.util.EnumMap<>(Status.class);
        image.instances().forEach(its -> counted.merge(its.snapshot().status(), 1L, Long::sum));
        assertThat(image.statusCounts()).isEqualTo(counted);
        open.reversed().forEach(PostgresProvider::close);
    }

    private static ErrorCode refused(Runnable call) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, call::run);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.code();
    }

    private Status status(String instance) {
        return here.getInstanceSummary(instance).status();
    }

    // ---- at the same time as a lease

    /** Between the moment that the statement which leases sees the store as of, and its lock, the instance is changed. */
    private OrchestrationItem fetchedWhileChanged(Runnable change) throws Exception {
        String clock = SCHEMA.value("SELECT pg_get_functiondef('%s.store_now'::regproc)".formatted(SCHEMA.name()));
        try (Connection gate = TestServer.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(7)");
            SCHEMA.sql("""
                CREATE OR REPLACE FUNCTION rekindle.store_now() RETURNS timestamptz LANGUAGE plpgsql AS $$BEGIN
                  IF current_query() LIKE '%q.wake_at <=%SKIP LOCKED%' THEN
                    PERFORM pg_advisory_lock_shared(7), pg_advisory_unlock_shared(7);
                  END IF;
                  RETURN clock_timestamp();
                END$$
                """);
            CompletableFuture<OrchestrationItem> fetched = CompletableFuture.supplyAsync(other::fetchOne);
            SCHEMA.await("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted");
            change.run();
            statement.execute("SELECT pg_advisory_unlock(7)");
            return fetched.get(TestNode.LONG.toSeconds(), TimeUnit.SECONDS);
        } finally {
            SCHEMA.sql(String.valueOf(clock));
        }
    }

    @Test
    void resume_whileSomebodyLeasesTheInstance_isSeenByThatLease() throws Exception {
        one.start("a");
        here.abandonOrchestrationItem(one.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "no such code"));
        OrchestrationItem item = fetchedWhileChanged(() -> here.resumeInstance("a"));
        TestTurn.of(other, item).note("1").commit();
        assertThat(status("a")).isEqualTo(Status.RUNNING);
    }

    @Test
    void append_whileSomebodyLeasesTheInstance_isSeenByThatLease() throws Exception {
        one.begin("a").note("1").commit();
        one.raise("a", "2");
        OrchestrationItem item = fetchedWhileChanged(
                () -> here.appendWithExecution("a", 1, List.of(new Event.CustomStatusSet(3, TestTurn.AT, "x"))));
        assertThat(item.lastEventId()).isEqualTo(3);
    }

    // ---- suspending

    @Test
    void suspend_instanceOfAnotherNode_takesItsLeaseAndNoOther() {
        TestTurn held = other.begin("held");
        TestTurn kept = other.begin("kept");
        here.suspendInstance("held", "look first");
        assertThat(refused(() -> held.note("1").commit())).isEqualTo(ErrorCode.LEASE_LOST);
        kept.note("1").commit();
        assertThat(status("held")).isEqualTo(Status.SUSPENDED);
        assertThat(there.writerStats().fenced()).isEqualTo(1);
        one.raise("held", "1");
        assertThat(one.fetch()).isEmpty();
        assertThat(other.fetch()).isEmpty();
        there.resumeInstance("held");
        assertThat(one.fetchOne().lease().instance()).isEqualTo("held");
    }

    @Test
    void suspend_instanceThatWasStartedForAFetcherHere_isNotHandedOut() throws Exception {
        CompletableFuture<List<OrchestrationItem>> fetched =
                CompletableFuture.supplyAsync(() -> one.fetch(1, TestNode.LONG));
        one.start("first");
        fetched.get(TestNode.LONG.toSeconds(), TimeUnit.SECONDS);
        here.suspendInstance("first", "why not");
        assertThat(one.fetch()).isEmpty();
        assertThat(here.getInstanceSummary("first").problem()).isEqualTo("why not");
    }

    @Test
    void suspend_withAnOrderToTerminate_isHandedOutForIt() {
        one.settle("a");
        here.suspendInstance("a", "x");
        one.raise("a", "1");
        assertThat(other.fetch()).isEmpty();
        one.send(new WorkItem.TerminateInstance("a", null, "enough"));
        assertThat(other.fetchOne().messages()).hasSize(2);
        here.suspendInstance("a", "still");
        OrchestrationItem again = one.fetchOne();
        one.abandon(again);
        TestTurn.of(other, other.fetchOne())
                .terminated(dev.rekindle.Failure.of(ErrorCode.ORCHESTRATION_TERMINATED, "enough", false))
                .commit();
        assertThat(status("a")).isEqualTo(Status.TERMINATED);
        assertThat(refused(() -> here.suspendInstance("a", "x"))).isEqualTo(ErrorCode.INSTANCE_ENDED);
        assertThat(refused(() -> here.resumeInstance("a"))).isEqualTo(ErrorCode.INSTANCE_ENDED);
    }

    @Test
    void resume_delayedStart_comesNotBeforeItsTime() {
        one.send(TestNode.starting("later", null), Duration.ofHours(1));
        here.suspendInstance("later", "x");
        one.raise("later", "1");
        here.resumeInstance("later");
        assertThat(status("later")).isEqualTo(Status.PENDING);
        assertThat(one.fetch()).isEmpty();
    }

    // ---- deleting

    @Test
    void delete_instanceThatRunsElsewhere_endsItsWaits() throws Exception {
        TestTurn held = other.begin("a");
        CompletableFuture<Optional<InstanceSnapshot>> waiting = CompletableFuture.supplyAsync(() -> await(there, "a"));
        assertThat(refused(() -> here.deleteInstances(List.of("a"), DeleteOptions.CAREFUL)))
                .isEqualTo(ErrorCode.WRONG_STATUS);
        Deletion gone = here.deleteInstances(List.of("a", "a"), DeleteOptions.CAREFUL.withForce(true));
        assertThat(gone.instances()).isEqualTo(1);
        assertThat(waiting.get(TestNode.LONG.toSeconds(), TimeUnit.SECONDS)).isEmpty();
        assertThat(refused(() -> held.note("1").commit())).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(refused(() -> one.raise("a", "1"))).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
        one.start("a");
        assertThat(status("a")).isEqualTo(Status.PENDING);
    }

    private static Optional<InstanceSnapshot> await(PostgresProvider provider, String instance) {
        try {
            return provider.awaitInstance(instance, TestNode.LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- importing

    @Test
    void import_ofAnExport_isTheSameInstance() {
        one.send(new WorkItem.StartOrchestration(
                "a", "run-a", "Orders", "", "{}", null, Map.of("customer", "c'1", "x", "\"y\""), null));
        TestTurn.of(one, one.fetchOne()).keep().commitAndGoOn().note("1").commit();
        one.raise("a", "1");
        InstanceExport before = here.exportInstance("a");
        assertThat(refused(() -> there.importInstance(before))).isEqualTo(ErrorCode.INSTANCE_EXISTS);
        here.deleteInstances(List.of("a"), DeleteOptions.CAREFUL.withForce(true));
        there.importInstance(JsonText.toExport(JsonText.ofExport(before)));
        assertThat(here.exportInstance("a")).isEqualTo(before);
        assertThat(here.queryInstances(InstanceQuery.ALL.withAttribute("customer", "c'1"), PageRequest.first(5))
                        .items())
                .extracting(InstanceSummary::instance)
                .containsExactly("a");
        assertThat(other.fetchOne().messages()).hasSize(1);
    }

    @Test
    void suspend_oneThatWasReadyHere_isNotHandedOutAnyMore() {
        one.start("a");
        assertThat(one.fetch(2, Duration.ZERO)).hasSize(1);
        one.start("b");
        here.suspendInstance("b", "wait");
        assertThat(one.fetch()).isEmpty();
    }
}
