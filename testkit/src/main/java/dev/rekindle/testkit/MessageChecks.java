package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The messages of instances: who gets them, in which order, and which are refused. */
abstract class MessageChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", "at somewhere", true);

    MessageChecks(Bench bench) {
        super(bench);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void messages_forOneInstance_comeTogetherInOrder() {
        node.start("a");
        numbers(0, 20).forEach(number -> node.raise("a", number));
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.works(item).getFirst()).isInstanceOf(WorkItem.StartOrchestration.class);
        assertThat(TestNode.payloads(item)).isEqualTo(numbers(0, 20));
        assertThat(item.messages()).extracting(OrchestrationItem.Message::id).doesNotHaveDuplicates();
    }

    @Test
    void messages_ofEveryKind_comeAsTheyWereSent() {
        node.settle("a");
        List<WorkItem.OrchestratorWork> sent = List.of(
                new WorkItem.RaiseEvent("a", null, "approval", "{\"yes\":true}"),
                new WorkItem.RaiseEvent("a", "run-a", "approval", "null"),
                new WorkItem.ActivityCompleted("a", "run-a", 1, 100, "\"out\""),
                new WorkItem.ActivityFailed("a", "run-a", 1, 101, FAILURE),
                new WorkItem.ChildCompleted("a", "run-a", 1, 102, "[]"),
                new WorkItem.ChildFailed("a", "run-a", 1, 103, FAILURE),
                new WorkItem.CancelInstance("a", null, "no longer wanted"),
                new WorkItem.CancelInstance("a", "run-a", ""),
                new WorkItem.TerminateInstance("a", "run-a", "at once"));
        sent.forEach(node::send);
        assertThat(TestNode.works(node.fetchOne())).isEqualTo(sent);
    }

    @Test
    void messages_whileLeased_comeAfterTheRelease() {
        TestTurn turn = node.begin("a");
        node.raise("a", "1");
        assertThat(node.fetch()).isEmpty();
        turn.note("\"x\"").commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void messages_whileLeased_areNotTouchedByTheCommit() {
        node.settle("a");
        node.raise("a", "old");
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "new");
        TestTurn.of(node, item).commit();
        OrchestrationItem next = node.fetchOne();
        assertThat(TestNode.payloads(next)).containsExactly("new");
        assertThat(next.lastEventId()).isEqualTo(3);
    }

    @Test
    void messages_notConsumed_comeAgainFirst() {
        node.settle("a");
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        node.raise("a", "2");
        node.abandon(item);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1", "2");
    }

    @Test
    void messages_consumedInPart_theRestComesAgainAtOnce() {
        node.settle("a");
        numbers(0, 5).forEach(number -> node.raise("a", number));
        OrchestrationItem item = node.fetchOne();
        TestTurn.on(node, item)
                .take(item.messages().get(0))
                .take(item.messages().get(1))
                .take(item.messages().get(3))
                .commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("2", "4");
    }

    @Test
    void messages_consumedUnderAKeptLease_areGone() {
        node.settle("a");
        node.raise("a", "1");
        node.raise("a", "2");
        OrchestrationItem item = node.fetchOne();
        TestTurn turn =
                TestTurn.on(node, item).take(item.messages().getFirst()).keep().commitAndGoOn();
        turn.take(item.messages().getLast()).commit();
        assertThat(node.fetch()).isEmpty();
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void messages_ofTwoInstances_dontMix() {
        node.settle("a");
        node.settle("b");
        IntStream.range(0, 10).forEach(i -> {
            node.raise("a", "a" + i);
            node.raise("b", "b" + i);
        });
        for (OrchestrationItem item : node.fetch()) {
            String instance = item.lease().instance();
            assertThat(TestNode.payloads(item))
                    .isEqualTo(
                            IntStream.range(0, 10).mapToObj(i -> instance + i).toList());
        }
    }

    @Test
    void messages_toAnInstanceThatWaits_areThereOnlyOnce() {
        node.settle("a");
        node.raise("a", "1");
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(node.fetch()).isEmpty();
        node.raise("a", "2");
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("2");
    }

    @Test
    void messages_fromManySendersAtOnce_keepTheOrderOfEach() {
        node.settle("a");
        Crowd.winners(10, sender -> () -> numbers(0, 20).forEach(number -> node.raise("a", sender + "." + number)));
        List<String> came = new ArrayList<>();
        while (came.size() < 200) {
            OrchestrationItem item = node.fetchOne();
            came.addAll(TestNode.payloads(item));
            TestTurn.of(node, item).commit();
        }
        for (int i = 0; i < 10; i++) {
            String sender = i + ".";
            assertThat(came.stream().filter(text -> text.startsWith(sender)))
                    .containsExactlyElementsOf(numbers(0, 20).stream()
                            .map(number -> sender + number)
                            .toList());
        }
    }

    // ---- the queue of instances

    @Test
    void instances_areServedInTheOrderOfTheirMessages() {
        IntStream.range(0, 20).forEach(i -> {
            node.start("i" + i);
            move(Duration.ofMillis(1));
        });
        List<String> served = IntStream.range(0, 20)
                .mapToObj(i -> node.fetchOne().lease().instance())
                .toList();
        assertThat(served)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "i" + i).toList());
    }

    @Test
    void fetch_maxItems_isTheMost() {
        IntStream.range(0, 10).forEach(i -> node.start("i" + i));
        assertThat(node.fetch(3, Duration.ZERO)).hasSize(3);
        assertThat(node.fetch(3, Duration.ZERO)).hasSize(3);
        assertThat(node.fetch(100, Duration.ZERO)).hasSize(4);
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void fetch_repeated_givesOtherInstances() {
        IntStream.range(0, 6).forEach(i -> node.start("i" + i));
        Set<String> seen = IntStream.range(0, 6)
                .mapToObj(i -> node.fetchOne().lease().instance())
                .collect(Collectors.toSet());
        assertThat(seen).hasSize(6);
    }

    @Test
    void fetch_instanceWithoutMessages_isNotGiven() {
        node.settle("a");
        assertThat(node.fetch()).isEmpty();
        node.begin("b").schedule().commit();
        assertThat(node.fetch()).isEmpty();
    }

    // ---- what is refused

    @Test
    void message_toNobody_isRefused() {
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.raise("nobody", "1"));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> node.send(new WorkItem.CancelInstance("nobody", null, "why"), Duration.ofHours(1)));
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void message_toAnInstanceThatEnded_isRefused() {
        node.begin("a").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.raise("a", "1"));
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.send(new WorkItem.TerminateInstance("a", "run-a", "why")));
        assertCode(ErrorCode.INSTANCE_ENDED, () -> node.send(TestNode.raised("a", "later"), Duration.ofHours(1)));
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void message_refused_doesNotDisturbThoseThatAreThere() {
        node.settle("a");
        node.raise("a", "1");
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> node.raise("A", "2"));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void message_sentByATurnToItsOwnInstance_arrivesBehindTheOthers() {
        TestTurn turn = node.begin("a");
        node.raise("a", "first");
        turn.note("\"x\"").send(TestNode.raised("a", "second")).commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("first", "second");
    }

    @Test
    void message_sentByATurnInOrder_arrivesInOrder() {
        node.settle("b");
        TestTurn turn = node.begin("a").note("\"x\"");
        numbers(0, 50).forEach(number -> turn.send(TestNode.raised("b", number)));
        turn.commit();
        assertThat(TestNode.payloads(node.fetchOne())).isEqualTo(numbers(0, 50));
    }

    @Test
    void message_sentToAnInstanceUnderALease_waitsForIt() {
        TestTurn receiver = node.begin("b");
        node.begin("a").note("\"x\"").send(TestNode.raised("b", "1")).commit();
        assertThat(node.fetch()).isEmpty();
        receiver.note("\"x\"").commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }
}
