package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nothing that was accepted is dropped: messages for channels wait, are carried on, or become dead letters. */
abstract class MailboxChecks extends Checks {
    MailboxChecks(Bench bench) {
        super(bench);
    }

    private static WorkItem.RaiseEvent letter(String instance, String channel, String payload) {
        return new WorkItem.RaiseEvent(instance, null, channel, payload);
    }

    @Test
    void message_nobodyWaitsFor_isKept() {
        node.settle("a");
        node.send(letter("a", "unheard of", "1"));
        TestTurn.of(node, node.fetchOne()).commit();
        assertHistory("a", 3);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void channels_ofOneInstance_comeInTheOrderOfAll() {
        node.settle("a");
        IntStream.range(0, 9).forEach(i -> node.send(letter("a", "channel " + i % 3, "" + i)));
        assertThat(TestNode.works(node.fetchOne()))
                .containsExactlyElementsOf(IntStream.range(0, 9)
                        .mapToObj(i -> letter("a", "channel " + i % 3, "" + i))
                        .toList());
    }

    @Test
    void message_sameTwice_comesTwice() {
        node.settle("a");
        node.raise("a", "1");
        node.raise("a", "1");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1", "1");
    }

    @Test
    void message_beforeTheFirstTurn_isKept() {
        node.start("a");
        node.raise("a", "early");
        OrchestrationItem item = node.fetchOne();
        TestTurn.on(node, item).take(item.messages().getFirst()).commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("early");
    }

    @Test
    void messages_overSeveralExecutions_noneIsLost() {
        node.start("a");
        for (int execution = 1; execution <= 10; execution++) {
            node.raise("a", "before " + execution);
            OrchestrationItem item = node.fetchOne();
            node.raise("a", "after " + execution);
            List<WorkItem.RaiseEvent> carried = TestNode.works(item).stream()
                    .filter(WorkItem.RaiseEvent.class::isInstance)
                    .map(WorkItem.RaiseEvent.class::cast)
                    .toList();
            TestTurn.of(node, item)
                    .continueAsNew("" + execution, carried.toArray(WorkItem.RaiseEvent[]::new))
                    .commit();
        }
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("after 10");
    }

    @Test
    void carried_aThousand_allArrive() {
        TestTurn turn = node.begin("a");
        WorkItem.RaiseEvent[] carried = IntStream.range(0, 1_000)
                .mapToObj(i -> TestNode.raised("a", "{\"n\":" + i + "}"))
                .toArray(WorkItem.RaiseEvent[]::new);
        turn.continueAsNew("2", carried).commit();
        TestTurn.of(node, node.fetchOne()).commit();
        assertHistory("a", 1_001);
    }

    // ---- dead letters

    @Test
    void sent_toNobody_becomesADeadLetter() {
        node.begin("ended").complete("1").commit();
        node.begin("a")
                .note("\"x\"")
                .send(TestNode.raised("nobody", "1"))
                .send(TestNode.raised("ended", "2"))
                .send(TestNode.starting("ended", null))
                .commit();
        assertQueues(0, 0, 0, 3);
    }

    @Test
    void sent_completionsForNobody_areForgotten() {
        node.begin("ended").complete("1").commit();
        node.begin("a")
                .note("\"x\"")
                .send(new WorkItem.ChildCompleted("ended", "run-ended", 1, 1, "1"))
                .send(new WorkItem.ChildCompleted("nobody", "run", 1, 1, "1"))
                .commit();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    @Needs(Trait.INSPECTION)
    void deadLetters_areKeptInTheirOrderWithTheirReasons() {
        node.settle("a");
        node.begin("b")
                .note("\"x\"")
                .send(TestNode.raised("nobody", "1"))
                .send(TestNode.starting("a", null))
                .commit();
        TestTurn turn = node.begin("c");
        node.raise("c", "3");
        turn.complete("1").commit();
        var dead = Bench.image(provider).deadLetters();
        assertThat(dead)
                .extracting(letter -> (Object) letter.work())
                .containsExactly(
                        TestNode.raised("nobody", "1"), TestNode.starting("a", null), TestNode.raised("c", "3"));
        assertThat(dead).allSatisfy(letter -> assertThat(letter.reason()).isNotBlank());
    }

    @Test
    @Needs(Trait.INSPECTION)
    void deadLetter_ofTheTurn_keepsItsReason() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        TestTurn.on(node, item)
                .drop(item.messages().getFirst())
                .bury(item.messages().getFirst().work(), "nobody can take it: \"1\"")
                .commit();
        assertThat(Bench.image(provider).deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.work()).isEqualTo(TestNode.raised("a", "1"));
            assertThat(letter.reason()).isEqualTo("nobody can take it: \"1\"");
        });
    }

    @Test
    void deadLetters_stayWhenTheirInstanceIsGone() {
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        turn.complete("1").commit();
        node.begin("b").complete("1").commit();
        move(Duration.ofDays(100));
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 1);
    }
}
