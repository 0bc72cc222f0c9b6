package dev.rekindle.console;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.SubjectReport;
import dev.rekindle.console.ApiRoute.Parameter;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.ActivityInfo;
import dev.rekindle.management.ActivityQuery;
import dev.rekindle.management.ActivityQueue;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.Checkup;
import dev.rekindle.management.DeadLetterInfo;
import dev.rekindle.management.DefinitionUse;
import dev.rekindle.management.Deletion;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.ExecutionInfo;
import dev.rekindle.management.ForkRequest;
import dev.rekindle.management.InstanceExport;
import dev.rekindle.management.InstanceInfo;
import dev.rekindle.management.InstanceQueues;
import dev.rekindle.management.InstanceSummary;
import dev.rekindle.management.InstanceTree;
import dev.rekindle.management.ManagementCapability;
import dev.rekindle.management.NodeInfo;
import dev.rekindle.management.OverdueInstance;
import dev.rekindle.management.Page;
import dev.rekindle.management.QueueDepths;
import dev.rekindle.management.SystemMetrics;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.JsonText;
import dev.rekindle.provider.WorkItem;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** The HTTP API: the operations of the command line as JSON, described by what {@code /api/openapi.json} says. */
final class Api {
    private static final long COUNT_AT_MOST = 100_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WAIT_AT_MOST = Duration.ofSeconds(30);

    private static final Parameter ID = new Parameter("id", "string", true, false, "the instance's id");
    private static final Parameter LIMIT =
            new Parameter("limit", "integer", false, false, "how many items at most: 1 to 1000, 50 unless it is given");
    private static final Parameter CURSOR =
            new Parameter("cursor", "string", false, false, "what the page before gave as next");
    private static final Parameter EXECUTION =
            new Parameter("execution", "integer", false, false, "which execution; the latest unless it is given");
    private static final Parameter[] QUERY = {
        new Parameter("status", "string", false, true, "in one of these statuses"),
        new Parameter("orchestration", "string", false, false, "of this orchestration"),
        new Parameter("version", "string", false, false, "run by this version; empty for those that have none yet"),
        new Parameter("prefix", "string", false, false, "whose id begins so"),
        new Parameter("parent", "string", false, false, "children of this instance"),
        new Parameter("roots", "boolean", false, false, "only those that are nobody's child"),
        new Parameter("troubled", "boolean", false, false, "only those that have a problem"),
        new Parameter("createdFrom", "string", false, false, "started at this time (ISO 8601) or later"),
        new Parameter("createdBefore", "string", false, false, "started before this time"),
        new Parameter("finishedBefore", "string", false, false, "ended before this time"),
        new Parameter("attribute", "string", false, true, "started with this attribute: name=value"),
    };

    private static final Parameter[] WINDOW = {
        new Parameter("resolution", "string", true, false, "how finely: MINUTE or HOUR"),
        new Parameter("from", "string", true, false, "when the window begins (ISO 8601); included"),
        new Parameter("to", "string", true, false, "when it ends; not included"),
    };

    private final Reading reading;
    private final Changes changes;
    private final Guard guard;
    private final List<ApiRoute> routes;
    private final String description;

