package dev.rekindle.console;

import static dev.rekindle.console.Html.el;
import static dev.rekindle.console.Html.text;

/** What pages show where the store has no management. */
final class Missing {
    private Missing() {}

    static Html management(Reading reading) {
        return Ui.unavailable(
                "Management features not available",
                "This console's client of '%s' has no ManagementCapability, so it can't list or search what is there. A provider that has it brings it, as SqliteProvider and PostgresProvider do: open the console with Client.discover(provider)."
                        .formatted(reading.store()));
    }

    static Html whatWorks() {
        return Ui.card(
                "What works here",
                el("p", text("Start an instance, look one up by its id, send it events, cancel or terminate it.")),
                el("p", Ui.button("/start", "Start an instance")));
    }
}
