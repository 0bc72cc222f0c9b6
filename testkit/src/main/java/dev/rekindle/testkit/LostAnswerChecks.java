package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Commits that happened, though the caller's connection died before it could be told. The call either finds out and
 * returns, or fails with {@code STORE_UNAVAILABLE}; in both cases what it wrote is there once, and trying again does it no
 * second time.
 */
@Needs(Trait.LOST_ANSWERS)
abstract class LostAnswerChecks extends Checks {
    LostAnswerChecks(Bench bench) {
        super(bench);
    }

    /** Makes a call whose answer is lost; returns the code that its caller was told, if it was not told of success. */
    private Optional<ErrorCode> lose(Runnable call) {
        bench.store().loseNextAnswer(provider);
        try {
            call.run();
            return Optional.empty();
        } catch (RekindleException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            return Optional.of(e.code());
        }
    }

    /** Tries again as a caller would that was told nothing; what it is told now must not be success for a second time. */
    private static void again(Optional<ErrorCode> told, Runnable call, ErrorCode refusal) {
        if (told.isPresent()) {
            assertCode(refusal, call::run);
        }
    }

    @Test
    void start_isThereOnce() {
        Optional<ErrorCode> told = lose(() -> node.start("a"));
        again(told, () -> node.start("a"), ErrorCode.INSTANCE_EXISTS);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("a", null));
        assertQueues(1, 0, 0, 0);
    }

    @Test
    @Needs(Trait.EAGER_START)
    void eagerStart_isThereOnce() {
        node.fetch();
        Supplier<TestTurn> turn = () ->
                node.beginning(TestNode.starting("a", null)).scheduleHere().keep();
        Optional<ErrorCode> told = lose(() -> turn.get().startEagerly());
        again(told, () -> turn.get().startEagerly(), ErrorCode.INSTANCE_EXISTS);
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertHistory("a", 2);
        assertQueues(0, 1, 0, 0);
        node.release();
        bench.moveToTakeover();
        assertThat(bench.node(provider, "another").dequeueOne().work().scheduledId())
                .isEqualTo(2);
    }

    @Test
    void message_isThereOnceAtLeast() {
        node.settle("a");
        lose(() -> node.raise("a", "1"));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void turn_isThereOnce() {
        node.settle("other");
        TestTurn turn = node.begin("a")
                .schedule()
                .timer(Duration.ofHours(1))
                .customStatus("1")
                .send(TestNode.raised("other", "once"));
        Optional<ErrorCode> told = lose(turn::commit);
        again(told, turn::commit, ErrorCode.LEASE_LOST);
        assertHistory("a", 4);
        assertThat(find("a").customStatus()).isEqualTo("1");
        assertQueues(1, 1, 1, 0);
        assertThat(node.dequeue()).hasSize(1);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("once");
    }

    @Test
    void turn_underAKeptLease_isThereOnceAndTheNextOneGoesOn() {
        TestTurn turn = node.begin("a").scheduleHere().keep();
        Optional<ErrorCode> told = lose(turn::commit);
        again(told, turn::commit, ErrorCode.LEASE_LOST);
        assertHistory("a", 2);
        if (told.isEmpty()) {
            turn.followUp().note("\"x\"").commit();
            assertHistory("a", 3);
        }
        node.release();
        assertThat(node.dequeueOne().work().scheduledId()).isEqualTo(2);
    }

    @Test
    void turn_thatEndsItsInstance_endsItOnce() {
        TestTurn turn = node.begin("a");
        node.raise("a", "late");
        turn.complete("\"done\"");
        Optional<ErrorCode> told = lose(turn::commit);
        again(told, turn::commit, ErrorCode.LEASE_LOST);
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
        assertHistory("a", 2);
        assertQueues(0, 0, 0, 1);
    }

    @Test
    void turn_thatContinuesAsNew_continuesOnce() {
        TestTurn turn = node.begin("a").continueAsNew("2");
        Optional<ErrorCode> told = lose(turn::commit);
        again(told, turn::commit, ErrorCode.LEASE_LOST);
        node.release();
        OrchestrationItem item = node.fetchOne();
        assertThat(item.executionId()).isEqualTo(2);
        assertThat(TestNode.works(item)).hasSize(1);
    }

    @Test
    void turn_consumingMessages_consumesThemOnce() {
        node.settle("a");
        node.raise("a", "1");
        TestTurn turn = TestTurn.of(node, node.fetchOne());
        lose(turn::commit);
        node.release();
        assertThat(node.fetch()).isEmpty();
        assertHistory("a", 3);
    }

    @Test
    void ackWorker_sendsTheCompletionOnce() {
        node.begin("a").schedule().commit();
        LeasedWork leased = node.dequeueOne();
        Optional<ErrorCode> told = lose(() -> node.complete(leased, "1"));
        again(told, () -> node.complete(leased, "1"), ErrorCode.LEASE_LOST);
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.completion(leased.work(), "1"));
        assertQueues(1, 0, 0, 0);
    }

    @Test
    void fetch_leasesNothingForEver() {
        node.start("a");
        lose(node::fetch);
        node.release();
        bench.moveToTakeover();
        assertThat(bench.node(provider, "another").fetchOne().lease().instance())
                .isEqualTo("a");
    }

    @Test
    void dequeue_leasesNothingForEver() {
        node.begin("a").schedule().commit();
        lose(node::dequeue);
        node.release();
        bench.moveToTakeover();
        assertThat(bench.node(provider, "another").dequeueOne().work().scheduledId())
                .isEqualTo(2);
    }

    @Test
    void append_isThereOnce() {
        node.settle("a");
        List<Event> note = List.of(new Event.CustomStatusSet(3, TestTurn.AT, "1"));
        Optional<ErrorCode> told = lose(() -> provider.appendWithExecution("a", 1, note));
        again(told, () -> provider.appendWithExecution("a", 1, note), ErrorCode.INVALID_ARGUMENT);
        assertHistory("a", 3);
    }

    @Test
    void queue_isThereOnce() {
        TestTurn turn = node.begin("a");
        WorkItem.ActivityExecute work = TestNode.activity(turn.item(), 1, 1);
        lose(() -> node.queue(work));
        node.queue(work);
        assertThat(node.dequeue()).hasSize(1);
    }

    @Test
    void manyAtOnce_eachIsThereOnce() {
        List<TestTurn> turns = IntStream.range(0, 30)
                .mapToObj(i -> node.begin("i" + i).schedule())
                .toList();
        bench.store().loseNextAnswer(provider);
        Crowd.of(30, i -> () -> {
            try {
                turns.get(i).commit();
            } catch (RekindleException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                try {
                    turns.get(i).commit();
                } catch (RekindleException second) {
                    assertThat(second.code()).isEqualTo(ErrorCode.LEASE_LOST);
                }
            }
            return i;
        });
        for (int i = 0; i < 30; i++) {
            assertHistory("i" + i, provider.read("i" + i).size());
        }
        assertThat(node.dequeue()).hasSize((int) IntStream.range(0, 30)
                .filter(i -> provider.read("i" + i).size() == 2)
                .count());
    }
}
