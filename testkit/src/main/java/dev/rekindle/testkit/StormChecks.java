package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Failure;
import dev.rekindle.RekindleException;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkAbandonment;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything at once, with real threads; afterwards nothing is lost and nothing happened twice. */
abstract class StormChecks extends Checks {
    private static final Failure FAILURE = new Failure("Boom", "no", null, true);

    StormChecks(Bench bench) {
        super(bench);
    }

    @Test
    void storm_sendersAndRunners_everyMessageIsTakenOnce() {
        int instances = 10;
        int senders = 4;
        int each = 50;
        IntStream.range(0, instances).forEach(i -> node.settle("i" + i));
        AtomicInteger taken = new AtomicInteger();
        Crowd.of(senders + 3, worker -> () -> {
            if (worker < senders) {
                for (int i = 0; i < each; i++) {
                    node.raise("i" + (i + worker) % instances, worker + "." + i);
                }
                return worker;
            }
            TestNode runner = bench.node(provider, "runner" + worker);
            while (taken.get() < senders * each) {
                for (OrchestrationItem item : runner.fetch(3, Duration.ofMillis(5))) {
                    TestTurn.of(runner, item).commit();
                    taken.addAndGet(item.messages().size());
                }
            }
            return worker;
        });
        assertThat(taken).hasValue(senders * each);
        int recorded = IntStream.range(0, instances)
                .map(i -> provider.read("i" + i).size() - 2)
                .sum();
        assertThat(recorded).isEqualTo(senders * each);
    }

    @Test
    void storm_activitiesThatFailAndSucceed_eachCompletesOnce() {
        int activities = 150;
        TestTurn turn = node.begin("a");
        IntStream.range(0, activities).forEach(i -> turn.schedule());
        turn.commit();
        AtomicInteger completed = new AtomicInteger();
        Crowd.of(4, worker -> () -> {
            Random random = new Random(worker);
            TestNode runner = bench.node(provider, "worker" + worker);
            while (completed.get() < activities) {
                for (LeasedWork leased : runner.dequeue(5, Duration.ofMillis(5))) {
                    switch (random.nextInt(4)) {
                        case 0 -> provider.abandonWorker(leased.lease(), WorkAbandonment.handBack(null));
                        case 1 ->
                            provider.abandonWorker(leased.lease(), WorkAbandonment.retry(Duration.ZERO, FAILURE, "1"));
                        default -> {
                            runner.complete(leased, "1");
                            completed.incrementAndGet();
                        }
                    }
                }
            }
            return worker;
        });
        while (provider.read("a").size() < 1 + 2 * activities) {
            TestTurn.of(node, node.fetchOne()).commit();
        }
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void storm_nodesThatLetGoInTheMiddle_nothingIsLost() {
        int instances = 12;
        int rounds = 15;
        IntStream.range(0, instances).forEach(i -> node.settle("i" + i));
        Crowd.of(4, worker -> () -> {
            Random random = new Random(worker);
            TestNode runner = bench.node(provider, "runner" + worker);
            for (int round = 0; round < rounds; round++) {
                runner.raise("i" + random.nextInt(instances), worker + "." + round);
                for (OrchestrationItem item : runner.fetch(2, Duration.ZERO)) {
                    if (random.nextInt(3) == 0) {
                        runner.release();
                    }
                    try {
                        TestTurn.of(runner, item).commit();
                    } catch (RekindleException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST);
                    }
                }
            }
            return worker;
        });
        bench.nodes().forEach(TestNode::release);
        for (List<OrchestrationItem> some = node.fetch(); !some.isEmpty(); some = node.fetch()) {
            some.forEach(item -> TestTurn.of(node, item).commit());
        }
        int recorded = IntStream.range(0, instances)
                .map(i -> provider.read("i" + i).size() - 2)
                .sum();
        assertThat(recorded).isEqualTo(4 * rounds);
    }

    @Test
    void storm_instancesThatSpawnAndEnd_allEnd() {
        int roots = 10;
        IntStream.range(0, roots).forEach(i -> node.start("root" + i));
        AtomicInteger ended = new AtomicInteger();
        Crowd.of(3, worker -> () -> {
            TestNode runner = bench.node(provider, "runner" + worker);
            while (ended.get() < roots * 7) {
                for (OrchestrationItem item : runner.fetch(4, Duration.ofMillis(5))) {
                    String id = item.lease().instance();
                    TestTurn turn = TestTurn.of(runner, item);
                    if (id.chars().filter(c -> c == '.').count() < 2) {
                        turn.send(TestNode.starting(id + ".l", null)).send(TestNode.starting(id + ".r", null));
                    }
                    turn.complete("1").commit();
                    ended.incrementAndGet();
                }
            }
            return worker;
        });
        assertThat(ended).hasValue(roots * 7);
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void storm_hotInstances_everyTurnIsThere() {
        int instances = 8;
        int turns = 30;
        Crowd.of(instances, i -> () -> {
            TestNode mine = bench.node(provider, "n" + i);
            mine.start("i" + i);
            return i;
        });
        List<OrchestrationItem> items = node.fetch();
        assertThat(items).hasSize(instances);
        Crowd.of(instances, i -> () -> {
            TestTurn turn = TestTurn.of(node, items.get(i)).scheduleHere().keep();
            for (int step = 1; step < turns; step++) {
                var leased = turn.commit().leased();
                turn = turn.followUp().consume(leased.getFirst()).scheduleHere().keep();
            }
            var last = turn.commit().leased();
            turn.followUp().consume(last.getFirst()).complete("1").commit();
            return i;
        });
        for (OrchestrationItem item : items) {
            assertHistory(item.lease().instance(), 2 * turns + 2);
        }
        assertQueues(0, 0, 0, 0);
    }

    @Test
    void storm_timersAndMessages_nothingIsLost() {
        int instances = 10;
        for (int i = 0; i < instances; i++) {
            TestTurn turn = node.begin("i" + i);
            for (int t = 0; t < 10; t++) {
                turn.timer(Duration.ofSeconds(1 + t));
            }
            turn.commit();
        }
        for (int second = 0; second < 10; second++) {
            move(Duration.ofSeconds(1));
            int now = second;
            Crowd.of(3, worker -> () -> {
                TestNode runner = bench.node(provider, "runner" + worker);
                runner.raise("i" + (now + worker) % instances, worker + "." + now);
                for (OrchestrationItem item : runner.fetch(5, Duration.ZERO)) {
                    TestTurn.of(runner, item).commit();
                }
                return worker;
            });
        }
        for (List<OrchestrationItem> some = node.fetch(); !some.isEmpty(); some = node.fetch()) {
            some.forEach(item -> TestTurn.of(node, item).commit());
        }
        int recorded = IntStream.range(0, instances)
                .map(i -> provider.read("i" + i).size())
                .sum();
        assertThat(recorded).isEqualTo(instances * 21 + 30);
    }
}
