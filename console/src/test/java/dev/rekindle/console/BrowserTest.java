package dev.rekindle.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.rekindle.Status;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a person does with the console, in Chromium. */
class BrowserTest {
    private static final int WIDE = 1280;
    private static final int NARROW = 400;

    private static Browser browser;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void noComplaints() {
        browser.closePages();
        assertThat(browser.takeComplaints()).isEmpty();
    }

    @Test
    void operator_walksThroughTheLifeOfInstances() throws Exception {
        try (Shop shop = Shop.open()) {
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.console.url());
            assertThat(page.getByText("Nothing needs you")).isVisible();

            // start
            page.getByRole(AriaRole.LINK, named("Start an instance")).click();
            page.getByLabel("Id", new Page.GetByLabelOptions().setExact(true)).fill("order-1");
            page.getByLabel("Orchestration").fill("ProcessOrder");
            page.getByLabel("Attributes").fill("customer=c-17");
            page.getByLabel("Input").fill("\"lamp\"");
            page.getByRole(AriaRole.BUTTON, button("Start")).click();
            assertThat(page.getByText("Started.")).isVisible();

            // watch it live, and see why it waits
            assertThat(page.locator(".headline")).containsText("Waits for an event on channel 'approval'");
            assertThat(page.locator(".head .status")).hasText("Running");
            assertThat(page.locator(".chart tbody tr")).hasCount(3);

            // send the event, and see it complete without loading anything anew
            page.evaluate("() => { window.sameDocument = true; }");
            page.locator("summary").getByText("Send event").click();
            assertThat(page.getByLabel("Channel")).hasValue("approval");
            shop.client.raiseEvent("order-1", "approval", "Ada");
            assertThat(page.locator(".head .status")).hasText("Completed");
            assertThat(page.locator("#live")).containsText("approved by Ada");
            assertThat(page.locator("#actions")).not().containsText("Send event");
            assertThat(page.evaluate("() => window.sameDocument")).isEqualTo(true);

            // fork it in front of the approval, with another input
            page.getByRole(AriaRole.LINK, named("History")).click();
            page.getByLabel("Fork from event 4").click();
            page.getByLabel("Id of the new instance").fill("order-2");
            page.getByRole(AriaRole.BUTTON, button("Fork")).click();
            assertThat(page.getByText("Forked: this is the new instance.")).isVisible();
            assertThat(page.locator(".headline")).containsText("channel 'approval'");
            page.locator("summary").getByText("Send event").click();
            assertThat(page.getByLabel("Channel")).hasValue("approval");
            page.getByLabel("Payload").fill("\"Bob\"");
            page.locator(".action-form")
                    .getByRole(AriaRole.BUTTON, inside("Send event"))
                    .click();
            assertThat(page.locator("#live")).containsText("approved by Bob");

            // cancel another
            shop.order("order-3");
            page.navigate(shop.url("/instance?id=order-3"));
            page.locator("summary").getByText("Cancel").click();
            page.locator(".action[open]").getByLabel("Reason").fill("changed my mind");
            page.getByRole(AriaRole.BUTTON, button("Cancel the instance")).click();
            assertThat(page.locator(".head .status")).hasText("Cancelled");

            // delete all that have completed, with the count
            page.navigate(shop.url("/instances"));
            page.getByLabel("Completed").check();
            page.getByRole(AriaRole.BUTTON, button("Show")).click();
            assertThat(page.locator("tbody tr")).hasCount(2);
            assertThat(page).hasURL(Pattern.compile(".*status=Completed.*"));
            page.getByRole(AriaRole.LINK, named("Change all that match…")).click();
            assertThat(page.locator(".big")).hasText("2 instances match.");
            page.getByLabel("Delete them, with their histories").check();
            page.getByLabel("Yes, change 2 instances").check();
            page.getByRole(AriaRole.BUTTON, button("Do it to 2 instances")).click();
            assertThat(page.getByText("Done to 2 instances.")).isVisible();
            assertThat(shop.client.listAllInstances()).containsExactly("order-3");
            assertThat(shop.audit)
                    .extracting(Audit.Change::action)
                    .containsExactly("start", "fork", "send-event", "cancel", "delete-all");
        }
    }

    @Test
    void action_openedLater_knowsWhatIsAwaitedByThen() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.client.start(Shop.TWO_KEYS, "safe-1", "the big one");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instance?id=safe-1"));
            assertThat(page.locator(".headline")).containsText("channel 'first-key'");
            shop.client.raiseEvent("safe-1", "first-key", "Ada");
            assertThat(page.locator(".headline")).containsText("channel 'second-key'");
            page.locator("summary").getByText("Send event").click();
            assertThat(page.getByLabel("Channel")).hasValue("second-key");
            assertThat(page.locator("#channels option")).hasCount(1);
        }
    }

    @Test
    void retryNow_comesWhenAnActivityWaitsForItsNextAttempt() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.client.start(Shop.PICKUP, "pickup-1", "parcel 5");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instance?id=pickup-1"));
            assertThat(page.locator(".headline")).containsText("waits for its next attempt after 1 attempt failed");
            shop.carrierAnswers.set(true);
            page.locator("summary").getByText("Retry now").click();
            page.locator(".action[open]")
                    .getByRole(AriaRole.BUTTON, inside("Retry now"))
                    .click();
            assertThat(page.getByText("The instance is tried again.")).isVisible();
            assertThat(page.locator(".head .status")).hasText("Completed");
        }
    }

    @Test
    void action_statusChangesWhileItIsFilledIn_losesNothing() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.order("order-1");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instance?id=order-1"));
            page.locator("summary").getByText("Send event").click();
            assertThat(page.getByLabel("Channel")).hasValue("approval");
            page.getByLabel("Channel").fill("approval-by-hand");
            page.getByLabel("Payload").fill("\"Bob\"");
            shop.client.management().suspend("order-1", "the customer called");
            assertThat(page.locator("summary").getByText("Resume")).isVisible();
            assertThat(page.getByLabel("Payload")).isVisible();
            assertThat(page.getByLabel("Payload")).hasValue("\"Bob\"");
            assertThat(page.getByLabel("Payload")).isFocused();
            assertThat(page.getByLabel("Channel")).hasValue("approval-by-hand");
        }
    }

    @Test
    void history_movesWhileItsFilterIsFilledIn_losesNothing() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.order("order-1");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instance?id=order-1&tab=history"));
            page.getByLabel("Failures only").check();
            page.getByLabel("Kind").selectOption("activities");
            page.getByLabel("Contains").fill("lamp");
            shop.client.raiseEvent("order-1", "approval", "Ada");
            assertThat(page.locator(".head .status")).hasText("Completed");
            assertThat(page.getByLabel("Contains")).hasValue("lamp");
            assertThat(page.getByLabel("Contains")).isFocused();
            assertThat(page.getByLabel("Failures only")).isChecked();
            assertThat(page.getByLabel("Kind")).hasValue("activities");
        }
    }

    @Test
    void withoutManagement_whatIsMissingIsSaidAndTheRestWorks() throws Exception {
        try (Shop shop = Shop.withoutManagement()) {
            Page page = browser.page(ColorScheme.DARK, WIDE);
            for (String path : List.of("/", "/instances", "/definitions", "/queues", "/nodes", "/dead-letters")) {
                page.navigate(shop.url(path));
                assertThat(page.getByText("Management features not available")).isVisible();
                assertThat(page.locator("main")).containsText("ManagementCapability");
                Browser.assertAccessible(page, path);
            }
            shop.order("order-1");
            page.keyboard().press("/");
            page.keyboard().type("order-1");
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("order-1");
            assertThat(page.getByText("Management features not available")).isVisible();
            Browser.assertAccessible(page, "an instance without management");
            page.locator("summary").getByText("Cancel").click();
            page.getByRole(AriaRole.BUTTON, button("Cancel the instance")).click();
            assertThat(page.getByText("The instance was asked to cancel.")).isVisible();
            assertThat(shop.end("order-1")).isEqualTo(Status.CANCELLED);
        }
    }

    @Test
    void keyboard_findsMovesAndOpens() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.order("order-1");
            shop.order("order-2");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instances"));
            page.keyboard().press("j");
            page.keyboard().press("j");
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("order-1");
            page.keyboard().press("/");
            assertThat(page.locator("#finder")).isFocused();
            page.keyboard().type("order-");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(Pattern.compile(".*prefix=order-$"));
            assertThat(page.locator("tbody tr")).hasCount(2);
        }
    }

    @Test
    void chosenInstances_areCountedThenChanged() throws Exception {
        try (Shop shop = Shop.open()) {
            for (int i = 1; i <= 4; i++) {
                shop.order("order-" + i);
            }
            shop.client.raiseEvent("order-4", "approval", "Ada");
            shop.end("order-4");
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.url("/instances?prefix=order-"));
            assertThat(page.getByRole(AriaRole.BUTTON, button("Change the chosen…")))
                    .isDisabled();
            page.getByLabel("Choose order-2").check();
            page.getByLabel("Choose order-3").check();
            page.getByLabel("Choose order-4").check();
            assertThat(page.locator("#chosen-count")).hasText("3 chosen");
            page.getByRole(AriaRole.BUTTON, button("Change the chosen…")).click();

            assertThat(page.locator(".big")).hasText("3 instances chosen.");
            assertThat(page.locator(".chosen li")).hasCount(3);
            assertThat(page.locator(".chosen")).containsText("Completed");
            assertThat(shop.audit).isEmpty();
            page.getByLabel("Suspend them").check();
            page.getByLabel("Reason").fill("stocktaking");
            page.getByLabel("Yes, change 3 instances").check();
            page.getByRole(AriaRole.BUTTON, button("Do it to 3 instances")).click();

            assertThat(page.getByText("Done to 2 instances.")).isVisible();
            assertThat(page.getByText("1 instance left as they are:")).isVisible();
            assertThat(shop.audit)
                    .extracting(change -> change.action() + " " + change.subject() + " " + change.outcome())
                    .containsExactlyInAnyOrder(
                            "suspend order-2 done", "suspend order-3 done", "suspend order-4 refused: INSTANCE_ENDED");
            page.getByRole(AriaRole.LINK, named("Back to the list")).click();
            assertThat(page).hasURL(Pattern.compile(".*prefix=order-.*"));
            assertThat(page.locator("tbody .status.is-suspended")).hasCount(2);
        }
    }

    @Test
    void chosenInstances_byKeyboardOnATelephone_areDeleted() throws Exception {
        try (Shop shop = Shop.open()) {
            for (int i = 1; i <= 3; i++) {
                shop.client.start(Shop.REFUSED, "refused-" + i, "no stock");
                shop.end("refused-" + i);
            }
            Page page = browser.page(ColorScheme.DARK, NARROW);
            page.navigate(shop.url("/instances"));
            page.keyboard().press("j");
            page.keyboard().press("x");
            page.keyboard().press("j");
            page.keyboard().press("x");
            assertThat(page.locator("#chosen-count")).hasText("2 chosen");
            Browser.assertAccessible(page, "with instances chosen");
            page.getByLabel("All on this page").focus();
            page.keyboard().press("Space");
            assertThat(page.locator("#chosen-count")).hasText("3 chosen");
            page.getByLabel("Choose refused-1").focus();
            page.keyboard().press("Space");
            page.locator("#change-chosen").focus();
            page.keyboard().press("Enter");

            assertThat(page.locator(".big")).hasText("2 instances chosen.");
            Browser.assertAccessible(page, "the question what shall become of the chosen");
            assertThat((int) page.evaluate("() => document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(NARROW);
            page.getByLabel("Delete them, with their histories").focus();
            page.keyboard().press("Space");
            page.getByLabel("Yes, change 2 instances").focus();
            page.keyboard().press("Space");
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            assertThat(page.getByText("Done to 2 instances.")).isVisible();
            assertThat(shop.client.listAllInstances()).containsExactly("refused-1");
        }
    }

    @Test
    void theme_isSwitchedAndKept() {
        try (Shop shop = Shop.open()) {
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            page.navigate(shop.console.url());
            Locator html = page.locator("html");
            page.locator("#theme").click();
            page.locator("#theme").click();
            assertThat(html).hasAttribute("data-theme", "dark");
            page.navigate(shop.url("/instances"));
            assertThat(html).hasAttribute("data-theme", "dark");
        }
    }

    @Test
    void live_watchedByTwo_isFollowedOnceAndEndsWithThem() throws Exception {
        try (Shop shop = Shop.open()) {
            shop.order("order-1");
            Page one = browser.page(ColorScheme.LIGHT, WIDE);
            Page two = browser.page(ColorScheme.LIGHT, WIDE);
            one.navigate(shop.url("/instance?id=order-1"));
            two.navigate(shop.url("/instance?id=order-1"));
            Waiting.until(() -> shop.console.live().watchers() == 2);
            assertThat(shop.console.live().followed()).isEqualTo(1);
            shop.client.raiseEvent("order-1", "approval", "Ada");
            assertThat(one.locator(".head .status")).hasText("Completed");
            assertThat(two.locator(".head .status")).hasText("Completed");
            one.close();
            two.close();
            Waiting.until(() -> shop.console.live().followed() == 0);
        }
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByRoleOptions button(String name) {
        return named(name);
    }

    private static Locator.GetByRoleOptions inside(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }
}
