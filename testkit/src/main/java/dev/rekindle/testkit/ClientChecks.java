package dev.rekindle.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.ErrorCode;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.LeasedWork;
import dev.rekindle.provider.OrchestrationItem;
import dev.rekindle.provider.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A second provider on the same store that never fetches: a client in another process. */
@Needs(Trait.SEVERAL_PROVIDERS)
abstract class ClientChecks extends Checks {
    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private TestNode client;

    ClientChecks(Bench bench) {
        super(bench);
    }

    @BeforeEach
    void openClient() {
        assertThat(node.fetch()).isEmpty();
        client = bench.join("client");
    }

    @Test
    void client_startsAndSends_theRunnerGetsIt() {
        client.start("a");
        client.raise("a", "1");
        client.raise("a", "2");
        OrchestrationItem item = node.fetchOne();
        assertThat(item.lease().instance()).isEqualTo("a");
        TestTurn.of(node, item).commit();
        while (provider.read("a").size() < 3) {
            TestTurn.of(node, node.fetchOne()).commit();
        }
        assertThat(provider.read("a"))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("OrchestrationStarted", "EventRaised", "EventRaised");
    }

    @Test
    void client_starts_aRunnerThatWaitsWakesUp() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch waiting = new CountDownLatch(1);
            Future<OrchestrationItem> fetched = threads.submit(() -> {
                waiting.countDown();
                return node.fetchOne();
            });
            waiting.await();
            client.start("a");
            assertThat(Crowd.get(fetched).lease().instance()).isEqualTo("a");
        }
    }

    @Test
    void client_seesWhatTheRunnerCommitted() {
        TestTurn turn = node.begin("a").schedule().customStatus("\"busy\"");
        turn.commit();
        assertThat(client.provider().read("a")).isEqualTo(provider.read("a"));
        assertThat(client.provider().findInstance("a")).isEqualTo(provider.findInstance("a"));
        assertThat(client.provider().latestExecutionId("a")).hasValue(1);
    }

    @Test
    void client_awaits_isToldOfTheEnd() {
        TestTurn turn = node.begin("a");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<InstanceSnapshot> end = threads.submit(
                    () -> client.provider().awaitInstance("a", TestNode.LONG).orElseThrow());
            turn.complete("\"done\"").commit();
            assertThat(Crowd.get(end).output()).isEqualTo("\"done\"");
        }
    }

    @Test
    void client_refusals_areThoseOfTheRunner() {
        node.settle("a");
        node.begin("b").complete("1").commit();
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> client.start("a"));
        assertCode(ErrorCode.INSTANCE_EXISTS, () -> client.start("b"));
        assertCode(ErrorCode.INSTANCE_ENDED, () -> client.raise("b", "1"));
        assertCode(ErrorCode.INSTANCE_NOT_FOUND, () -> client.raise("c", "1"));
        assertCode(
                ErrorCode.INSTANCE_NOT_FOUND,
                () -> client.send(new WorkItem.RaiseEvent("a", "another run", "channel", "1")));
    }

    @Test
    void client_sendsLater_itComesAtItsTime() {
        node.settle("a");
        client.send(TestNode.raised("a", "later"), Duration.ofSeconds(30));
        client.raise("a", "now");
        OrchestrationItem item = node.fetchOne();
        assertThat(TestNode.payloads(item)).containsExactly("now");
        TestTurn.of(node, item).commit();
        move(Duration.ofSeconds(30));
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("later");
    }

    @Test
    void client_sendsWhileLeased_itComesAfterwards() {
        TestTurn turn = node.begin("a");
        client.raise("a", "1");
        turn.note("\"x\"").commit();
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void client_queuesWork_theRunnerGetsIt() {
        TestTurn turn = node.begin("a");
        turn.note("\"x\"").commit();
        client.queue(TestNode.activity(turn.item(), 1, 1));
        LeasedWork leased = node.dequeueOne();
        assertThat(leased.work().scheduledId()).isEqualTo(1);
        node.complete(leased, "1");
        assertThat(TestNode.works(node.fetchOne())).hasSize(1);
    }

    @Test
    void client_appends_onlyToWhatNobodyRuns() {
        TestTurn turn = node.begin("a");
        Event event = new Event.CustomStatusSet(3, TestTurn.AT, null);
        assertCode(
                ErrorCode.LEASE_LOST,
                () -> client.provider()
                        .appendWithExecution("a", 1, List.of(new Event.CustomStatusSet(2, TestTurn.AT, null))));
        turn.note("\"x\"").commit();
        node.release();
        client.provider().appendWithExecution("a", 1, List.of(event));
        node.raise("a", "1");
        assertThat(node.fetchOne().lastEventId()).isEqualTo(3);
    }

    @Test
    void client_startsWhatTheRunnerStarts_oneWins() {
        long won = Crowd.winners(20, i -> () -> (i % 2 == 0 ? node : client).start("a"));
        assertThat(won).isEqualTo(1);
        assertThat(node.fetchOne().lease().instance()).isEqualTo("a");
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void client_andRunnerStartMany_allAreThereOnce() {
        Crowd.winners(60, i -> () -> (i % 2 == 0 ? node : client).start("i" + i));
        Set<String> seen = new HashSet<>();
        while (seen.size() < 60) {
            node.fetch(100, TestNode.LONG)
                    .forEach(item ->
                            assertThat(seen.add(item.lease().instance())).isTrue());
        }
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void client_sendsWhileTheRunnerEndsIt_eachIsRefusedOrKept() {
        for (int round = 0; round < 5; round++) {
            String id = "a" + round;
            TestTurn turn = node.begin(id);
            long accepted = Crowd.winners(5, i -> () -> {
                if (i == 4) {
                    turn.complete("1").commit();
                } else {
                    client.raise(id, "" + i);
                }
            });
            assertThat(accepted).isBetween(1L, 5L);
        }
        assertThat(node.fetch()).isEmpty();
    }

    @Test
    void client_closes_theRunnerGoesOn() {
        TestTurn turn = node.begin("a");
        bench.close(client);
        turn.note("\"x\"").commit();
        node.raise("a", "1");
        assertThat(node.fetch()).hasSize(1);
    }

    @Test
    void runner_closes_theClientStillReadsAndWrites() {
        node.settle("a");
        bench.close(node);
        client.raise("a", "1");
        assertThat(client.provider().read("a")).hasSize(2);
        goOnWith(client);
        assertThat(TestNode.payloads(node.fetchOne())).containsExactly("1");
    }

    @Test
    void many_clientsSendAtOnce_eachOneInOrder() {
        node.settle("a");
        List<TestNode> clients =
                IntStream.range(0, 3).mapToObj(i -> bench.join("client" + i)).toList();
        Crowd.winners(
                3,
                i -> () ->
                        IntStream.range(0, 10).forEach(number -> clients.get(i).raise("a", i + "." + number)));
        List<String> came = new ArrayList<>();
        while (came.size() < 30) {
            OrchestrationItem item = node.fetchOne();
            came.addAll(TestNode.payloads(item));
            TestTurn.of(node, item).commit();
        }
        for (int i = 0; i < 3; i++) {
            String sender = i + ".";
            assertThat(came.stream().filter(text -> text.startsWith(sender)))
                    .containsExactlyElementsOf(IntStream.range(0, 10)
                            .mapToObj(number -> sender + number)
                            .toList());
        }
    }
}
