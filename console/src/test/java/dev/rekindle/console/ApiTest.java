package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Orchestration;
import dev.rekindle.Status;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.Checkup;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The HTTP API, over HTTP. */
class ApiTest {
    private final Shop shop = Shop.open();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void start_thenEventByApi_completesTheInstance() throws Exception {
        HttpResponse<String> started = shop.post("/api/instances", """
            {"instance":"order-1","orchestration":"ProcessOrder","input":"\\"lamp\\"","attributes":{"customer":"c-17"}}\
            """);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(204);
        shop.awaitStatus("order-1", "\"reserved as hold-lamp\"");

        assertThat(shop.get("/api/instance/why?id=order-1").body()).contains("channel 'approval'");
        assertThat(shop.get("/api/instances?attribute=customer%3Dc-17").body()).contains("\"instance\":\"order-1\"");

        assertThat(shop.post("/api/instance/events?id=order-1", """
            {"channel":"approval","payload":"\\"Ada\\""}\
            """).statusCode())
                .isEqualTo(204);
        assertThat(shop.get("/api/instance/end?id=order-1&wait=PT20S").body())
                .contains("\"status\":\"COMPLETED\"")
                .contains("approved by Ada");
        assertThat(shop.audit).extracting(Audit.Change::action).containsExactly("start", "send-event");
        assertThat(shop.audit).extracting(Audit.Change::outcome).containsOnly("done");
    }

