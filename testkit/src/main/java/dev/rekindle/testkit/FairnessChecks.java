package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Failure;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nobody starves: not behind who has much, nor behind who can't go on. */
abstract class FairnessChecks extends Checks {
    FairnessChecks(Bench bench) {
        super(bench);
    }

    /** Sends many messages in few commits. */
    private void flood(String instance, int messages) {
        TestTurn sender = node.begin("sender to " + instance).note("\"x\"");
        IntStream.range(0, messages).forEach(i -> sender.send(TestNode.raised(instance, "" + i)));
        sender.commit();
    }

    @Test
    void flooded_instance_doesNotStarveAnother() {
        node.settle("flooded");
        node.settle("other");
        flood("flooded", 10_000);
        move(Duration.ofMillis(1));
        node.raise("other", "1");
        assertThat(node.fetch(10, TestNode.LONG))
                .extracting(item -> item.lease().instance())
                .contains("other");
    }

    @Test
    void flooded_instance_takesTurnsWithOthers() {
        node.settle("flooded");
        node.settle("other");
        flood("flooded", 200);
        node.raise("other", "1");
        int turns = 0;
        boolean other = false;
        while (!other) {
            OrchestrationItem item = node.fetchOne();
            other = item.lease().instance().equals("other");
            move(Duration.ofMillis(1));
            if (other) {
                TestTurn.of(node, item).commit();
            } else {
                TestTurn.on(node, item).take(item.messages().getFirst()).commit();
            }
            assertThat(++turns).as("turns until the other one's").isLessThan(5);
        }
    }

    @Test
    void flooded_instance_getsItsMessagesInOrder() {
        node.settle("flooded");
        flood("flooded", 5_000);
        List<String> came = new ArrayList<>();
        while (came.size() < 5_000) {
            OrchestrationItem item = node.fetchOne();
            came.addAll(TestNode.payloads(item));
            TestTurn.of(node, item).commit();
        }
        assertThat(came)
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "" + i).toList());
    }

    @Test
    void stuck_instances_doNotHoldUpOthers() {
        for (int i = 0; i < 50; i++) {
            node.start("stuck" + i);
            provider.abandonOrchestrationItem(
                    node.fetchOne().lease(), Abandonment.stuck(Duration.ofMinutes(1), "differs"));
        }
        node.start("good");
        assertThat(node.fetch()).extracting(item -> item.lease().instance()).containsExactly("good");
    }

    @Test
    void abandoned_instance_goesBehindThoseThatWait() {
        node.start("again");
        move(Duration.ofMillis(1));
        node.start("waiting");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo("again");
        move(Duration.ofMillis(1));
        node.abandon(item);
        assertThat(node.fetch(2, TestNode.LONG))
                .extracting(next -> next.lease().instance())
                .contains("waiting");
    }

    @Test
    void leased_instances_areNotLookedAtAgain() {
        List<TestTurn> held =
                IntStream.range(0, 50).mapToObj(i -> node.begin("held" + i)).toList();
        IntStream.range(0, 50).forEach(i -> node.raise("held" + i, "1"));
        node.start("free");
        assertThat(node.fetch(1, TestNode.LONG))
                .singleElement()
                .satisfies(item -> assertThat(item.lease().instance()).isEqualTo("free"));
        held.getFirst().note("\"x\"").commit();
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void sleepers_many_doNotHoldUpWhoIsAwake() {
        TestTurn starter = node.begin("starter").note("\"x\"");
        IntStream.range(0, 300).forEach(i -> starter.send(TestNode.starting("s" + i, null)));
        starter.commit();
        List<OrchestrationItem> sleepers = node.fetch();
        assertThat(sleepers).hasSize(300);
        sleepers.forEach(
                item -> TestTurn.of(node, item).timer(Duration.ofDays(1)).commit());
        node.start("awake");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("awake");
        move(Duration.ofDays(1));
        assertThat(node.fetch()).hasSize(300);
    }

    @Test
    void activities_ofOneInstance_doNotStarveAnothers() {
        TestTurn many = node.begin("many");
        IntStream.range(0, 1_000).forEach(i -> many.schedule());
        many.commit();
        move(Duration.ofMillis(1));
        node.begin("one").schedule().commit();
        int seen = 0;
        boolean found = false;
        while (!found) {
            List<String> some = node.dequeue(100, Duration.ZERO).stream()
                    .map(leased -> leased.work().instance())
                    .toList();
            assertThat(some).isNotEmpty();
            seen += some.size();
            found = some.contains("one");
        }
        assertThat(seen).isLessThanOrEqualTo(1_001);
    }

    @Test
    void retries_ofOneActivity_doNotHoldUpOthers() {
        TestTurn turn = node.begin("a").schedule().schedule();
        turn.commit();
        Failure failure = new Failure("Boom", "no", null, true);
        for (int i = 0; i < 5; i++) {
            node.dequeue(1, Duration.ZERO)
                    .forEach(leased -> provider.abandonWorker(
                            leased.lease(), WorkAbandonment.retry(Duration.ZERO, failure, null)));
            move(Duration.ofMillis(1));
        }
        assertThat(node.dequeue())
                .allSatisfy(leased -> assertThat(leased.attempt()).isGreaterThan(1));
    }

    @Test
    void unknownTargets_many_holdUpNobody() {
        node.settle("good");
        TestTurn sender = node.begin("sender").note("\"x\"");
        IntStream.range(0, 500).forEach(i -> sender.send(TestNode.raised("nobody" + i, "1")));
        IntStream.range(0, 500).forEach(i -> sender.send(new WorkItem.ChildCompleted("nobody" + i, "run", 1, 1, "1")));
        sender.send(TestNode.raised("good", "1")).commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
        assertQueues(1, 0, 0, 500);
    }
}
