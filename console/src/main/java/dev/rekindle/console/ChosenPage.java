package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.group;
import static dev.rekindle.console.Html.when;

import dev.rekindle.InstanceSnapshot;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.management.BulkResult;
import dev.rekindle.management.DeleteOptions;
import java.util.List;
import java.util.Optional;

/** What can be done to instances that were chosen one by one in the list: the question whether it shall be, and its doing. */
final class ChosenPage {
    static final String TITLE = "Change the chosen";

    /** Asks. */
    static final String PATH = "/instances/chosen";

    /** Does it. */
    static final String DO = "/instances/chosen/do";

    /** The filters of the list, to go back to. */
    static final String BACK = "back";

    private static final String CHOSEN = "chosen";
    private static final int AT_MOST = 1_000;

    private final Reading reading;

    ChosenPage(Reading reading) {
        this.reading = reading;
    }

    /** The box that chooses an instance. */
    static Html box(String instance) {
        return el("input.choose")
                .attr("type", "checkbox")
                .attr("name", CHOSEN)
                .attr("value", instance)
                .attr("aria-label", "Choose " + instance);
    }

    /** How many were chosen, which these are, and the question what shall become of them. */
    Html question(Visit visit, Parameters form) {
        List<String> chosen = chosen(form);
        Html back = Ui.link(list(form), "Back").attr("class", "button quiet");
        if (chosen.isEmpty()) {
            return group(
                    el("h1", TITLE),
                    Ui.empty("None was chosen", "Tick the boxes of instances in the list first."),
                    el("p", back));
        }
        String instances = Words.things(chosen.size(), "instance");
        return group(
                el("h1", TITLE),
                el(
                        "section.card",
                        el("p.big", el("strong", instances), Html.text(" chosen.")),
                        el(
                                "ul.chosen",
                                group(chosen.stream().map(this::standing).toList())),
                        el("p.faint", "Those that don't allow it are left as they are, and counted by the reason.")),
                el(
                        "section.card",
                        Ui.form(
                                visit,
                                DO,
                                Ui.hidden(BACK, form.text(BACK).orElse("")),
                                group(chosen.stream()
                                        .map(id -> (Html) Ui.hidden(CHOSEN, id))
                                        .toList()),
                                InstancesPage.whatToDo(instances),
                                el("div.buttons", Ui.danger("Do it to " + instances), back))));
    }

    private Html standing(String instance) {
        Optional<InstanceSnapshot> its = reading.find(instance);
        return el(
                "li",
                Ui.instanceLink(instance),
                its.map(found -> Ui.status(found.status())).orElse(Html.none()),
                when(its.isEmpty(), el("span.faint", "is not there any more")));
    }

    /** Does it, and says what became of them. */
    Html doIt(Parameters form, Changes.By changes) {
        BulkResult result = changes.each(
                InstancesPage.action(form.required("action")),
                chosen(form),
                form.nonEmpty("reason"),
                new DeleteOptions(form.flag("force"), form.flag("cascade")));
        return InstancesPage.whatBecame(TITLE, result, list(form), "Back to the list");
    }

    private static List<String> chosen(Parameters form) {
        List<String> chosen = form.all(CHOSEN).stream().distinct().toList();
        if (chosen.size() > AT_MOST) {
            throw new Refusal(400, "INVALID_ARGUMENT", "At most %d can be chosen at once.".formatted(AT_MOST));
        }
        return chosen;
    }

    private static String list(Parameters form) {
        return Parameters.parse(form.text(BACK).orElse("")).behind("/instances");
    }
}