    @Test
    void error_isJsonWithCodeAndFittingStatus() throws Exception {
        shop.order("order-1");
        assertProblem(shop.get("/api/instance?id=nobody"), 404, "INSTANCE_NOT_FOUND");
        assertProblem(shop.post("/api/instances", """
            {"instance":"order-1","orchestration":"ProcessOrder","input":"1"}\
            """), 409, "INSTANCE_EXISTS");
        assertProblem(shop.get("/api/instances?limit=5000"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/instances?status=Dancing"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/instances?cursor=gibberish"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.post("/api/instances", "{"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.post("/api/instances", "null"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/nothing"), 404, "NOT_FOUND");
        assertProblem(shop.post("/api/metrics", "{}"), 405, "HTTP_405");
        assertProblem(shop.get("/api/instance"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/analytics/sums?resolution=DAY&from=x&to=y"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/analytics/sums?resolution=HOUR&from=x&to=y"), 400, "INVALID_ARGUMENT");
        assertProblem(shop.get("/api/analytics/sums?resolution=HOUR"), 400, "INVALID_ARGUMENT");
    }

    @Test
    void messages_withHalvesOfCharacters_areRefused() throws Exception {
        shop.order("order-1");
        HttpResponse<String> half = shop.post("/api/messages", """
            {"kind":"RaiseEvent","instance":"order-1","channel":"approval","payload":"\\"\\ud83d\\""}\
            """);
        assertProblem(half, 400, "INVALID_ARGUMENT");
        assertThat(half.body()).contains("half a character in event for 'order-1'");
        assertThat(shop.client.getStatus("order-1").orElseThrow().status()).isEqualTo(Status.RUNNING);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        Wire.Problem problem = Wire.read(response.body(), Wire.Problem.class);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.message()).isNotBlank();
    }

    @Test
    void instances_inPages_comeOnceEach() throws Exception {
        for (int i = 0; i < 5; i++) {
            shop.client.start(Shop.REFUSED, "refused-" + i, "no stock");
            assertThat(shop.end("refused-" + i)).isEqualTo(Status.FAILED);
        }
        Map<String, Object> first = Wire.read(shop.get("/api/instances?limit=3").body(), Map.class);
        assertThat(String.valueOf(first.get("items")))
                .contains("refused-4", "refused-2")
                .doesNotContain("refused-1");
        String second =
                shop.get("/api/instances?limit=3&cursor=" + first.get("next")).body();
        assertThat(second)
                .contains("refused-1", "refused-0")
                .doesNotContain("refused-2")
                .doesNotContain("next");
    }

    @Test
    void checkup_byApi_saysWhatStandsStill() throws Exception {
        shop.order("order-1");
        shop.client.management().suspend("order-1", "stocktaking");
        shop.client.start(Orchestration.named("ShipOrder", String.class, String.class), "shipping-1", "lamp");
        Waiting.until(() -> shop.client.getStatus("shipping-1").orElseThrow().problem() != null);
        Checkup seen = Wire.read(shop.get("/api/checkup").body(), Checkup.class);
        assertThat(seen.activeInstances()).isEqualTo(2);
        assertThat(seen.lacksNodes()).isFalse();
        assertThat(seen.held().count()).isEqualTo(1);
        assertThat(seen.held().examples()).extracting(its -> its.instance()).containsExactly("shipping-1");
        assertThat(seen.suspended().count()).isEqualTo(1);
        assertThat(seen.stuck().count()).isZero();
        assertThat(seen.late()).isEmpty();
        assertThat(shop.get("/api/overdue?limit=5").body()).isEqualTo("[]");
        assertThat(shop.get("/api/instances/count?troubled=true").body()).contains("\"count\":2");
        assertThat(shop.get("/instances?troubled=true&status=Pending").body())
                .contains("shipping-1")
                .doesNotContain("order-1");
    }

    @Test
    void bulk_byApi_countsWhatWasDoneAndLeft() throws Exception {
        shop.order("order-1");
        shop.client.start(Shop.REFUSED, "refused-1", "no stock");
        shop.end("refused-1");
        String result = shop.post("/api/instances/bulk", """
            {"action":"DELETE","query":{"statuses":[],"attributes":{}},"limit":100}\
            """).body();
        assertThat(result).contains("\"done\":1").contains("WRONG_STATUS").contains(":1}");
        assertThat(shop.get("/api/instances/count").body()).contains("\"count\":1");
    }

    @Test
    void exportAndImport_byApi_bringTheInstanceBack() throws Exception {
        shop.client.start(Shop.REFUSED, "refused-1", "no stock");
        shop.end("refused-1");
        String export = shop.get("/api/instance/export?id=refused-1").body();
        assertThat(shop.post("/api/instances/delete", """
            {"instances":["refused-1"],"options":{"force":false,"cascade":false}}\
            """).body()).contains("\"instances\":1");
        assertThat(shop.get("/api/instance?id=refused-1").statusCode()).isEqualTo(404);
        assertThat(shop.post("/api/instances/import", export).statusCode()).isEqualTo(204);
        assertThat(shop.get("/api/instance?id=refused-1").body()).contains("refused: no stock");
    }

    @Test
    @SuppressWarnings("unchecked")
    void description_listsEveryRouteThatAnswers() {
        Map<String, Object> document = Wire.read(shop.get("/api/openapi.json").body(), Map.class);
        Map<String, Map<String, Object>> paths =
                (Map<String, Map<String, Object>>) Objects.requireNonNull(document.get("paths"));
        assertThat(paths).hasSizeGreaterThan(30);
        paths.forEach((path, operations) -> {
            operations.keySet().forEach(method -> {
                HttpResponse<String> response = method.equals("get") ? shop.get(path) : shop.post(path, "{");
                assertThat(response.statusCode()).as(path).isNotIn(404, 405, 500);
            });
            String other = operations.containsKey("get") ? "post" : "get";
            if (!operations.containsKey(other)) {
                assertThat((other.equals("get") ? shop.get(path) : shop.post(path, "{}")).statusCode())
                        .as(path + " is answered for a method that is not described")
                        .isIn(404, 405);
            }
        });
        assertThat(document.toString()).doesNotContain("={}").contains("Event.ActivityCompleted");
    }

    @Test
    void description_isOfOneSchemaPerName() {
        String document = shop.get("/api/openapi.json").body();
        for (String part : document.split("#/components/schemas/", -1)) {
            String name = part.substring(0, Math.max(0, part.indexOf('"')));
            if (part.length() < document.length() && !part.startsWith("{")) {
                assertThat(document).contains("\"" + name + "\" :");
            }
        }
    }

    @Test
    void withoutManagement_theControlPlaneWorksAndTheRestSaysWhy() throws Exception {
        try (Shop basic = Shop.withoutManagement()) {
            assertProblem(basic.get("/api/instances"), 501, "CAPABILITY_NOT_AVAILABLE");
            assertThat(basic.get("/api/instances").body()).contains("Management features not available");
            assertProblem(
                    basic.get("/api/analytics/sums?resolution=HOUR&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"),
                    501,
                    "CAPABILITY_NOT_AVAILABLE");
            basic.post("/api/instances", """
                {"instance":"order-1","orchestration":"ProcessOrder","input":"\\"lamp\\""}\
                """);
            basic.awaitStatus("order-1", "\"reserved as hold-lamp\"");
            assertThat(basic.post("/api/instance/cancel?id=order-1", """
                {"reason":"changed my mind"}\
                """).statusCode())
                    .isEqualTo(204);
            assertThat(basic.end("order-1")).isEqualTo(Status.CANCELLED);
        }
    }
}
