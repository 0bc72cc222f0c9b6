package dev.rekindle.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.Activity;
import dev.rekindle.Client;
import dev.rekindle.Orchestration;
import dev.rekindle.OrchestrationFailedException;
import dev.rekindle.Rekindle;
import dev.rekindle.Status;
import dev.rekindle.Stores;
import dev.rekindle.cli.TestPostgres;
import dev.rekindle.console.Console;
import dev.rekindle.console.ConsoleOptions;
import dev.rekindle.provider.Provider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The console on a PostgreSQL store: every page and every question of the API, and what it changes. */
@Timeout(120)
class PostgresConsoleTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Activity<String, String> CHARGE = Activity.named("Charge", String.class, String.class);
    private static final Orchestration<String, String> ORDER = Orchestration.named("Order", String.class, String.class);
    private static final Orchestration<String, String> BASKET =
            Orchestration.named("Basket", String.class, String.class);

    /** What any question of the API may want to know. */
    private static final String QUESTION =
            "?id=done-1&wait=PT0S&kind=ACTIVITY&resolution=MINUTE&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";

    private static final JsonMapper JSON = new JsonMapper();

    private static Provider provider;
    private static Rekindle node;
    private static Console console;
    private static HttpClient http;

    @BeforeAll
    static void fillStore() throws InterruptedException {
        provider = Stores.open(TestPostgres.url("console"));
        node = Rekindle.on(provider)
                .activity(CHARGE, (ctx, what) -> {
                    if (what.equals("nothing")) {
                        throw new IllegalStateException("nothing to <charge> for");
                    }
                    return "charged for " + what;
                })
                .orchestration(ORDER, (ctx, what) -> {
                    String charged = ctx.call(CHARGE, what);
                    ctx.setCustomStatus("charged");
                    return charged + ", approved by "
                            + ctx.event("approval", String.class).await(Duration.ofDays(30));
                })
                .orchestration(
                        BASKET,
                        (ctx, what) -> ctx.scheduleChild(ORDER, ctx.instance() + "/1", what)
                                .await())
                .start();
        http = HttpClient.newHttpClient();
        Client client = node.client();
        console = Console.start(client, ConsoleOptions.DEFAULT.withPort(0));
        client.start(ORDER, "done-1", "lamp", options -> options.attribute("customer", "c-17"));
        client.raiseEvent("done-1", "approval", "Ada");
        client.raiseEvent("done-1", "approval", "Bob");
        client.handle(ORDER, "done-1").result(SOON);
        client.start(BASKET, "basket", "chair");
        awaitCharged("basket/1");
        try {
            client.start(ORDER, "failed-1", "nothing").result(SOON);
        } catch (OrchestrationFailedException e) {
            assertThat(e).hasMessageContaining("failed-1");
        }
        client.startOrchestration("unknown-1", "NobodyKnows", "{}");
    }

    @AfterAll
    static void close() {
        console.close();
        node.close();
        provider.close();
        http.close();
    }

    private static void awaitCharged(String id) {
        while (!"\"charged\""
                .equals(node.client()
                        .getStatus(id)
                        .map(its -> its.customStatus())
                        .orElse(null))) {
            Thread.onSpinWait();
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(console.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(console.url() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void done(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, json);
        assertThat(response.statusCode()).as(response.body()).isIn(200, 204);
    }

    // ---- looking

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                                     | that nobody could take
        instances                                              | done-1
        instances?status=Completed&status=Failed               | failed-1
        instances?orchestration=Order&version=1.0&prefix=done  | done-1
        instances?attribute=customer%3Dc-17                    | done-1
        instances?parent=basket                                | basket/1
        instances?roots=true&createdFrom=2020-01-01T00:00      | basket
        instances?finishedBefore=2100-01-01T00:00              | done-1
        instances?prefix=absent                                | No instance fits
        instances/bulk?status=Failed                           | 1 instance
        instance?id=done-1                                     | charged for lamp, approved by Ada
        instance?id=done-1&tab=history                         | orchestration completed
        instance?id=basket&tab=tree                            | basket/1
        instance?id=basket%2F1&tab=queues                      | Timer
        instance?id=basket%2F1&tab=executions                  | Began
        instance?id=basket%2F1                                 | approval
        instance?id=failed-1                                   | nothing to &lt;charge&gt; for
        instance?id=unknown-1                                  | NobodyKnows
        instance/fork?id=done-1                                | done-1-fork
        instance/actions?id=basket                             | Terminate
        instance/export?id=done-1                              | approved by Ada
        start                                                  | NobodyKnows
        definitions                                            | Basket
        queues                                                 | Messages
        nodes                                                  | alive
        dead-letters                                           | Bob
        login                                                  | Sign in
        """)
    void page_onPostgres_showsWhatIsThere(String path, String expected) throws Exception {
        HttpResponse<String> response = get(Objects.requireNonNullElse(path, ""));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"live/overview, Completed", "live/instance?id=basket, basket/1"})
    void part_thatFollowsThePostgresStore_isSent(String path, String expected) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(console.url() + path))
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            assertThat(lines.filter(line -> line.contains(expected)).findFirst())
                    .isPresent();
        }
    }

    @Test
    void question_ofTheApi_isAnsweredFromPostgres() throws Exception {
        JsonNode paths = JSON.readTree(get("api/openapi.json").body()).get("paths");
        List<String> questions = paths.properties().stream()
                .filter(path -> path.getValue().has("get"))
                .map(path -> path.getKey().substring(1))
                .toList();
        assertThat(questions).hasSizeGreaterThan(20);
        for (String question : questions) {
            HttpResponse<String> response = get(question + QUESTION);
            assertThat(response.statusCode())
                    .as(question + ": " + response.body())
                    .isEqualTo(200);
            assertThat(JSON.readTree(response.body()).isContainer())
                    .as(question)
                    .isTrue();
        }
    }

    // ---- changing

    @Test
    void instance_startedAndSentToByApi_completes() throws Exception {
        done("api/instances", """
            {"instance":"api-1","orchestration":"Order","input":"\\"desk\\"","attributes":{"customer":"c-18"}}\
            """);
        done("api/instance/events?id=api-1", """
            {"channel":"approval","payload":"\\"Eve\\""}\
            """);
        assertThat(get("api/instance/end?id=api-1&wait=PT20S").body()).contains("charged for desk, approved by Eve");
        assertThat(get("api/instances?attribute=customer%3Dc-18").body()).contains("api-1");
    }

    @Test
    void instance_suspendedResumedAndCancelledByApi_endsCancelled() throws Exception {
        node.client().start(ORDER, "api-2", "bed");
        awaitCharged("api-2");
        done("api/instance/suspend?id=api-2", "{\"reason\":\"audit\"}");
        assertThat(get("api/instance/why?id=api-2").body()).contains("audit");
        done("api/instance/resume?id=api-2", "");
        done("api/instance/cancel?id=api-2", "{\"reason\":\"sold out\"}");
        assertThat(node.client().awaitEnd("api-2", SOON).status()).isEqualTo(Status.CANCELLED);
        done("api/instances/delete", """
            {"instances":["api-2"],"options":{"force":false,"cascade":false}}\
            """);
        assertThat(get("api/instance?id=api-2").statusCode()).isEqualTo(404);
    }

    @Test
    void instance_terminatedForkedAndRetriedByApi_goesOn() throws Exception {
        node.client().start(ORDER, "api-3", "rug");
        awaitCharged("api-3");
        done("api/instance/terminate?id=api-3", "{\"reason\":\"enough\"}");
        assertThat(node.client().awaitEnd("api-3", SOON).status()).isEqualTo(Status.TERMINATED);
        done("api/forks", """
            {"source":"api-3","executionId":0,"throughEvent":3,"instance":"api-4"}\
            """);
        done("api/instance/retry?id=api-3", "{}");
        for (String id : List.of("api-3", "api-4")) {
            done("api/instance/events?id=" + id, "{\"channel\":\"approval\",\"payload\":\"\\\"Eve\\\"\"}");
            assertThat(node.client().handle(ORDER, id).result(SOON)).isEqualTo("charged for rug, approved by Eve");
        }
        String export = get("api/instance/export?id=api-4").body();
        assertThat(post("api/instances/bulk", """
            {"action":"DELETE","query":{"statuses":[],"attributes":{},"idPrefix":"api-4"},"limit":10}\
            """).body()).contains("\"done\":1");
        done("api/instances/import", export);
        assertThat(get("api/instance?id=api-4").body()).contains("approved by Eve");
    }
}
