package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.Status;
import dev.rekindle.provider.Abandonment;
import dev.rekindle.provider.InstanceLease;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The leases of instances: who has them, how they are given back, and when they are lost. */
abstract class LeaseChecks extends Checks {
    LeaseChecks(Bench bench) {
        super(bench);
    }

    @Test
    void lease_isExclusive() {
        TestNode other = bench.node(provider, "other");
        node.start("a");
        OrchestrationItem item = node.fetchOne();
        assertThat(other.fetch()).isEmpty();
        assertThat(node.fetch()).isEmpty();
        TestTurn.of(node, item).commit();
    }

    @Test
    void lease_tokens_areNeverGivenTwice() {
        Set<Long> tokens = ConcurrentHashMap.newKeySet();
        node.start("a");
        for (int i = 0; i < 20; i++) {
            OrchestrationItem item = node.fetchOne();
            assertThat(tokens.add(item.lease().token())).isTrue();
            node.abandon(item);
        }
        IntStream.range(0, 20).forEach(i -> node.start("i" + i));
        node.fetch()
                .forEach(item -> assertThat(tokens.add(item.lease().token())).isTrue());
    }

    @Test
    void lease_ofOneInstance_neverHoldsUpAnother() {
        node.begin("a");
        node.start("b");
        OrchestrationItem b = node.fetchOne();
        assertThat(b.lease().instance()).isEqualTo("b");
        TestTurn.of(node, b).complete("1").commit();
        node.raise("a", "1");
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void lease_livesWhileItsNodeDoes() {
        TestTurn turn = node.begin("a");
        for (int i = 0; i < 10; i++) {
            move(Duration.ofHours(1));
            assertThat(bench.node(provider, "other").fetch()).isEmpty();
        }
        turn.note("\"still here\"").commit();
        assertHistory("a", 2);
    }

    @Test
    void abandon_quietly_offersItAtOnce() {
        node.start("a");
        node.abandon(node.fetchOne());
        assertThat(find("a").status()).isEqualTo(Status.PENDING);
        assertThat(find("a").problem()).isNull();
        assertThat(TestNode.works(node.fetchOne())).containsExactly(TestNode.starting("a", null));
    }

    @Test
    void abandon_withoutMessagesLeft_waitsForTheNext() {
        TestTurn turn = node.begin("a");
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.QUIET);
        assertThat(node.fetch()).isEmpty();
        node.raise("a", "1");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lastEventId()).isEqualTo(1);
        assertThat(TestNode.payloads(item)).containsExactly("1");
    }

    @Test
    void abandon_withADelay_hidesTheInstanceForThatLong() {
        node.start("a");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(30), "no code"));
        assertThat(find("a").problem()).isEqualTo("no code");
        assertThat(find("a").status()).isEqualTo(Status.PENDING);
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMillis(29_999));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofMillis(1));
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void abandon_withADelay_newMessagesWaitToo() {
        node.settle("a");
        node.raise("a", "1");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(30), "no code"));
        node.raise("a", "2");
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofSeconds(30));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1", "2");
    }

    @Test
    void abandon_withADelay_othersAreNotHeldUp() {
        node.start("a");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(30), "no code"));
        node.start("b");
        assertThat(node.fetchOne().lease().instance()).isEqualTo("b");
    }

    @Test
    void abandon_withADelay_thenAgain_theLastOneCounts() {
        node.start("a");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(30), "first"));
        move(Duration.ofSeconds(30));
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.waiting(Duration.ofSeconds(60), "second"));
        assertThat(find("a").problem()).isEqualTo("second");
        move(Duration.ofSeconds(59));
        assertThat(node.fetch()).isEmpty();
        move(Duration.ofSeconds(1));
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void abandon_stuck_healsWithTheNextTurn() {
        node.start("a");
        provider.abandonOrchestrationItem(
                node.fetchOne().lease(), Abandonment.stuck(Duration.ofSeconds(10), "line 1\nline 2"));
        assertThat(find("a").status()).isEqualTo(Status.STUCK);
        assertThat(find("a").problem()).isEqualTo("line 1\nline 2");
        move(Duration.ofSeconds(10));
        TestTurn.of(node, node.fetchOne()).commit();
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertThat(find("a").problem()).isNull();
    }

    @Test
    void abandon_quietly_leavesTheProblemThatIsThere() {
        node.start("a");
        provider.abandonOrchestrationItem(node.fetchOne().lease(), Abandonment.stuck(Duration.ZERO, "differs"));
        node.abandon(node.fetchOne());
        assertThat(find("a").status()).isEqualTo(Status.STUCK);
        assertThat(find("a").problem()).isEqualTo("differs");
    }

    @Test
    void abandon_staleLease_isIgnored() {
        node.start("a");
        OrchestrationItem first = node.fetchOne();
        node.abandon(first);
        OrchestrationItem second = node.fetchOne();
        node.abandon(first);
        provider.abandonOrchestrationItem(first.lease(), Abandonment.stuck(Duration.ofHours(1), "too late"));
        assertThat(node.fetch()).isEmpty();
        assertThat(find("a").problem()).isNull();
        TestTurn.of(node, second).commit();
    }

    @Test
    void abandon_afterTheCommit_isIgnored() {
        TestTurn turn = node.begin("a");
        turn.note("\"x\"").commit();
        node.raise("a", "1");
        provider.abandonOrchestrationItem(turn.lease(), Abandonment.stuck(Duration.ofHours(1), "too late"));
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void abandon_forgedToken_isIgnored() {
        TestTurn turn = node.begin("a");
        provider.abandonOrchestrationItem(
                new InstanceLease("a", "run-a", turn.lease().token() + 1), Abandonment.stuck(Duration.ZERO, "not you"));
        assertThat(find("a").status()).isEqualTo(Status.RUNNING);
        turn.note("\"x\"").commit();
    }

    @Test
    void abandon_instanceUnknown_isIgnored() {
        provider.abandonOrchestrationItem(new InstanceLease("nobody", "run", 1), Abandonment.QUIET);
        assertThat(provider.findInstance("nobody")).isEmpty();
    }

    // ---- many at once

    @Test
    void fetches_manyAtOnceForOneInstance_oneGetsIt() {
        node.start("a");
        List<Integer> sizes = Crowd.of(
                20,
                i -> () -> bench.node(provider, "n" + i).fetch(1, Duration.ZERO).size());
        assertThat(sizes.stream().mapToInt(size -> size)).containsOnlyOnce(1).hasSize(20);
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(1);
    }

    @Test
    void fetches_manyAtOnceForManyInstances_eachIsGivenOnce() {
        IntStream.range(0, 200).forEach(i -> node.start("i" + i));
        List<TestNode> nodes = IntStream.range(0, 10)
                .mapToObj(i -> bench.node(provider, "n" + i))
                .toList();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Crowd.of(10, i -> () -> {
            for (List<OrchestrationItem> some = nodes.get(i).fetch(7, Duration.ZERO);
                    !some.isEmpty();
                    some = nodes.get(i).fetch(7, Duration.ZERO)) {
                some.forEach(item -> assertThat(seen.add(item.lease().instance()))
                        .as("given once")
                        .isTrue());
            }
            return i;
        });
        assertThat(seen).hasSize(200);
    }

    @Test
    void fetches_andCommitsAtOnce_noTurnIsTakenTwice() {
        int instances = 20;
        int rounds = 10;
        IntStream.range(0, instances).forEach(i -> node.settle("i" + i));
        Crowd.of(5, worker -> () -> {
            TestNode mine = bench.node(provider, "n" + worker);
            for (int round = 0; round < rounds; round++) {
                for (int i = worker; i < instances; i += 5) {
                    mine.raise("i" + i, worker + "." + round);
                }
                mine.fetch(3, Duration.ZERO)
                        .forEach(item -> TestTurn.of(mine, item).commit());
            }
            return worker;
        });
        for (List<OrchestrationItem> some = node.fetch(); !some.isEmpty(); some = node.fetch()) {
            some.forEach(item -> TestTurn.of(node, item).commit());
        }
        for (int i = 0; i < instances; i++) {
            assertHistory("i" + i, 2 + rounds);
        }
    }

    // ---- nodes that let go

    @Test
    void releaseNode_givesBackOnlyItsOwn() {
        TestNode other = bench.node(provider, "other");
        node.start("a");
        move(Duration.ofMillis(1));
        node.start("b");
        OrchestrationItem mine = node.fetchOne();
        OrchestrationItem theirs = other.fetchOne();
        node.release();
        node.release();
        assertCode(ErrorCode.LEASE_LOST, () -> TestTurn.of(node, mine).commit());
        TestTurn.of(other, theirs).commit();
        assertThat(other.fetchOne().lease().instance()).isEqualTo(mine.lease().instance());
    }

    @Test
    void releaseNode_offersItsActivitiesToo() {
        node.begin("a").schedule().schedule().commit();
        List<LeasedWork> mine = node.dequeue();
        assertThat(mine).hasSize(2);
        node.release();
        assertThat(provider.renewWorker(mine.getFirst().lease(), null)).isFalse();
        assertCode(ErrorCode.LEASE_LOST, () -> node.complete(mine.getFirst(), "1"));
        List<LeasedWork> again = bench.node(provider, "other").dequeue();
        assertThat(again).hasSize(2);
        assertThat(again).allSatisfy(leased -> {
            assertThat(leased.attempt()).isEqualTo(1);
            assertThat(leased.nodeDeaths()).isZero();
        });
    }

    @Test
    void releaseNode_unknownNode_doesNothing() {
        TestTurn turn = node.begin("a");
        bench.node(provider, "nobody").release();
        turn.note("\"x\"").commit();
    }

    @Test
    void releaseNode_thenFetch_theNodeMayComeBack() {
        node.start("a");
        node.fetchOne();
        node.release();
        TestTurn.of(node, node.fetchOne()).complete("1").commit();
        assertThat(find("a").status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void releaseNode_isNoDeath() {
        node.start("a");
        for (int i = 0; i < 3; i++) {
            assertThat(node.fetchOne().nodeDeaths()).isZero();
            node.release();
        }
    }

    @Test
    void releaseNode_whileItCommits_eitherHappensWhole() {
        for (int round = 0; round < 10; round++) {
            TestTurn turn = node.begin("a" + round);
            String id = turn.lease().instance();
            long won = Crowd.winners(2, i -> () -> {
                if (i == 0) {
                    node.release();
                } else {
                    turn.schedule().note("\"x\"").commit();
                }
            });
            assertHistory(id, won == 2 ? 3 : 1);
            assertThat(node.dequeue())
                    .filteredOn(leased -> leased.work().instance().equals(id))
                    .hasSize(won == 2 ? 1 : 0);
        }
    }

    @Test
    void isStandby_whoRuns_isNone() {
        assertThat(node.fetch()).isEmpty();
        assertThat(provider.isStandby()).isFalse();
    }
}
