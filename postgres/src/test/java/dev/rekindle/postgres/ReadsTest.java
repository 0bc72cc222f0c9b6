package dev.rekindle.postgres;

import static dev.rekindle.postgres.StoredRows.CREATED;
import static dev.rekindle.postgres.StoredRows.ENDED;
import static dev.rekindle.postgres.StoredRows.STARTED;
import static dev.rekindle.postgres.StoredRows.completed;
import static dev.rekindle.postgres.StoredRows.continued;
import static dev.rekindle.postgres.StoredRows.raised;
import static dev.rekindle.postgres.StoredRows.scheduled;
import static dev.rekindle.postgres.StoredRows.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.ParentLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of rows that stand in the tables. */
class ReadsTest {
    @RegisterExtension
    static final TestSchema SCHEMA = new TestSchema();

    private static final Database DATABASE = SCHEMA.open();

    private final StoredRows rows = new StoredRows(SCHEMA);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() {
        SCHEMA.empty();
    }

    private static <T> T ask(Session.Query<T> query) {
        return DATABASE.read(query);
    }

    private static InstanceSnapshot snapshot(String id) {
        return ReadsTest.<Optional<InstanceSnapshot>>ask(session -> Reads.snapshot(session, id))
                .orElseThrow();
    }

    private static ErrorCode refused(Session.Query<?> query) {
        RekindleException refusal = catchThrowableOfType(RekindleException.class, () -> ask(query));
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.code();
    }

    /** Three executions: events 1 to 3, 4 to 5, and 6 so far. */
    private long continuing(String id) {
        long key = rows.instance(id, Status.RUNNING, 3, 5);
        rows.execution(key, 2, 3);
        rows.execution(key, 3, 5);
        rows.turn(key, 1, started(1), scheduled(2));
        rows.turn(key, 3, continued(3));
        rows.turn(key, 4, started(1), continued(2));
        rows.turn(key, 6, started(1));
        return key;
    }

    // ---- one instance

    @Test
    void snapshot_running_isAsStored() {
        long key = rows.instance("a", Status.RUNNING);
        rows.turn(key, 1, started(1), scheduled(2));
        assertThat(snapshot("a"))
                .isEqualTo(new InstanceSnapshot(
                        "a", "run-a", "Orders", "1", Status.RUNNING, 1, null, null, "\"half\"", null, CREATED, null));
    }

    @Test
    void snapshot_completed_hasTheOutputOfItsHistory() {
        long key = rows.instance("a", Status.COMPLETED, 2, 3);
        rows.execution(key, 2, 3);
        rows.turn(key, 1, started(1), scheduled(2), continued(3));
        rows.turn(key, 4, started(1), completed(2));
        assertThat(snapshot("a").output()).isEqualTo("\"done\"");
        assertThat(snapshot("a").failure()).isNull();
        assertThat(snapshot("a").finishedAt()).isEqualTo(ENDED);
    }

    @Test
    void snapshot_endedOtherwise_hasTheFailureOfItsHistory() {
        Failure boom = new Failure("java.io.IOException", "boom", "trace", true);
        rows.turn(rows.instance("f", Status.FAILED), 1, new Event.OrchestrationFailed(1, ENDED, boom));
        rows.turn(rows.instance("c", Status.CANCELLED), 1, new Event.OrchestrationCancelled(1, ENDED, "late"));
        rows.turn(rows.instance("t", Status.TERMINATED), 1, new Event.OrchestrationTerminated(1, ENDED, "now"));
        assertThat(snapshot("f").failure()).isEqualTo(boom);
        assertThat(snapshot("c").failure()).isEqualTo(Failure.of(ErrorCode.CANCELLED, "late", false));
        assertThat(snapshot("t").failure()).isEqualTo(Failure.of(ErrorCode.ORCHESTRATION_TERMINATED, "now", false));
    }

    @Test
    void snapshot_unreadableEnd_saysSoAsItsProblem() {
        rows.history(rows.instance("a", Status.COMPLETED), 1, 1, "[{\"kind\":\"Novelty\",\"id\":1}]");
        assertThat(snapshot("a").output()).isNull();
        assertThat(snapshot("a").problem()).contains("HISTORY_UNREADABLE");
    }

    @Test
    void snapshot_unknown_isEmpty() {
        assertThat(ReadsTest.<Optional<InstanceSnapshot>>ask(session -> Reads.snapshot(session, "nobody")))
                .isEmpty();
        assertThat(ReadsTest.<OptionalLong>ask(session -> Reads.latestExecution(session, "nobody")))
                .isEqualTo(OptionalLong.empty());
    }

    @Test
    void instanceInfo_countsEventsOfTheCurrentExecutionAndKnowsTheParent() {
        rows.parent(continuing("a"));
        rows.instance("b", Status.PENDING);
        InstanceInfo child = ReadsTest.<InstanceInfo>ask(session -> Reads.instanceInfo(session, "a"));
        assertThat(child.parent()).isEqualTo(new ParentLink("parent", "run-parent", 2, 7));
        assertThat(child.events()).isEqualTo(1);
        assertThat(child.snapshot()).isEqualTo(snapshot("a"));
        InstanceInfo fresh = ReadsTest.<InstanceInfo>ask(session -> Reads.instanceInfo(session, "b"));
        assertThat(fresh.parent()).isNull();
        assertThat(fresh.events()).isZero();
        assertThat(refused(session -> Reads.instanceInfo(session, "nobody"))).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
    }

    @Test
    void ended_someOfSeveral_areNamedWithThoseThatAreGone() {
        rows.instance("a", Status.COMPLETED);
        rows.instance("b", Status.RUNNING);
        rows.instance("c", Status.FAILED);
        assertThat(ReadsTest.<List<String>>ask(session -> Reads.ended(session, List.of("a", "b", "c", "nobody"))))
                .containsExactlyInAnyOrder("a", "c", "nobody");
    }

