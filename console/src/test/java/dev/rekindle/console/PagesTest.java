package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What pages say, as they come over HTTP. */
class PagesTest {
    private final Shop shop = Shop.open();

    @AfterEach
    void close() {
        shop.close();
    }

    private String locationOf(String path) {
        HttpResponse<String> response = shop.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(303);
        return response.headers().firstValue("Location").orElse("");
    }

    @Test
    void instances_thatEndedBadly_sayWhy() throws Exception {
        shop.client.start(Shop.REFUSED, "refused-1", "out of stock");
        shop.end("refused-1");
        shop.order("order-1");
        shop.client.cancel("order-1", "the customer called");
        shop.end("order-1");
        assertThat(shop.get("/instances").body())
                .contains("IllegalArgumentException: refused: out of stock")
                .contains("the customer called");
    }

    @Test
    void finder_wholeId_leadsToTheInstance() throws Exception {
        shop.order("order-1");
        shop.order("order-1/b");
        assertThat(locationOf("/find?id=order-1")).isEqualTo("/instance?id=order-1");
        assertThat(locationOf("/find?id=order-1%2Fb")).isEqualTo("/instance?id=order-1%2Fb");
    }

    @Test
    void finder_beginningOfIds_leadsToThoseThatBeginSo() throws Exception {
        shop.order("order-1");
        assertThat(locationOf("/find?id=ord")).isEqualTo("/instances?prefix=ord");
        assertThat(shop.get("/instances?prefix=ord").body()).contains("order-1");
    }

    @Test
    void finder_nothingBeginsSo_leadsToNotFound() {
        assertThat(locationOf("/find?id=nobody")).isEqualTo("/instance?id=nobody");
        assertThat(shop.get("/instance?id=nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void finder_withoutManagement_leadsToTheInstance() throws Exception {
        try (Shop basic = Shop.withoutManagement()) {
            assertThat(basic.get("/find?id=ord").headers().firstValue("Location"))
                    .hasValue("/instance?id=ord");
        }
    }

    @Test
    void queues_ofAnInstance_showItsDeadLettersAndNoOthers() throws Exception {
        for (String id : new String[] {"order-1", "order-2"}) {
            shop.order(id);
            shop.client.raiseEvent(id, "unheard", "for " + id);
            shop.client.raiseEvent(id, "approval", "Ada");
            shop.end(id);
        }
        Waiting.until(() -> shop.client.getQueueDepths().deadLetters() == 2);
        assertThat(shop.get("/instance?tab=queues&id=order-1").body())
                .contains("Dead letters</h2>", "for order-1")
                .doesNotContain("for order-2");
        shop.order("order-3");
        assertThat(shop.get("/instance?tab=queues&id=order-3").body()).doesNotContain("Dead letters</h2>");
    }

    @Test
    void activitiesThatAreRetried_leadToTheirInstances() throws Exception {
        shop.unpacked("parcel-1");
        shop.client.start(Shop.PICKUP, "pickup-1", "parcel 5");
        Waiting.until(() -> shop.client.management().checkup(8).failing().size() == 2);
        assertThat(shop.get("/").body())
                .contains("/queues?activity=Pack&amp;retrying=true", "waits for a node that has its code")
                .contains(">parcel-1</a>", "1 activity failed before and will be tried again", ">pickup-1</a>");
        assertThat(shop.get("/queues").body())
                .contains("/queues?activity=Pack\"", "/queues?activity=CallCarrier&amp;retrying=true\"")
                .doesNotContain("parcel-1", "pickup-1");
        assertThat(shop.get("/queues?activity=Pack&retrying=true").body())
                .contains(">parcel-1</a>", "no node that was asked");
        assertThat(shop.get("/queues?activity=Reserve").body())
                .contains("None waits")
                .doesNotContain("parcel-1");
    }
}
