package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekindle.RekindleException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not get through. */
class SafetyTest {
    private static final String TOKEN = "0123456789abcdef0123";

    private final Shop shop = Shop.onSqlite();

    @AfterEach
    void close() {
        shop.close();
    }

    // ---- injection

    static Stream<String> attacks() {
        return Stream.of(
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "' onmouseover='alert(1)",
                "</textarea><script>alert(1)</script>",
                "</title><svg onload=alert(1)>",
                "javascript:alert(1)",
                "//evil.example/x",
                "{{7*7}}${7*7}<%= 7*7 %>",
                "'; DROP TABLE instance; --",
                "x' OR '1'='1",
                "%' OR 1=1 --",
                "_%",
                "../../../../etc/passwd",
                "..%2f..%2f",
                "..",
                ".",
                "a/b?c=d&e=f#g",
                "&lt;b&gt; &amp;",
                "--><!--",
                "]]><x>",
                "\u202etxt.exe",
                "ﬀ＜script＞",
                "hx-get=\"/evil\"");
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void attack_asIdNameAttributeAndPayload_isOnlyText(String attack) throws Exception {
        String json = "\"" + attack.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        HttpResponse<String> started = shop.submit(
                "/start", Map.of("id", attack, "orchestration", attack, "input", json, "attributes", "note=" + attack));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
        shop.client.start(Shop.REFUSED, "refused " + attack, attack);
        shop.end("refused " + attack);
        String id = URLEncoder.encode(attack, StandardCharsets.UTF_8);
        List<String> pages = List.of(
                "/",
                "/instances",
                "/instances?prefix=" + id,
                "/instances?orchestration=" + id,
                "/instances?version=" + id,
                "/instances?parent=" + id,
                "/instances?attribute=note%3D" + id,
                "/instances/bulk?prefix=" + id,
                "/instance?id=" + id,
                "/instance?id=" + id + "&tab=" + id,
                "/instance?id=" + id + "&done=" + id,
                "/instance?id=refused+" + id,
                "/instance?id=refused+" + id + "&tab=history",
                "/instance?id=refused+" + id + "&tab=history&q=" + id + "&kind=" + id,
                "/instance?id=" + id + "&tab=queues",
                "/instance?id=" + id + "&tab=tree",
                "/instance/fork?id=refused+" + id,
                "/definitions",
                "/queues",
                "/queues?retrying=true&activity=" + id,
                "/nodes",
                "/dead-letters",
                "/instance?id=nobody" + id,
                "/instances?cursor=" + id,
                "/instances?createdFrom=" + id);
        for (String page : pages) {
            HttpResponse<String> response = shop.get(page);
            assertThat(response.statusCode()).as(page).isIn(200, 400, 404);
            assertOnlyOurMarkup(page, response.body());
        }
        assertThat(shop.get("/find?id=" + id).headers().firstValue("Location").orElse(""))
                .startsWith("/instance?id=");
        assertThat(shop.client.management().metrics().totalInstances()).isEqualTo(2);
        assertThat(shop.get("/api/instances?prefix=" + id).body()).contains("\"items\":[{");
    }

    /** Elements that pages never have, attributes that run something, and links to elsewhere. */
    private static void assertOnlyOurMarkup(String page, String html) {
        assertThat(html.replaceAll("<script src=\"/assets/[^\"]*\"( defer=\"\")?></script>", ""))
                .as(page)
                .doesNotContain("<script")
                .doesNotContain("<img")
                .doesNotContain("<svg onload")
                .doesNotContain("<b>")
                .doesNotContain("<x>")
                .doesNotContain("<!--")
                .doesNotContainPattern("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\son[a-z]+=")
                .doesNotContainPattern("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\sstyle=")
                .doesNotContainPattern("(href|src|action|hx-get|sse-connect)=\"(?![/#])")
                .doesNotContainPattern("(href|src|action|hx-get|sse-connect)=\"//");
    }

    @Test
    void lineBreakInAnAuditedId_makesNoSecondLine() {
        shop.post("/api/instance/cancel?id=order-1%0A2026-01-01%20by%20root%3A%20delete", "{\"reason\":\"x\"}");
        assertThat(shop.audit).hasSize(1);
        assertThat(shop.audit.getFirst().outcome()).startsWith("refused");
    }

    @Test
    void headerSplitting_throughAnId_addsNoHeader() {
        HttpResponse<String> response = shop.submit(
                "/start", Map.of("id", "a\r\nSet-Cookie: x=y", "orchestration", "O", "input", "1", "attributes", ""));
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("strangePaths")
    void strangePath_findsNothing(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer.substring(0, 12)).as(answer).isIn("HTTP/1.1 404", "HTTP/1.1 400");
        assertThat(answer).doesNotContain("root:").doesNotContain("Exception").doesNotContain("\tat ");
    }

    static Stream<String> strangePaths() {
        return Stream.of(
                "/assets/../module-info.class",
                "/assets/..%2fConsole.class",
                "/assets/%2e%2e/Console.class",
                "/assets/console.css/",
                "/assets/%00",
                "/assets/..;/x",
                "/api/../../etc/passwd",
                "//etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/assets/<script>alert(1)</script>",
                "/assets/console.css%00.js");
    }

    private String raw(String request) throws IOException {
        URI url = URI.create(shop.console.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout((int) Shop.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- headers and hosts

    @Test
    void everyAnswer_hasTheHeadersThatProtect() throws Exception {
        for (String path : List.of("/", "/api/metrics", "/nothing", "/instance?id=nobody")) {
            HttpResponse<String> response = shop.get(path);
            assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(response.headers().firstValue("Cache-Control")).as(path).contains("no-store");
            assertThat(response.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .contains("nosniff");
            assertThat(response.headers().firstValue("Referrer-Policy"))
                    .as(path)
                    .contains("same-origin");
            assertThat(response.headers().firstValue("Server")).as(path).isEmpty();
        }
    }

    @Test
    void foreignHost_isRefusedBeforeAnythingElse() throws Exception {
        for (String host :
                List.of("evil.example", "evil.example:7077", "localhost.evil.example", "127.0.0.1.evil.example", "")) {
            String answer = raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(host).matches("(?s)HTTP/1.1 (421|400) .*").doesNotContain("<main");
        }
        for (String host : List.of("localhost", "localhost:1", "127.0.0.1", "[::1]:7077", "192.168.1.7")) {
            assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 200");
        }
    }

    // ---- forgery

    @Test
    void form_withoutTheSecretOrFromElsewhere_changesNothing() throws Exception {
        shop.order("order-1");
        Map<String, String> cancel = Map.of("id", "order-1");
        assertThat(shop.submitWith("", "/instance/cancel", cancel).statusCode()).isEqualTo(403);
        assertThat(shop.submitWith("0".repeat(64), "/instance/cancel", cancel).statusCode())
                .isEqualTo(403);
        assertThat(shop.submit("/instance/cancel", cancel, "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(shop.submit("/instance/cancel", cancel, "Origin", "null").statusCode())
                .isEqualTo(403);
        assertThat(shop.submit("/instance/cancel", cancel, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(shop.submit("/instance/cancel", cancel, "Sec-Fetch-Site", "same-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(shop.audit).isEmpty();
        assertThat(shop.submit("/instance/cancel", cancel, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(303);
        assertThat(shop.audit).hasSize(1);
    }

    @Test
    void chosenInstances_withAHostileWayBack_leadNowhereElse() throws Exception {
        shop.order("order-1");
        for (String back :
                List.of("//evil.example", "https://evil.example/?a=b", "\"><script>alert(1)</script>", "%2")) {
            String page = shop.submit("/instances/chosen", Map.of("chosen", "order-1", "back", back))
                    .body();
            assertThat(page)
                    .as(back)
                    .doesNotContain("href=\"//")
                    .doesNotContain("href=\"http")
                    .doesNotContain("<script>");
        }
        assertThat(shop.submitWith("", "/instances/chosen/do", Map.of("chosen", "order-1", "action", "delete"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(shop.audit).isEmpty();
    }

    @Test
    void api_takesNoFormsAndNothingFromElsewhere() throws Exception {
        shop.order("order-1");
        String path = "/api/instance/cancel?id=order-1";
        assertThat(shop.submitWith("x", path, Map.of("reason", "x")).statusCode())
                .isEqualTo(415);
        assertThat(shop.post(path, "{\"reason\":\"x\"}", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(shop.audit).isEmpty();
    }

    @Test
    void get_neverChangesAnything() throws Exception {
        shop.order("order-1");
        for (String action : List.of("cancel", "terminate", "suspend", "delete", "retry", "prune", "send-event")) {
            assertThat(shop.get("/instance/" + action + "?id=order-1").statusCode())
                    .as(action)
                    .isIn(404, 405);
        }
        for (String page : List.of(
                "/instance/fork?id=order-1&instance=f",
                "/instances/bulk?action=delete&sure=true",
                "/instances/chosen?chosen=order-1",
                "/instances/chosen/do?chosen=order-1&action=delete&force=true")) {
            shop.get(page);
        }
        assertThat(shop.audit).isEmpty();
        assertThat(shop.client.management().metrics().totalInstances()).isEqualTo(1);
    }

    // ---- tokens

    @Test
    void start_reachableFromElsewhereWithoutToken_isRefused() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
            assertThatThrownBy(() -> Console.start(
                            shop.client, ConsoleOptions.DEFAULT.withHost(host).withPort(0)))
                    .isInstanceOf(RekindleException.class)
                    .hasMessageStartingWith("INVALID_ARGUMENT console without a token: '" + host + "'");
        }
        assertThatThrownBy(() -> ConsoleOptions.DEFAULT.withToken("short"))
                .hasMessageStartingWith("INVALID_ARGUMENT console token too weak: 5 characters");
        assertThat(ConsoleOptions.DEFAULT.withToken(TOKEN).toString()).doesNotContain(TOKEN);
    }

    @Test
    void token_isAskedForEverywhereAndTakenFromHeaderOrForm() throws Exception {
        try (Shop closed = Shop.open(options -> options.withToken(TOKEN))) {
            for (String path : List.of("/api/metrics", "/api", "/api/openapi.json", "/live/overview")) {
                assertThat(closed.get(path).statusCode()).as(path).isIn(401, 302);
            }
            assertThat(closed.get("/instances").headers().firstValue("Location").orElse(""))
                    .endsWith("/login");
            assertThat(closed.post("/api/instances", "{}").statusCode()).isEqualTo(401);
            assertThat(closed.get("/api/metrics", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
            for (String wrong : List.of("Bearer x", "Bearer ", "Basic " + TOKEN, TOKEN, "Bearer " + TOKEN + " ")) {
                assertThat(closed.get("/api/metrics", "Authorization", wrong + "x")
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(closed.submitWith("", "/login", Map.of("token", "wrong")).statusCode())
                    .isEqualTo(403);
            HttpResponse<String> in = closed.submitWith("", "/login", Map.of("token", TOKEN));
            String cookie = in.headers().firstValue("Set-Cookie").orElse("");
            assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain(TOKEN);
            String session = cookie.substring(0, cookie.indexOf(';'));
            assertThat(closed.get("/instances", "Cookie", session).statusCode()).isEqualTo(200);
            assertThat(closed.submit("/logout", Map.of(), "Cookie", session).statusCode())
                    .isEqualTo(303);
            assertThat(closed.get("/instances", "Cookie", session).statusCode()).isEqualTo(302);
            assertThat(closed.get("/instances", "Cookie", Guard.COOKIE + "=" + TOKEN)
                            .statusCode())
                    .isEqualTo(302);
        }
    }

    // ---- read-only, redaction, limits

    @Test
    void readOnly_refusesEveryChangeAndShowsNoForms() throws Exception {
        try (Shop looking = Shop.open(options -> options.withReadOnly(true))) {
            looking.order("order-1");
            assertThat(looking.post("/api/instance/cancel?id=order-1", "{\"reason\":\"x\"}")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(looking.post("/api/messages", "{}").statusCode()).isEqualTo(403);
            assertThat(looking.submitWith("", "/instance/cancel", Map.of("id", "order-1"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(looking.get("/instance?id=order-1").body()).doesNotContain("method=\"post\"");
            assertThat(looking.audit).isEmpty();
        }
    }

    @Test
    void redactor_hidesWhatAttemptsFailedWith_andNotWhichActivitiesWait() throws Exception {
        try (Shop hiding = Shop.open(options -> options.withRedactor(Redactor.HIDE_ALL))) {
            hiding.unpacked("parcel-1");
            for (String path : List.of("/api/activities?retrying=true", "/api/checkup", "/queues?retrying=true", "/")) {
                assertThat(hiding.get(path).body())
                        .contains("parcel-1", "Pack")
                        .doesNotContain("no node that was asked");
            }
            assertThat(hiding.get("/api/instance/why?id=parcel-1").body())
                    .contains("activity 'Pack' waits for a node that has code for it");
        }
    }

    @Test
    void redactor_hidesPayloadsOnEveryPageAndInEveryAnswer() throws Exception {
        try (Shop hiding = Shop.open(options -> options.withRedactor(Redactor.HIDE_ALL))) {
            hiding.order("order-1");
            hiding.client.raiseEvent("order-1", "approval", "secret-ada");
            hiding.end("order-1");
            hiding.client.start(Shop.REFUSED, "refused-1", "secret-reason");
            hiding.end("refused-1");
            hiding.client.start(Shop.BASKET, "basket", "b1");
            hiding.awaitStatus("b1/lamp", "\"reserved as hold-lamp\"");
            for (String id : List.of("order-1", "refused-1", "b1%2Flamp")) {
                for (String path : List.of(
                        "/instance?id=",
                        "/instance?tab=history&id=",
                        "/instance?tab=queues&id=",
                        "/instance?tab=executions&id=",
                        "/instance/fork?id=",
                        "/api/instance?id=",
                        "/api/instance/info?id=",
                        "/api/instance/summary?id=",
                        "/api/instance/why?id=",
                        "/api/instance/history?id=",
                        "/api/instance/queues?id=",
                        "/api/instance/tree?id=",
                        "/api/instance/execution?execution=1&id=")) {
                    assertThat(hiding.get(path + id).body())
                            .as(path + id)
                            .doesNotContain("secret")
                            .doesNotContain("hold-lamp")
                            .doesNotContain("the bank did not answer");
                }
            }
            assertThat(hiding.get("/instances").body())
                    .doesNotContain("hold-lamp")
                    .doesNotContain("secret");
            assertThat(hiding.get("/api/instances").body()).doesNotContain("hold-lamp");
            assertThat(hiding.get("/api/instance/export?id=order-1").statusCode())
                    .isEqualTo(403);
            assertThat(hiding.get("/instance/export?id=order-1").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void tooLargeBody_isRefused() {
        String large = "{\"instance\":\"x\",\"input\":\"" + "a".repeat(Body.BYTES_AT_MOST) + "\"}";
        assertThat(shop.post("/api/instances", large).statusCode()).isEqualTo(413);
    }

    @Test
    void messageThatOnlyRuntimesSend_isRefused() {
        assertThat(shop.post("/api/messages", """
            {"kind":"ActivityCompleted","instance":"order-1","runId":"r","executionId":1,"scheduledId":2,"output":"1"}\
            """).body())
                .contains("not a" + " message" + " that" + " clients" + " send");
        assertThat(shop.post("/api/messages", """
            {"kind":"java.lang.Runtime","instance":"x"}\
            """).statusCode()).isEqualTo(400);
    }

    @Test
    void hostNames_thatAreAllowed_areAnswered() throws Exception {
        try (Shop named = Shop.open(options -> options.withHostNames(Set.of("console.example")))) {
            URI url = URI.create(named.console.url());
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: Console.Example\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }
}