    // ---- executions

    @Test
    void history_ofEachExecution_isItsOwn() {
        continuing("a");
        continuing("b");
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "a", 1)))
                .containsExactly(started(1), scheduled(2), continued(3));
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "a", 2)))
                .containsExactly(started(1), continued(2));
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "a", 3)))
                .containsExactly(started(1));
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "a")))
                .containsExactly(started(1));
        assertThat(ReadsTest.<OptionalLong>ask(session -> Reads.latestExecution(session, "a")))
                .hasValue(3);
        assertThat(ReadsTest.<List<Long>>ask(session -> Reads.executions(session, "a")))
                .containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 4, Long.MAX_VALUE})
    void history_ofNoExecution_isEmptyOrRefused(long execution) {
        continuing("a");
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "a", execution)))
                .isEmpty();
        assertThat(refused(session -> Reads.requireHistory(session, "a", execution)))
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
        assertThat(refused(session -> Reads.executionInfo(session, "a", execution)))
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
    }

    @Test
    void history_unknownInstance_isEmptyOrRefused() {
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "nobody")))
                .isEmpty();
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.history(session, "nobody", 1)))
                .isEmpty();
        assertThat(refused(session -> Reads.requireHistory(session, "nobody", 1)))
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
        assertThat(refused(session -> Reads.executionInfo(session, "nobody", 1)))
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
        assertThat(refused(session -> Reads.executions(session, "nobody"))).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
    }

    @Test
    void history_executionWithoutEvents_isEmpty() {
        rows.instance("a", Status.PENDING);
        assertThat(ReadsTest.<List<Event>>ask(session -> Reads.requireHistory(session, "a", 1)))
                .isEmpty();
        assertThat(ReadsTest.<ExecutionInfo>ask(session -> Reads.executionInfo(session, "a", 1)))
                .isEqualTo(new ExecutionInfo("a", 1, Status.PENDING, null, null, 0, null, null));
    }

    @Test
    void history_unreadable_isRefused() {
        rows.history(rows.instance("a", Status.RUNNING), 1, 1, "[{\"kind\":\"Novelty\",\"id\":1}]");
        assertThat(refused(session -> Reads.history(session, "a"))).isEqualTo(ErrorCode.HISTORY_UNREADABLE);
    }

    @Test
    void executionInfo_pastAndPresent_areTold() {
        continuing("a");
        assertThat(ReadsTest.<ExecutionInfo>ask(session -> Reads.executionInfo(session, "a", 1)))
                .isEqualTo(new ExecutionInfo("a", 1, Status.CONTINUED_AS_NEW, null, null, 3, STARTED, ENDED));
        assertThat(ReadsTest.<ExecutionInfo>ask(session -> Reads.executionInfo(session, "a", 2)))
                .isEqualTo(new ExecutionInfo(
                        "a", 2, Status.CONTINUED_AS_NEW, null, null, 2, STARTED.plusSeconds(2), ENDED));
        assertThat(ReadsTest.<ExecutionInfo>ask(session -> Reads.executionInfo(session, "a", 3)))
                .isEqualTo(new ExecutionInfo("a", 3, Status.RUNNING, null, null, 1, STARTED.plusSeconds(3), null));
    }

    @Test
    void executionInfo_ofAnEnd_hasItsOutcome() {
        rows.turn(rows.instance("a", Status.COMPLETED), 1, started(1), completed(2));
        assertThat(ReadsTest.<ExecutionInfo>ask(session -> Reads.executionInfo(session, "a", 1)))
                .isEqualTo(new ExecutionInfo("a", 1, Status.COMPLETED, "\"done\"", null, 2, STARTED, ENDED));
    }

    // ---- the whole store

    @Test
    void instances_areListedNewestFirst() {
        rows.instance("a", Status.COMPLETED);
        rows.instance("c", Status.RUNNING);
        rows.instance("b", Status.COMPLETED);
        assertThat(ReadsTest.<List<String>>ask(Reads::instances)).containsExactly("b", "c", "a");
        assertThat(ReadsTest.<List<String>>ask(session -> Reads.instances(session, Status.COMPLETED)))
                .containsExactly("b", "a");
        assertThat(ReadsTest.<List<String>>ask(session -> Reads.instances(session, Status.STUCK)))
                .isEmpty();
    }

    @Test
    void metrics_differencesOfAllNodes_areSummed() {
        assertThat(ReadsTest.<SystemMetrics>ask(Reads::metrics).instancesByStatus())
                .isEmpty();
        rows.node("one", 5, 2, 0);
        rows.node("two", -5, -1, 4);
        assertThat(ReadsTest.<SystemMetrics>ask(Reads::metrics).instancesByStatus())
                .isEqualTo(Map.of(Status.RUNNING, 1L, Status.COMPLETED, 4L));
    }

    @Test
    void depths_everyQueue_isCounted() {
        assertThat(ReadsTest.<QueueDepths>ask(Queues::depths)).isEqualTo(new QueueDepths(0, 0, 0, 0));
        long key = rows.instance("a", Status.RUNNING);
        rows.message(key, raised("a"), CREATED);
        rows.message(key, raised("a"), CREATED);
        rows.message(key, raised("a"), CREATED);
        rows.work(key, 2, StoredRows.charge("a", 1, 2), null);
        rows.work(key, 3, StoredRows.charge("a", 1, 3), null);
        rows.timer(key, 4, ENDED);
        rows.deadLetter("a", raised("a"), "why");
        assertThat(ReadsTest.<QueueDepths>ask(Queues::depths)).isEqualTo(new QueueDepths(3, 2, 1, 1));
    }
}