    Api(Reading reading, Changes changes, Guard guard) {
        this.reading = reading;
        this.changes = changes;
        this.guard = guard;
        this.routes = List.of(
                about(),
                ApiRoute.get(
                                "/instances",
                                "Instances that fit, newest first",
                                page(InstanceSummary.class),
                                call -> reading.instances(call.query().query(), call.page()))
                        .with(plus(QUERY, LIMIT, CURSOR)),
                ApiRoute.get("/instances/count", "How many instances fit", type(Wire.Count.class), this::count)
                        .with(plus(QUERY, new Parameter("upTo", "integer", false, false, "where counting stops"))),
                ApiRoute.post("/instances", "Start an instance", type(Wire.Start.class), null, call -> {
                    call.changes().start(call.body(Wire.Start.class));
                    return null;
                }),
                ApiRoute.post(
                        "/instances/delete",
                        "Delete instances",
                        type(Wire.Delete.class),
                        type(Deletion.class),
                        call -> {
                            Wire.Delete delete = call.body(Wire.Delete.class);
                            return call.changes().delete(delete.instances(), delete.options());
                        }),
                ApiRoute.post(
                        "/instances/bulk",
                        "Do something to all instances that fit",
                        type(Wire.Bulk.class),
                        type(BulkResult.class),
                        call -> call.changes().bulk(call.body(Wire.Bulk.class))),
                ApiRoute.post(
                        "/instances/import",
                        "Create an instance from an export",
                        type(InstanceExport.class),
                        null,
                        call -> {
                            call.changes()
                                    .importInstance(
                                            JsonText.toExport(Body.text(call.request(), Body.IMPORT_BYTES_AT_MOST)));
                            return null;
                        }),
                look("", "An instance as it stands", type(InstanceSnapshot.class), call -> reading.snapshot(call.id())),
                look("/end", "Wait for an instance to end", type(InstanceSnapshot.class), this::awaitEnd)
                        .with(ID, new Parameter("wait", "string", false, false, "how long, ISO 8601, at most PT30S")),
                look(
                        "/summary",
                        "An instance as lists show it",
                        type(InstanceSummary.class),
                        call -> reading.instance(call.id())),
                look(
                        "/info",
                        "An instance with what it gave",
                        type(InstanceInfo.class),
                        call -> reading.info(call.id())),
                look(
                        "/why",
                        "Why an instance stands where it stands",
                        type(Diagnosis.class),
                        call -> reading.why(call.id())),
                look(
                        "/tree",
                        "An instance and its children",
                        type(InstanceTree.class),
                        call -> reading.tree(call.id())),
                look(
                        "/queues",
                        "What waits for an instance",
                        type(InstanceQueues.class),
                        call -> reading.queues(call.id())),
                look(
                        "/executions",
                        "The numbers of its executions",
                        Wire.type(List.class, Long.class),
                        call -> reading.executions(call.id())),
                look(
                                "/execution",
                                "One execution",
                                type(ExecutionInfo.class),
                                call -> reading.execution(call.id(), call.execution()))
                        .with(ID, EXECUTION),
                look(
                                "/history",
                                "Events of an execution, in order",
                                page(Event.class),
                                call -> reading.history(call.id(), call.execution(), call.page()))
                        .with(ID, EXECUTION, LIMIT, CURSOR),
                look(
                        "/export",
                        "An instance as a portable file",
                        type(InstanceExport.class),
                        call -> reading.export(call.id())),
                change("/events", "Send a message to a channel", Wire.Message.class, call -> {
                    call.changes().message(call.id(), call.body(Wire.Message.class));
                    return null;
                }),
                change("/cancel", "Ask an instance to cancel", Wire.Reason.class, call -> {
                    call.changes()
                            .cancel(call.id(), call.body(Wire.Reason.class).reason());
                    return null;
                }),
                change("/terminate", "End an instance at once", Wire.Reason.class, call -> {
                    call.changes()
                            .terminate(call.id(), call.body(Wire.Reason.class).reason());
                    return null;
                }),
                change("/suspend", "Hold an instance", Wire.Reason.class, call -> {
                    call.changes()
                            .suspend(call.id(), call.body(Wire.Reason.class).reason());
                    return null;
                }),
                change("/resume", "Let an instance go on", null, call -> {
                    call.changes().resume(call.id());
                    return null;
                }),
                change("/retry", "Try an instance again", Wire.Retry.class, call -> {
                    call.changes().retry(call.id(), call.body(Wire.Retry.class).fromEvent());
                    return null;
                }),
                change("/reopen", "Try an instance again, as a client has composed it", Wire.Reopen.class, call -> {
                    Wire.Reopen reopen = call.body(Wire.Reopen.class);
                    call.changes().reopen(reopen.message(), reopen.lastEventId());
                    return null;
                }),
                change(
                        "/prune",
                        "Remove the oldest executions",
                        Wire.Prune.class,
                        type(Deletion.class),
                        call -> call.changes()
                                .prune(call.id(), call.body(Wire.Prune.class).keepLast())),
                ApiRoute.post("/forks", "Fork an instance", type(ForkRequest.class), null, call -> {
                    call.changes().fork(call.body(ForkRequest.class));
                    return null;
                }),
                ApiRoute.post("/messages", "Send what a client has composed", type(WorkItem.class), null, this::send)
                        .with(new Parameter("delay", "string", false, false, "how long it stays invisible, ISO 8601")),
                ApiRoute.get(
                        "/definitions",
                        "Which versions have instances",
                        list(DefinitionUse.class),
                        call -> reading.definitions()),
                ApiRoute.get(
                        "/activity-queues",
                        "Activities that have not completed",
                        list(ActivityQueue.class),
                        call -> reading.activityQueues()),
                ApiRoute.get(
                                "/activities",
                                "Activities that have not completed and that fit, in the order of the queue",
                                page(ActivityInfo.class),
                                call -> reading.activities(
                                        new ActivityQuery(
                                                call.query().nonEmpty("activity"),
                                                call.query().flag("retrying")),
                                        call.page()))
                        .with(
                                new Parameter("activity", "string", false, false, "of this name"),
                                new Parameter(
                                        "retrying",
                                        "boolean",
                                        false,
                                        false,
                                        "only those that failed before, or that no node had code for"),
                                LIMIT,
                                CURSOR),
                ApiRoute.get(
                                "/overdue",
                                "Instances that should have gone on, those that fell due first come first",
                                list(OverdueInstance.class),
                                call -> reading.overdue(call.page().limit()))
                        .with(LIMIT),
                ApiRoute.get(
                        "/checkup",
                        "Who runs the store, what stands still, what is late",
                        type(Checkup.class),
                        call -> reading.checkup()),
                ApiRoute.get("/nodes", "Who runs the instances", list(NodeInfo.class), call -> reading.nodes()),
                ApiRoute.get(
                                "/dead-letters",
                                "Messages that nobody could take",
                                page(DeadLetterInfo.class),
                                call -> reading.deadLetters(call.page()))
                        .with(LIMIT, CURSOR),
                ApiRoute.post(
                        "/dead-letters/delete",
                        "Remove dead letters",
                        type(Wire.Keys.class),
                        type(Wire.Count.class),
                        call -> new Wire.Count(
                                call.changes()
                                        .deleteDeadLetters(
                                                call.body(Wire.Keys.class).keys()),
                                false)),
                ApiRoute.get(
                                "/analytics",
                                "Rates, failures and latencies",
                                list(SubjectReport.class),
                                call -> reading.report(
                                        call.query().nonEmpty("window") == null
                                                ? HOUR
                                                : duration(call.query(), "window")))
                        .with(new Parameter(
                                "window", "string", false, false, "how far back, ISO 8601; PT1H unless it is given")),
                ApiRoute.get(
                                "/analytics/sums",
                                "Sums of what was measured in a window",
                                list(Measurement.class),
                                call -> reading.sums(
                                        call.query().choice("resolution", Resolution.class),
                                        call.query().requiredTime("from"),
                                        call.query().requiredTime("to")))
                        .with(WINDOW),
                ApiRoute.get(
                                "/analytics/series",
                                "What was measured of one kind, over time",
                                list(Measurement.class),
                                call -> reading.series(
                                        call.query().choice("kind", Subject.Kind.class),
                                        call.query().choice("resolution", Resolution.class),
                                        call.query().requiredTime("from"),
                                        call.query().requiredTime("to")))
                        .with(plus(
                                WINDOW,
                                new Parameter(
                                        "kind",
                                        "string",
                                        true,
                                        false,
                                        "of what: ORCHESTRATION, ACTIVITY, TIMER, EVENT or CHILD"))),
                ApiRoute.get("/metrics", "Instances by status", type(SystemMetrics.class), call -> reading.metrics()),
                ApiRoute.get(
                        "/queue-depths", "How much waits", type(QueueDepths.class), call -> reading.queueDepths()));
        this.description = new OpenApi(routes).text();
    }

