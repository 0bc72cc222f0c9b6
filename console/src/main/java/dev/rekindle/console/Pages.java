package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import dev.rekindle.management.InstanceQuery;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.JsonText;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The pages and forms, and which URL shows which. */
final class Pages {
    private final Reading reading;
    private final Changes changes;
    private final Guard guard;
    private final Live live;
    private final Layout layout;
    private final OverviewPage overview;
    private final InstancesPage instances;
    private final ChosenPage chosen;
    private final InstancePage instance;
    private final InstanceActions actions;
    private final ListPages lists;

    Pages(Reading reading, Changes changes, Guard guard, Live live, Assets assets, InstantSource clock) {
        this.reading = reading;
        this.changes = changes;
        this.guard = guard;
        this.live = live;
        this.layout = new Layout(assets, reading.store());
        this.overview = new OverviewPage(reading, clock);
        this.instances = new InstancesPage(reading, clock);
        this.chosen = new ChosenPage(reading);
        this.instance = new InstancePage(reading, clock);
        this.actions = new InstanceActions(reading, clock);
        this.lists = new ListPages(reading);
    }

    void addTo(RoutesConfig http) {
        page(http, "/", "Overview", overview::content);
        page(http, "/instances", "Instances", instances::content);
        page(http, "/instances/bulk", "Change all that match", instances::bulk);
        page(http, "/instance", "Instance", instance::content);
        page(http, "/instance/fork", "Fork", actions::forkForm);
        page(http, "/start", "Start an instance", this::startForm);
        page(http, "/definitions", "Definitions", visit -> lists.definitions());
        page(http, "/queues", "Queues", lists::queues);
        page(http, "/nodes", "Nodes", visit -> lists.nodes());
        page(http, "/dead-letters", "Dead letters", lists::deadLetters);
        http.get(
                "/instance/actions",
                request -> html(request, instance.actions(visit(request)).markup()));
        http.get(
                "/instance/channel",
                request -> html(
                        request,
                        actions.channel(visit(request).query().required("id")).markup()));
        http.get("/instance/export", this::export);
        http.get("/find", request -> request.redirect(found(visit(request).query()), HttpStatus.SEE_OTHER));
        http.get("/login", request -> html(request, login("")));

        form(http, "/instances/bulk", (request, form) -> {
            html(
                    request,
                    layout.page(
                            visit(request),
                            "Change all that match",
                            instances.doBulk(visit(request), form, by(request))));
            return "";
        });
        form(http, ChosenPage.PATH, (request, form) -> {
            Visit visit = visit(request);
            html(request, layout.page(visit, ChosenPage.TITLE, chosen.question(visit, form)));
            return "";
        });
        form(http, ChosenPage.DO, (request, form) -> {
            html(request, layout.page(visit(request), ChosenPage.TITLE, chosen.doIt(form, by(request))));
            return "";
        });
        for (String action :
                List.of("send-event", "cancel", "terminate", "suspend", "resume", "retry", "fork", "prune", "delete")) {
            form(http, "/instance/" + action, (request, form) -> actions.perform(action, form, by(request)));
        }
        form(http, "/start", (request, form) -> start(form, by(request)));
        form(http, "/dead-letters/delete", (request, form) -> {
            by(request)
                    .deleteDeadLetters(form.all("key").stream().map(Pages::key).toList());
            return "/dead-letters?done=delete";
        });
        form(http, "/logout", (request, form) -> {
            guard.signOut(request);
            return "/login";
        });
        http.post("/login", this::signIn);

        http.sse("/live/overview", client -> {
            Parameters query = Parameters.of(client.ctx().queryParamMap());
            follow(client, () -> overview.live(query));
        });
        http.sse("/live/instance", client -> {
            Parameters query = Parameters.of(client.ctx().queryParamMap());
            follow(client, instance.followed(query)::html);
        });
    }

    // ---- pages

    private void page(RoutesConfig http, String path, String title, Function<Visit, Html> content) {
        http.get(path, request -> {
            Visit visit = visit(request);
            html(request, layout.page(visit, titled(title, visit), content.apply(visit)));
        });
    }

    private static String titled(String title, Visit visit) {
        return visit.path().equals("/instance") ? visit.query().text("id").orElse(title) : title;
    }

    /** Where the finder leads: to the instance, or to those whose ids begin so. */
    private String found(Parameters query) {
        String id = query.required("id");
        boolean beginning = reading.hasManagement()
                && reading.find(id).isEmpty()
                && !reading.instances(InstanceQuery.ALL.withIdPrefix(id), PageRequest.first(1))
                        .items()
                        .isEmpty();
        return beginning ? Parameters.NONE.and("prefix", id).behind("/instances") : Ui.instanceUrl(id);
    }

