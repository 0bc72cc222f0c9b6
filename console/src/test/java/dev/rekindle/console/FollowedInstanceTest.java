package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Client;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.ManagementCapability;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page that stands open reads, counted. */
class FollowedInstanceTest {
    private final Shop shop = Shop.onSqlite();
    private final Map<String, Integer> reads = new ConcurrentHashMap<>();
    private final InstancePage page = new InstancePage(
            new Reading(Client.withManagement(shop.provider, counting()), new Redaction(Redactor.NONE)),
            InstantSource.system());

    @AfterEach
    void close() {
        shop.close();
    }

    /** The store's management; what is asked of it is counted. */
    private ManagementCapability counting() {
        ManagementCapability management =
                shop.provider.capability(ManagementCapability.class).orElseThrow();
        return (ManagementCapability) Proxy.newProxyInstance(
                FollowedInstanceTest.class.getClassLoader(),
                new Class<?>[] {ManagementCapability.class},
                (proxy, method, args) -> {
                    reads.merge(method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(management, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private FollowedInstance followed(String id, String tab) {
        return page.followed(Parameters.NONE.and("id", id).and("tab", tab));
    }

    /** An order that waits, and that no node holds. */
    private void restingOrder(String id) throws InterruptedException {
        shop.order(id);
        Waiting.until(() -> shop.client.management().queues(id).leasedTo() == null);
    }

    private int readsOf(String method) {
        return reads.getOrDefault(method, 0);
    }

    @Test
    void instance_atRest_isLookedAtWithoutItsHistory() throws Exception {
        restingOrder("order-1");
        FollowedInstance followed = followed("order-1", "summary");
        String first = followed.html().markup();
        assertThat(first).contains("channel &#39;approval&#39;");
        assertThat(readsOf("readExecutionHistory")).isEqualTo(1);
        assertThat(readsOf("readHistoryPage")).isEqualTo(1);
        reads.clear();

        for (int i = 0; i < 10; i++) {
            assertThat(followed.html().markup()).contains("channel &#39;approval&#39;");
        }

        assertThat(reads)
                .containsOnlyKeys("getInstanceSummary", "getExecutionInfo", "getInstanceQueues", "listNodes")
                .allSatisfy((method, times) -> assertThat(times).as(method).isEqualTo(10));
    }

    @Test
    void instance_thatMoves_isReadOnceMore() throws Exception {
        restingOrder("order-1");
        FollowedInstance followed = followed("order-1", "summary");
        followed.html();
        shop.client.raiseEvent("order-1", "approval", "Ada");
        shop.end("order-1");
        Waiting.until(() -> shop.client.management().queues("order-1").leasedTo() == null);
        reads.clear();

        assertThat(followed.html().markup()).contains("approved by Ada").contains("Completed");
        assertThat(followed.html().markup()).contains("approved by Ada");
        assertThat(readsOf("readHistoryPage")).isEqualTo(1);
    }

    @Test
    void instance_whoseQueueAloneChanges_isReadAgain() throws Exception {
        restingOrder("order-1");
        shop.client.management().suspend("order-1", "audit");
        FollowedInstance summary = followed("order-1", "summary");
        FollowedInstance queues = followed("order-1", "queues");
        assertThat(summary.html().markup()).contains("resumed");
        assertThat(queues.html().markup()).doesNotContain("Grace");

        shop.client.raiseEvent("order-1", "approval", "Grace");

        assertThat(queues.html().markup()).contains("Grace");
        reads.clear();
        assertThat(summary.html().markup()).contains("resumed");
        assertThat(readsOf("readExecutionHistory")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "executions"})
    void side_ofAnInstanceAtRest_isReadOnce(String tab) throws Exception {
        restingOrder("order-1");
        FollowedInstance followed = followed("order-1", tab);
        String first = followed.html().markup();
        int pages = readsOf("readHistoryPage");

        assertThat(followed.html().markup()).isEqualTo(first);
        assertThat(readsOf("readHistoryPage")).isEqualTo(pages);
        assertThat(readsOf("readExecutionHistory")).isZero();

        shop.client.raiseEvent("order-1", "approval", "Ada");
        shop.end("order-1");
        assertThat(followed.html().markup()).isNotEqualTo(first).contains("Completed");
    }

    @Test
    void tree_ofAnInstanceAtRest_showsChildrenThatMove() throws Exception {
        shop.client.start(Shop.BASKET, "basket", "b1");
        shop.awaitStatus("b1/lamp", "\"reserved as hold-lamp\"");
        shop.awaitStatus("b1/chair", "\"reserved as hold-chair\"");
        FollowedInstance followed = followed("basket", "tree");
        assertThat(followed.html().markup()).contains("b1/lamp").doesNotContain("Suspended");

        shop.client.management().suspend("b1/lamp", "audit");

        assertThat(followed.html().markup()).contains("Suspended");
        assertThat(readsOf("readExecutionHistory")).isZero();
    }
}