    private ApiRoute about() {
        return ApiRoute.get(
                "",
                "What is behind this API",
                type(Wire.About.class),
                call -> new Wire.About(reading.store(), capabilities(), guard.isReadOnly(), reading.hidesPayloads()));
    }

    private List<String> capabilities() {
        List<String> names = new ArrayList<>();
        if (reading.hasManagement()) {
            names.add(ManagementCapability.class.getSimpleName());
        }
        if (reading.hasAnalytics()) {
            names.add(AnalyticsCapability.class.getSimpleName());
        }
        return names;
    }

    /** A question about one instance. */
    private static ApiRoute look(String path, String summary, JavaType gives, ApiRoute.Answer answer) {
        return ApiRoute.get("/instance" + path, summary, gives, answer).with(ID);
    }

    /** A change of one instance. */
    private static ApiRoute change(String path, String summary, @Nullable Class<?> takes, ApiRoute.Answer answer) {
        return change(path, summary, takes, null, answer);
    }

    private static ApiRoute change(
            String path, String summary, @Nullable Class<?> takes, @Nullable JavaType gives, ApiRoute.Answer answer) {
        return ApiRoute.post("/instance" + path, summary, takes == null ? null : type(takes), gives, answer)
                .with(ID);
    }

    private Object count(ApiRoute.Call call) {
        long upTo = Math.clamp(call.query().number("upTo").orElse(COUNT_AT_MOST), 1, COUNT_AT_MOST);
        long count = reading.count(call.query().query(), upTo);
        return new Wire.Count(count, count >= upTo);
    }

