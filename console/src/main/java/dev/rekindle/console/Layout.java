package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.console.Html.Element;
import java.util.List;

/** What surrounds every page. Immutable and thread-safe. */
final class Layout {
    private record Place(String path, String name) {}

    private static final List<Place> PLACES = List.of(
            new Place("/", "Overview"),
            new Place("/instances", "Instances"),
            new Place("/definitions", "Definitions"),
            new Place("/queues", "Queues"),
            new Place("/nodes", "Nodes"),
            new Place("/dead-letters", "Dead letters"));

    private final Assets assets;
    private final String store;

    Layout(Assets assets, String store) {
        this.assets = assets;
        this.store = store;
    }

    /** A page at one of the places, or below one. */
    String page(Visit visit, String title, Html... content) {
        String done = visit.done();
        return document(
                title,
                el("a.skip", "Skip to content").href("#content"),
                el(
                        "header.bar",
                        brand(),
                        el(
                                        "nav",
                                        group(PLACES.stream()
                                                .map(place -> place(place, visit))
                                                .toList()))
                                .attr("aria-label", "Pages of the console"),
                        el(
                                "div.tools",
                                finder(),
                                themeSwitch(),
                                when(
                                        visit.signedIn(),
                                        Ui.form(
                                                visit,
                                                "/logout",
                                                Ui.submit("Sign out").attr("class", "quiet")))),
                        el("p.store", el("span", store), when(visit.readOnly(), el("span.tag", "read-only")))),
                el("main", when(!done.isEmpty(), Ui.notice("good", el("p", done))), group(content))
                        .id("content")
                        .attr("tabindex", "-1"));
    }

    /** A page of its own, for whoever has not come in yet. */
    String bare(String title, Html... content) {
        return document(
                title, el("header.bar.bare", brand(), el("div.tools", themeSwitch())), el("main.narrow", content));
    }

    private String document(String title, Html... body) {
        Element head = el(
                "head",
                el("meta").attr("charset", "utf-8"),
                el("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1"),
                el("meta").attr("name", "color-scheme").attr("content", "light dark"),
                el("meta")
                        .attr("name", "htmx-config")
                        .attr(
                                "content",
                                "{\"includeIndicatorStyles\":false,\"allowEval\":false,\"selfRequestsOnly\":true}"),
                el("title", title + " · Rekindle"),
                el("link").attr("rel", "icon").attr("type", "image/svg+xml").href(assets.url("icon.svg")),
                el("link").attr("rel", "stylesheet").href(assets.url("console.css")),
                script("console.js"),
                script("htmx.js").flag("defer", true),
                script("htmx-sse.js").flag("defer", true));
        return "<!doctype html>\n"
                + el("html", head, el("body", body)).attr("lang", "en").markup();
    }

    private Element script(String name) {
        return el("script").attr("src", assets.url(name));
    }

    private static Html brand() {
        return el("a.brand", flame(), el("span", "Rekindle")).href("/");
    }

    private static Html flame() {
        return el(
                        "svg.flame",
                        el("path")
                                .attr(
                                        "d",
                                        "M12 2c1 4 6 6.5 6 12a6 6 0 0 1-12 0c0-2.5 1-4 2.5-5.5C9 10.5 10 11.5 11"
                                                + " 12c.5-3-.5-6.5 1-10z"))
                .attr("viewBox", "0 0 24 24")
                .attr("aria-hidden", "true");
    }

    private static Html place(Place place, Visit visit) {
        boolean here = place.path().equals("/")
                ? visit.path().equals("/")
                : visit.path().equals(place.path())
                        || visit.path().startsWith(place.path() + "/")
                        || (place.path().equals("/instances") && visit.path().startsWith("/instance"));
        return Ui.link(place.path(), place.name()).attr("aria-current", here ? "page" : null);
    }

    private static Html finder() {
        return el(
                        "form.finder",
                        el("label.unseen", "Find instances by an id or its beginning")
                                .attr("for", "finder"),
                        Ui.input("id", null)
                                .id("finder")
                                .attr("type", "search")
                                .attr("placeholder", "Id or its start ( / )")
                                .flag("required", true))
                .attr("action", "/find")
                .attr("role", "search");
    }

    /** Works with a script only, so it is hidden until that has run. */
    private static Html themeSwitch() {
        return el("button.quiet.theme", text("Theme"))
                .attr("type", "button")
                .id("theme")
                .flag("hidden", true);
    }
}
