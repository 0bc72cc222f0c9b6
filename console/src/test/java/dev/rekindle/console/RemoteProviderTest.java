package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.Client;
import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import dev.rekindle.console.client.RemoteProvider;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.DeleteOptions;
import dev.rekindle.management.ForkRequest;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.Management;
import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.FetchRequest;
import dev.rekindle.provider.NodeId;
import dev.rekindle.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client of a client: the same answers over HTTP as from the store itself. */
class RemoteProviderTest {
    private final Shop shop = Shop.open();
    private final Provider provider = Stores.open(shop.console.url());
    private final Client remote = Client.discover(provider);

    @AfterEach
    void close() {
        provider.close();
        shop.close();
    }

    @Test
    void controlPlane_overHttp_startsSendsAndWaits() throws Exception {
        remote.start(Shop.ORDER, "order-1", "lamp", options -> options.attribute("customer", "c-17"));
        shop.awaitStatus("order-1", "\"reserved as hold-lamp\"");
        remote.raiseEvent("order-1", "approval", "Ada");
        assertThat(remote.handle(Shop.ORDER, "order-1").result(Shop.PATIENCE)).contains("approved by Ada");
        assertThat(remote.getStatus("nobody")).isEmpty();
        assertThat(provider.name()).contains("at http://127.0.0.1:");
        assertThat(provider.read("order-1")).isEqualTo(shop.provider.read("order-1"));
        assertThat(provider.latestExecutionId("order-1")).hasValue(1);
    }

    @Test
    void everyQuestionOfManagement_overHttp_isAnsweredAsByTheStore() throws Exception {
        shop.order("order-1");
        shop.client.start(Shop.BASKET, "basket", "b1");
        shop.awaitStatus("b1/lamp", "\"reserved as hold-lamp\"");
        shop.awaitStatus("b1/chair", "\"reserved as hold-chair\"");
        var here = shop.client.management();
        var there = remote.management();
        InstanceQuery query = InstanceQuery.ALL.withAttribute("customer", "c-17");
        assertThat(there.instances(query, PageRequest.first(10)))
                .isEqualTo(here.instances(query, PageRequest.first(10)));
        assertThat(there.instance("basket")).isEqualTo(here.instance("basket"));
        assertThat(there.count(InstanceQuery.ALL, 100)).isEqualTo(4);
        assertThat(there.why("order-1")).isEqualTo(here.why("order-1"));
        assertThat(there.tree("basket")).isEqualTo(here.tree("basket"));
        assertThat(there.queues("order-1")).isEqualTo(here.queues("order-1"));
        assertThat(there.executions("order-1")).isEqualTo(here.executions("order-1"));
        assertThat(there.execution("order-1", 1)).isEqualTo(here.execution("order-1", 1));
        assertThat(there.definitions()).isEqualTo(here.definitions());
        assertThat(there.activityQueues()).isEqualTo(here.activityQueues());
        assertThat(there.nodes()).hasSameSizeAs(here.nodes());
        assertThat(there.deadLetters(PageRequest.first(10))).isEqualTo(here.deadLetters(PageRequest.first(10)));
        assertThat(there.metrics()).isEqualTo(here.metrics());
        assertThat(there.queueDepths()).isEqualTo(here.queueDepths());
        assertThat(remote.getInstanceInfo("order-1")).isEqualTo(shop.client.getInstanceInfo("order-1"));
        assertThat(remote.listAllInstances()).isEqualTo(shop.client.listAllInstances());
        assertThat(remote.readExecutionHistory("order-1", 1)).isEqualTo(shop.client.readExecutionHistory("order-1", 1));
    }

    @Test
    void figures_overHttp_areThoseOfTheStoreAndOnlyRead() {
        Instant minute = Instant.parse("2026-01-01T12:00:00Z");
        Subject order = new Subject(Subject.Kind.ORCHESTRATION, "Örder & Co", "");
        List<Measurement> measured = List.of(
                new Measurement(Resolution.MINUTE, minute, order, Status.COMPLETED, 12, new Totals(9, 900, 90, 0)),
                new Measurement(Resolution.MINUTE, minute, order, Status.FAILED, 3, new Totals(1, 7, 0, 3)));
        AnalyticsCapability here =
                shop.provider.capability(AnalyticsCapability.class).orElseThrow();
        here.addMeasurements(measured);
        AnalyticsCapability there =
                provider.capability(AnalyticsCapability.class).orElseThrow();
        Instant end = minute.plusSeconds(60);

        assertThat(there.sumMeasurements(Resolution.MINUTE, minute, end)).containsExactlyInAnyOrderElementsOf(measured);
        assertThat(there.sumMeasurements(Resolution.HOUR, minute, end)).isEmpty();
        assertThat(there.measurementSeries(Subject.Kind.ORCHESTRATION, Resolution.MINUTE, minute, end))
                .isEqualTo(here.measurementSeries(Subject.Kind.ORCHESTRATION, Resolution.MINUTE, minute, end))
                .hasSize(2);
        assertThatThrownBy(() -> there.addMeasurements(measured)).hasMessageStartingWith("READ_ONLY figures");
        assertThatThrownBy(() -> there.forgetMeasurements(Resolution.MINUTE, end))
                .hasMessageStartingWith("READ_ONLY figures");
    }