    private Object awaitEnd(ApiRoute.Call call) throws InterruptedException {
        Duration wait = duration(call.query(), "wait");
        return reading.awaitEnd(call.id(), wait.compareTo(WAIT_AT_MOST) > 0 ? WAIT_AT_MOST : wait);
    }

    private @Nullable Object send(ApiRoute.Call call) {
        call.changes().send(call.body(WorkItem.class), duration(call.query(), "delay"));
        return null;
    }

    private static Duration duration(Parameters query, String name) {
        String text = query.nonEmpty(name);
        try {
            return text == null ? Duration.ZERO : Duration.parse(text);
        } catch (DateTimeException e) {
            throw new Refusal(
                    400, "INVALID_ARGUMENT", "can't read '%s'; expected a duration like PT20S.".formatted(name));
        }
    }

    private static JavaType type(Class<?> type) {
        return Wire.type(type);
    }

    private static JavaType page(Class<?> of) {
        return Wire.type(Page.class, of);
    }

    private static JavaType list(Class<?> of) {
        return Wire.type(List.class, of);
    }

    private static Parameter[] plus(Parameter[] some, Parameter... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(Parameter[]::new);
    }

    // ---- HTTP

    List<ApiRoute> routes() {
        return routes;
    }

    void addTo(RoutesConfig http) {
        http.get("/api/openapi.json", request -> json(request, description));
        for (ApiRoute route : routes) {
            Handler handler = request -> answer(request, route);
            String path = "/api" + route.path();
            if (route.method().equals("GET")) {
                http.get(path, handler);
            } else {
                http.post(path, handler);
            }
        }
    }

    private void answer(Context request, ApiRoute route) throws InterruptedException {
        Parameters query = Parameters.of(request.queryParamMap());
        Object answer = route.answer().to(new ApiRoute.Call(request, query, changes.by(guard.who(request))));
        if (answer == null) {
            request.status(204);
        } else {
            json(request, Wire.write(answer, Objects.requireNonNull(route.gives())));
        }
    }

    static void json(Context request, String json) {
        request.contentType("application/json").result(json);
    }
}