    private Visit visit(Context request) {
        return new Visit(
                request.path(),
                Parameters.of(request.queryParamMap()),
                guard.formSecret(request),
                guard.isReadOnly(),
                guard.asksForToken());
    }

    private static void html(Context request, String html) {
        request.contentType("text/html; charset=utf-8").result(html);
    }

    private Html startForm(Visit visit) {
        return group(
                el("h1", "Start an instance"),
                el(
                        "section.card",
                        Ui.form(
                                visit,
                                "/start",
                                Ui.field("Id", Ui.input("id", null).flag("required", true)),
                                Ui.field(
                                        "Orchestration",
                                        Ui.input("orchestration", null)
                                                .attr("list", "orchestrations")
                                                .flag("required", true)),
                                orchestrations(),
                                Ui.field("Version (empty: the latest that a node has)", Ui.input("version", null)),
                                Ui.field("Attributes (one name=value on each line)", Ui.area("attributes", "")),
                                Ui.field("Input (JSON)", Ui.area("input", "{}")),
                                el("div.buttons", Ui.submit("Start")))));
    }

    private Html orchestrations() {
        List<String> names = reading.hasManagement()
                ? reading.definitions().stream()
                        .map(use -> use.orchestration())
                        .distinct()
                        .toList()
                : List.of();
        return el(
                        "datalist",
                        group(names.stream()
                                .map(name -> el("option").attr("value", name))
                                .toList()))
                .id("orchestrations");
    }

    private static String start(Parameters form, Changes.By changes) {
        String id = form.required("id").strip();
        Map<String, String> attributes = new LinkedHashMap<>();
        form.text("attributes")
                .orElse("")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals < 1) {
                        throw new RekindleException(
                                ErrorCode.INVALID_ARGUMENT,
                                "not an attribute: '%s'; expected name=value.".formatted(line));
                    }
                    attributes.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                });
        changes.start(new Wire.Start(
                id,
                form.required("orchestration").strip(),
                form.required("input"),
                form.nonEmpty("version"),
                attributes));
        return InstanceActions.done(id, "start");
    }

    private void export(Context request) {
        String id = Parameters.of(request.queryParamMap()).required("id");
        String json = JsonText.ofExport(reading.export(id));
        String file = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        request.header(
                "Content-Disposition", "attachment; filename=\"instance.json\"; filename*=UTF-8''" + file + ".json");
        Api.json(request, json);
    }

    private static long key(String text) {
        return Parameters.NONE.and("key", text).number("key").orElse(0);
    }

    // ---- forms

    /** The handler says where to go then; empty when it has answered itself. */
    private void form(RoutesConfig http, String path, BiFunction<Context, Parameters, String> handler) {
        http.post(path, request -> {
            Parameters form = Body.form(request);
            guard.checkForm(request, form.nonEmpty(Guard.FORM_SECRET));
            String next = handler.apply(request, form.without(Guard.FORM_SECRET));
            if (!next.isEmpty()) {
                request.redirect(next, HttpStatus.SEE_OTHER);
            }
        });
    }

    private Changes.By by(Context request) {
        return changes.by(guard.who(request));
    }

    // ---- coming in

    private String login(String trouble) {
        return layout.bare(
                "Sign in",
                el("h1", "Sign in"),
                trouble.isEmpty() ? Html.none() : Ui.notice("bad", el("p", trouble)),
                el(
                                "form.card",
                                Ui.field(
                                        "Token",
                                        Ui.input("token", null)
                                                .attr("type", "password")
                                                .attr("autocomplete", "current-password")
                                                .flag("required", true)
                                                .flag("autofocus", true)),
                                el("div.buttons", Ui.submit("Sign in")))
                        .attr("method", "post")
                        .attr("action", "/login"));
    }

    /** No form secret: whoever knows the token may come in from anywhere, and a foreign page is refused before. */
    private void signIn(Context request) {
        if (guard.signIn(request, Body.form(request).text("token").orElse(""))) {
            request.redirect("/", HttpStatus.SEE_OTHER);
        } else {
            request.status(403);
            html(request, login("This is not the console's token."));
        }
    }

    // ---- what follows the store

    private void follow(SseClient client, Supplier<Html> part) {
        String key = client.ctx().path() + "?" + client.ctx().queryString();
        live.watch(key, client, () -> {
            try {
                return part.get().markup();
            } catch (RekindleException e) {
                return trouble(String.valueOf(e.getMessage())).markup();
            }
        });
    }

    // ---- what goes wrong

    private static Html trouble(String message) {
        return Ui.notice("bad", el("p", message));
    }

    String troublePage(Context request, int status, String message) {
        String title = status == 404 ? "Not found" : status == 403 ? "Not allowed" : "That did not work";
        return layout.page(
                visit(request), title, el("h1", title), trouble(message), el("p", Ui.button("/", "Overview")));
    }
}
