package dev.rekindle.postgres;

import static dev.rekindle.postgres.StoredRows.CREATED;
import static dev.rekindle.postgres.StoredRows.ENDED;
import static dev.rekindle.postgres.StoredRows.charge;
import static dev.rekindle.postgres.StoredRows.completed;
import static dev.rekindle.postgres.StoredRows.continued;
import static dev.rekindle.postgres.StoredRows.raised;
import static dev.rekindle.postgres.StoredRows.scheduled;
import static dev.rekindle.postgres.StoredRows.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.StoreImage;
import dev.rekindle.provider.StoreImage.StoredActivity;
import dev.rekindle.provider.StoreImage.StoredInstance;
import dev.rekindle.provider.StoreImage.StoredMessage;
import dev.rekindle.provider.StoreImage.StoredTimer;
import dev.rekindle.provider.TurnCommit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The image of a store, and what in it is told to be wrong. */
class InspectionTest {
    private static final long NOBODY = 4711;

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
        SCHEMA.setTime(CREATED);
    }

    private static StoreImage image() {
        return DATABASE.snapshot(Inspection::image);
    }

    private static void assertOrphan(String... words) {
        List<String> orphans = image().orphans();
        assertThat(orphans).hasSize(1);
        assertThat(orphans.getFirst()).contains(words);
    }

    @Test
    void image_soundStore_showsEveryRow() {
        long node = rows.node("one", 0, 1, 1);
        long a = rows.instance("a", Status.RUNNING, 2, 3);
        rows.execution(a, 2, 3);
        rows.turn(a, 1, started(1), scheduled(2));
        rows.turn(a, 3, continued(3));
        rows.turn(a, 4, started(1), scheduled(2));
        rows.message(a, raised("a"), CREATED);
        rows.message(a, raised("a"), ENDED);
        rows.timer(a, 6, ENDED);
        rows.work(a, 5, charge("a", 2, 2), node);
        rows.queue(a, node, null);
        long b = rows.instance("b", Status.COMPLETED);
        rows.turn(b, 1, started(1), completed(2));
        rows.deadLetter("b", raised("b"), "too late");

        StoreImage image = image();
        assertThat(image.orphans()).isEmpty();
        assertThat(image.statusCounts()).isEqualTo(Map.of(Status.RUNNING, 1L, Status.COMPLETED, 1L));
        assertThat(image.deadLetters()).containsExactly(new TurnCommit.DeadLetter(raised("b"), "too late"));
        assertThat(image.instances()).hasSize(2);
        StoredInstance first = image.instances().getFirst();
        assertThat(first.snapshot())
                .isEqualTo(
                        DATABASE.read(session -> Reads.snapshot(session, "a")).orElseThrow());
        assertThat(first.histories())
                .isEqualTo(Map.of(
                        1L, List.of(started(1), scheduled(2), continued(3)), 2L, List.of(started(1), scheduled(2))));
        assertThat(first.messages())
                .containsExactly(new StoredMessage(raised("a"), null), new StoredMessage(raised("a"), ENDED));
        assertThat(first.timers()).containsExactly(new StoredTimer(2, 3, ENDED));
        assertThat(first.activities()).containsExactly(new StoredActivity(charge("a", 2, 2), 3, "one"));
        assertThat(first.leasedTo()).isEqualTo("one");
        StoredInstance second = image.instances().getLast();
        assertThat(second.snapshot().output()).isEqualTo("\"done\"");
        assertThat(second.leasedTo()).isNull();
    }

    @Test
    void image_waitingInstanceThatWillBeWoken_isSound() {
        long key = rows.instance("a", Status.RUNNING);
        rows.timer(key, 2, ENDED);
        rows.queue(key, null, ENDED);
        assertThat(image().orphans()).isEmpty();
    }

    @Test
    void image_instanceThatWasLetGoAfterSomethingCame_isSound() {
        long key = rows.instance("a", Status.RUNNING);
        rows.message(key, raised("a"), CREATED);
        rows.queue(key, null, ENDED);
        SCHEMA.setTime(ENDED);
        assertThat(image().orphans()).isEmpty();
    }

    @Test
    void image_rowsOfNobody_areOrphans() {
        rows.queue(NOBODY, null, null);
        rows.message(NOBODY, raised("x"), CREATED);
        rows.timer(NOBODY, 2, ENDED);
        rows.work(NOBODY, 3, charge("x", 1, 3), null);
        rows.turn(NOBODY, 1, started(1));
        rows.execution(NOBODY, 2, 5);
        assertThat(image().orphans()).hasSize(6).allMatch(orphan -> orphan.contains("instance key 4711"));
    }

    @Test
    void image_messageOfAnotherInstance_isAnOrphan() {
        rows.message(rows.instance("a", Status.COMPLETED), raised("b"), CREATED);
        assertOrphan("message", "\"instance\":\"b\"");
    }

    @Test
    void image_activityAtAnotherPlaceThanItSays_isAnOrphan() {
        rows.work(rows.instance("a", Status.RUNNING), 3, charge("a", 1, 2), null);
        assertOrphan("activity at position 3");
    }

    @Test
    void image_gapInAHistory_isAnOrphan() {
        long key = rows.instance("a", Status.RUNNING);
        rows.turn(key, 1, started(1));
        rows.turn(key, 3, scheduled(2));
        assertOrphan("events at position 3");
    }

    @Test
    void image_wrongCountOfEvents_isAnOrphan() {
        long key = rows.instance("a", Status.RUNNING);
        rows.history(key, 1, 2, "[]");
        assertOrphan("events at position 1");
    }

    @Test
    void image_executionThatHasNotBegun_isAnOrphan() {
        rows.execution(rows.instance("a", Status.RUNNING), 2, 5);
        assertOrphan("execution 2");
    }

    @Test
    void image_queueRowOfAnEndedInstance_isAnOrphan() {
        rows.queue(rows.instance("a", Status.COMPLETED), null, null);
        assertOrphan("queue row");
    }

    @Test
    void image_livingInstanceWithoutQueueRow_isTold() {
        rows.instance("a", Status.STUCK);
        SCHEMA.sql("DELETE FROM rekindle.queue");
        assertOrphan("instance 'a' is Stuck without a row in the queue");
    }

    @Test
    void image_leasesOfANodeThatIsGone_areTold() {
        long key = rows.instance("a", Status.RUNNING);
        rows.queue(key, NOBODY, null);
        rows.work(key, 2, charge("a", 1, 2), NOBODY);
        assertThat(image().orphans()).hasSize(2).allMatch(orphan -> orphan.contains("node 4711 is gone"));
    }

    @Test
    void image_somethingToTakeThatNobodyIsWokenFor_isTold() {
        long late = rows.instance("late", Status.RUNNING);
        rows.timer(late, 2, ENDED);
        rows.queue(late, null, ENDED.plusSeconds(1));
        assertOrphan("'late'", "wakes at " + ENDED.plusSeconds(1), "at " + ENDED);
        rows.queue(late, null, null);
        assertOrphan("'late'", "wakes at null");
        SCHEMA.sql("UPDATE rekindle.queue SET wake_at = '%1$s', not_before = '%1$s'".formatted(ENDED.plusSeconds(1)));
        assertThat(image().orphans()).isEmpty();
    }

    @Test
    void image_unreadableRow_isRefused() {
        rows.history(rows.instance("a", Status.RUNNING), 1, 1, "[{\"kind\":\"Novelty\",\"id\":1}]");
        RekindleException refusal = catchThrowableOfType(RekindleException.class, InspectionTest::image);
        assertThat(refusal.code()).isEqualTo(ErrorCode.HISTORY_UNREADABLE);
    }
}
