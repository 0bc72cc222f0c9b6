package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.text;
import static dev.rekindle.console.Html.when;

import dev.rekindle.Failure;
import dev.rekindle.Status;
import dev.rekindle.console.Html.Element;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts that pages are made of. Stateless and thread-safe. */
final class Ui {
    private static final int SHORT = 100;
    private static final int SHOWN_CHARS = 20_000;

    private Ui() {}

    // ---- links

    static String instanceUrl(String id) {
        return Parameters.NONE.and("id", id).behind("/instance");
    }

    static Element link(String url, String label) {
        return el("a", label).href(url);
    }

    static Element instanceLink(String id) {
        return link(instanceUrl(id), id).attr("class", "id");
    }

    static Element button(String url, String label) {
        return link(url, label).attr("class", "button");
    }

    // ---- words

    static Html status(Status status) {
        return el("span.status.is-" + status.label().toLowerCase(Locale.ROOT), status.label());
    }

    /** A time, which the browser shows as how long ago it was. */
    static Html time(@Nullable Instant at) {
        return at == null
                ? el("span.faint", "–")
                : el("time", Words.time(at)).attr("datetime", at.toString()).attr("title", Words.exactTime(at));
    }

    static Html exactTime(Instant at) {
        return el("span.exact", Words.exactTime(at));
    }

    static Html notice(String kind, Html... content) {
        return el("div.notice." + kind, content).attr("role", kind.equals("bad") ? "alert" : "status");
    }

    static Html empty(String title, String more) {
        return el("div.empty", el("p.empty-title", title), el("p", more));
    }

    /** What is shown where a capability is missing. */
    static Html unavailable(String reason, String remedy) {
        return notice("plain", el("p", el("strong", reason)), el("p", remedy));
    }

    static Html card(String title, Html... content) {
        return el("section.card", el("h2", title), group(content));
    }

    /** A list of names and what belongs to them; pairs without content are left out. */
    static Element facts(Html... pairs) {
        return el("dl.facts", pairs);
    }

    static Html fact(String name, Html value) {
        return value.equals(Html.none()) ? Html.none() : el("div", el("dt", name), el("dd", value));
    }

    static Html fact(String name, @Nullable String value) {
        return value == null || value.isEmpty() ? Html.none() : fact(name, text(value));
    }

    // ---- tables

    static Element table(String caption, List<String> columns, List<? extends Html> rows) {
        Element head = el(
                "tr",
                group(columns.stream()
                        .map(column -> el("th", column).attr("scope", "col"))
                        .toList()));
        return el("table", el("caption.unseen", caption), el("thead", head), el("tbody", group(rows)));
    }

    /** A row; each cell is named for screens that are too narrow for columns. */
    static Element row(List<String> columns, Html... cells) {
        Element row = el("tr");
        for (int i = 0; i < cells.length; i++) {
            row = row.with(el("td", el("div", cells[i])).attr("data-label", columns.get(i)));
        }
        return row;
    }

    /** A link to the next page, if there is one, and other ways. */
    static Html more(String path, Parameters query, @Nullable String next, Html... others) {
        Parameters first = query.without("cursor");
        return el(
                        "nav.pages",
                        when(query.nonEmpty("cursor") != null, link(first.behind(path), "First page")),
                        next == null
                                ? Html.none()
                                : link(first.and("cursor", next).behind(path), "Next page")
                                        .attr("rel", "next"),
                        group(others))
                .attr("aria-label", "Pages");
    }

    // ---- payloads

    /** JSON as people read it; what is long is folded. */
    static Html payload(String name, @Nullable String json) {
        if (json == null) {
            return Html.none();
        }
        String pretty = Wire.pretty(json);
        if (pretty.length() <= SHORT && pretty.indexOf('\n') < 0) {
            return el("div.payload", el("span.payload-name", name), el("code", pretty));
        }
        boolean cut = pretty.length() > SHOWN_CHARS;
        return el(
                "details.payload",
                el("summary", el("span.payload-name", name), el("code.preview", preview(json))),
                el("pre", cut ? pretty.substring(0, SHOWN_CHARS) : pretty).attr("tabindex", "0"),
                when(
                        cut,
                        el(
                                "p.faint",
                                "The first %s of %s characters; the export and the API have all of it."
                                        .formatted(Words.count(SHOWN_CHARS), Words.count(pretty.length())))));
    }

    private static String preview(String json) {
        String line = json.length() > SHORT ? json.substring(0, SHORT) + "…" : json;
        return line.replaceAll("\\s+", " ");
    }

    static Html failure(String name, @Nullable Failure failure) {
        if (failure == null) {
            return Html.none();
        }
        Html headline = group(
                el("span.payload-name", name),
                el("code.type", failure.type()),
                text(failure.message().isEmpty() ? "" : " " + failure.message()));
        return failure.stackTrace() == null
                ? el("div.payload.failure", headline)
                : el(
                        "details.payload.failure",
                        el("summary", headline),
                        el("pre", failure.stackTrace()).attr("tabindex", "0"));
    }

    // ---- forms

    static Element form(Visit visit, String action, Html... content) {
        return el("form", hidden(Guard.FORM_SECRET, visit.formSecret()), group(content))
                .attr("method", "post")
                .attr("action", action);
    }

    static Element hidden(String name, String value) {
        return el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    }

    /** Everything in these parameters, to be sent with a form. */
    static Html hidden(Parameters parameters) {
        return group(parameters.asMap().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> hidden(entry.getKey(), value)))
                .toList());
    }

    static Html field(String label, Element input) {
        return el("label.field", el("span", label), input);
    }

    static Element input(String name, @Nullable String value) {
        return el("input")
                .attr("type", "text")
                .attr("name", name)
                .attr("value", value)
                .attr("autocomplete", "off")
                .attr("spellcheck", "false");
    }

    static Element number(String name, @Nullable String value) {
        return input(name, value).attr("type", "number").attr("min", 0);
    }

    /** A text of several lines. Parsers drop the first line break, so there is one to drop. */
    static Element area(String name, String value) {
        return el("textarea", "\n" + value)
                .attr("name", name)
                .attr("rows", Math.clamp(value.lines().count() + 1, 3, 16))
                .attr("spellcheck", "false");
    }

    static Element select(String name, List<String> values, @Nullable String chosen) {
        return el(
                        "select",
                        group(values.stream()
                                .map(value ->
                                        el("option", value).attr("value", value).flag("selected", value.equals(chosen)))
                                .toList()))
                .attr("name", name);
    }

    static Html check(String name, String label, boolean on, boolean required) {
        return el(
                "label.check",
                el("input")
                        .attr("type", "checkbox")
                        .attr("name", name)
                        .attr("value", "true")
                        .flag("checked", on)
                        .flag("required", required),
                el("span", label));
    }

    static Element submit(String label) {
        return el("button", label).attr("type", "submit");
    }

    static Element danger(String label) {
        return submit(label).attr("class", "danger");
    }

    static List<String> columns(String... names) {
        return Arrays.asList(names);
    }
}