    @Test
    void checkup_overHttp_isThatOfTheStore() throws Exception {
        shop.order("order-1");
        shop.client.management().suspend("order-1", "audit");
        Checkup here = shop.client.management().checkup(3);
        Checkup there = remote.management().checkup(3);
        assertThat(there.suspended()).isEqualTo(here.suspended());
        assertThat(there.suspended().examples()).hasSize(1);
        assertThat(there.nodes()).hasSameSizeAs(here.nodes());
        assertThat(remote.management().overdue(7)).isEmpty();
        assertThat(remote.management()
                        .instances(InstanceQuery.ALL.withTroubledOnly(true), PageRequest.first(5))
                        .items())
                .isEqualTo(here.suspended().examples());
    }

    @Test
    void activities_overHttp_areThoseOfTheStore() throws Exception {
        shop.unpacked("parcel-1");
        shop.unpacked("parcel-2");
        Management here = shop.client.management();
        Management there = remote.management();
        ActivityQuery pack = ActivityQuery.ALL.withActivity("Pack").withRetryingOnly(true);
        Page<ActivityInfo> first = there.activities(pack, PageRequest.first(1));
        assertThat(first).isEqualTo(here.activities(pack, PageRequest.first(1)));
        assertThat(first.items()).extracting(ActivityInfo::instance).containsExactly("parcel-1");
        Page<ActivityInfo> second = there.activities(pack, PageRequest.first(1).after(String.valueOf(first.next())));
        assertThat(second.items()).extracting(ActivityInfo::instance).containsExactly("parcel-2");
        assertThat(second.next()).isNull();
        assertThat(there.activities(pack.withActivity("Unpack"), PageRequest.first(1))
                        .items())
                .isEmpty();
        assertThat(there.checkup(1).failing()).isEqualTo(first.items());
        assertThat(there.why("parcel-1").headline())
                .isEqualTo("activity 'Pack' waits for a node that has code for it; none that was asked has");
    }

    @Test
    void changes_overHttp_happen() throws Exception {
        shop.order("order-1");
        var there = remote.management();
        there.suspend("order-1", "audit");
        assertThat(there.instance("order-1").status()).isEqualTo(Status.SUSPENDED);
        there.resume("order-1");
        there.fork(ForkRequest.of("order-1", 4, "order-2"));
        Waiting.until(() -> there.why("order-2").headline().contains("channel 'approval'"));
        remote.terminate("order-1", "enough");
        assertThat(shop.end("order-1")).isEqualTo(Status.TERMINATED);
        there.retry("order-1");
        remote.raiseEvent("order-1", "approval", "Ada");
        assertThat(shop.end("order-1")).isEqualTo(Status.COMPLETED);
        InstanceExport export = there.export("order-1");
        assertThat(there.delete(List.of("order-1"), DeleteOptions.CAREFUL).instances())
                .isEqualTo(1);
        there.importInstance(export);
        assertThat(there.export("order-1")).isEqualTo(export);
        assertThat(there.deleteAll(InstanceQuery.ALL, DeleteOptions.CAREFUL, 100)
                        .done())
                .isEqualTo(1);
    }

    @Test
    void errors_overHttp_areTheSameExceptions() throws Exception {
        shop.order("order-1");
        assertThatThrownBy(() -> remote.start(Shop.ORDER, "order-1", "lamp"))
                .hasMessageStartingWith("INSTANCE_EXISTS instance exists: 'order-1'");
        assertThatThrownBy(() -> remote.cancel("nobody", "x"))
                .isInstanceOfSatisfying(
                        RekindleException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_NOT_FOUND));
    }

    @Test
    void running_overHttp_isRefused() {
        assertThatThrownBy(() -> provider.fetchOrchestrationItem(new FetchRequest(new NodeId("n"), 1, Duration.ZERO)))
                .hasMessageStartingWith("CAPABILITY_NOT_AVAILABLE nothing runs over HTTP");
    }

    @Test
    void withoutManagementBehindIt_hasNoneEither() {
        try (Shop basic = Shop.withoutManagement();
                Provider reached = Stores.open(basic.console.url())) {
            Client client = Client.discover(reached);
            assertThat(client.hasManagementCapability()).isFalse();
            assertThat(client.capability(AnalyticsCapability.class)).isEmpty();
            assertThatThrownBy(client::analytics).hasMessageStartingWith("Analytics features not available");
            assertThatThrownBy(client::listAllInstances).hasMessageStartingWith("Management features not available");
            client.start(Shop.REFUSED, "refused-1", "no");
            assertThat(client.getStatus("refused-1")).isPresent();
        }
    }

    @Test
    void token_fromUrlOrEnvironment_opensAndIsNotShown() {
        String token = "0123456789abcdef+/%23";
        try (Shop closed = Shop.open(options -> options.withToken(token))) {
            assertThatThrownBy(() -> RemoteProvider.open(closed.console.url(), null))
                    .hasMessageStartingWith("STORE_UNREADABLE the console at");
            try (Provider fallback = RemoteProvider.open(closed.console.url(), token)) {
                assertThat(fallback.name()).doesNotContain("0123456789abcdef");
            }
            String url = closed.console.url().replace("//", "//0123456789abcdef%2B%2F%2523@");
            try (Provider inUrl = RemoteProvider.open(url, null)) {
                assertThat(inUrl.name()).doesNotContain("0123456789abcdef");
            }
        }
    }

    @Test
    void nobodyThere_isSaid() {
        assertThatThrownBy(() -> Stores.open("http://127.0.0.1:1"))
                .hasMessageStartingWith("STORE_UNAVAILABLE console does not answer");
        assertThatThrownBy(() -> Stores.open("http://se cret@x"))
                .hasMessageStartingWith("INVALID_ARGUMENT")
                .hasMessageNotContaining("cret");
    }
}
