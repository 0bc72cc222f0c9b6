package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.rekindle.Orchestration;
import dev.rekindle.Status;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.LatencyBuckets;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How all pages look, in Chromium. With {@code -Dconsole.screenshots=FOLDER} it takes pictures for the docs. */
class LooksTest {
    private static final Orchestration<String, String> ELSEWHERE =
            Orchestration.named("ShipOrder", String.class, String.class);
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

    /**
     * Every page in both themes, wide and narrow, and on them every form of an action: nothing serious by axe, and nothing
     * wider than the screen.
     */
    @Test
    void everyPage_isAccessibleAndFits() throws Exception {
        try (Shop shop = furnished()) {
            Page page = browser.page(ColorScheme.LIGHT, WIDE);
            Set<String> opened = new TreeSet<>();
            for (String path : List.of(
                    "/",
                    "/instances",
                    "/instances?status=Stuck",
                    "/instances/bulk?status=Failed",
                    "/instance?id=order-1",
                    "/instance?id=order-2",
                    "/instance?id=order-9",
                    "/instance?id=order-1&tab=history",
                    "/instance?id=basket-7&tab=tree",
                    "/instance?id=order-1&tab=executions",
                    "/instance?id=order-2&tab=queues",
                    "/instance?id=order-1&tab=queues",
                    "/instance?id=refused-1",
                    "/instance?id=shipping-1",
                    "/instance?id=quote-1",
                    "/instance?id=pickup-1",
                    "/instance/fork?id=order-1",
                    "/instance?id=nobody",
                    "/start",
                    "/definitions",
                    "/queues",
                    "/queues?retrying=true",
                    "/nodes",
                    "/dead-letters",
                    "/login")) {
                page.navigate(shop.url(path));
                assertFitsInEveryLook(page, path, "html");
                for (Locator action : page.locator("details.action > summary").all()) {
                    if (opened.add(action.textContent())) {
                        action.click();
                        assertFitsInEveryLook(page, path + ", " + action.textContent(), ".actions");
                    }
                }
            }
            assertThat(opened)
                    .containsExactly(
                            "Cancel",
                            "Delete",
                            "Prune",
                            "Resume",
                            "Retry",
                            "Retry now",
                            "Send event",
                            "Suspend",
                            "Terminate");
        }
    }

    private static void assertFitsInEveryLook(Page page, String what, String part) {
        for (int width : List.of(WIDE, NARROW)) {
            page.setViewportSize(width, 900);
            String where = "%s, %d px".formatted(what, width);
            Browser.assertAccessibleInBothThemes(page, where, part);
            assertThat((int) page.evaluate("() => document.documentElement.scrollWidth"))
                    .as(where)
                    .isLessThanOrEqualTo(width);
        }
    }

    @Test
    void screenshots_whenAskedFor_areTaken() throws Exception {
        String folder = System.getProperty("console.screenshots");
        assumeTrue(folder != null, "screenshots are taken with -Dconsole.screenshots=FOLDER");
        try (Shop shop = furnished()) {
            shoot(shop, ColorScheme.LIGHT, WIDE, true, "/", Path.of(folder, "console-overview.png"));
            shoot(shop, ColorScheme.LIGHT, WIDE, false, "/instances", Path.of(folder, "console-instances.png"));
            shoot(shop, ColorScheme.LIGHT, WIDE, true, "/instance?id=order-1", Path.of(folder, "console-instance.png"));
            shoot(shop, ColorScheme.LIGHT, WIDE, true, "/instance?id=quote-1", Path.of(folder, "console-stuck.png"));
            shoot(
                    shop,
                    ColorScheme.DARK,
                    WIDE,
                    false,
                    "/instance?id=order-1&tab=history",
                    Path.of(folder, "console-history-dark.png"));
            shoot(
                    shop,
                    ColorScheme.DARK,
                    NARROW,
                    true,
                    "/instance?id=order-2",
                    Path.of(folder, "console-narrow-dark.png"));
        }
    }

    private static void shoot(Shop shop, ColorScheme colours, int width, boolean whole, String path, Path file) {
        Page page = browser.page(colours, width);
        page.navigate(shop.url(path));
        page.evaluate("() => document.fonts.ready");
        if (whole) {
            page.setViewportSize(width, (int) page.evaluate("() => document.documentElement.scrollHeight"));
        }
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
        page.context().close();
    }

    /** Something of everything. */
    private static Shop furnished() throws Exception {
        Shop shop = Shop.openAfterAChangeOfCode("quote-1");
        furnish(shop);
        return shop;
    }

    private static void furnish(Shop shop) throws Exception {
        measureAnHour(shop);
        for (int i = 3; i <= 9; i++) {
            shop.order("order-" + i);
            if (i % 3 != 0) {
                shop.client.raiseEvent("order-" + i, "approval", "Ada");
                shop.end("order-" + i);
            }
        }
        shop.order("order-1");
        shop.client.raiseEvent("order-1", "unheard", List.of("nobody", "listens"));
        shop.client.raiseEvent("order-1", "approval", "Grace");
        assertThat(shop.end("order-1")).isEqualTo(Status.COMPLETED);
        shop.order("order-2");
        shop.client.management().suspend("order-9", "the customer called");
        shop.client.start(Shop.BASKET, "basket-7", "basket-7");
        shop.awaitStatus("basket-7/lamp", "\"reserved as hold-lamp\"");
        shop.client.start(Shop.REFUSED, "refused-1", "out of stock");
        assertThat(shop.end("refused-1")).isEqualTo(Status.FAILED);
        shop.client.start(Shop.PICKUP, "pickup-1", "parcel 5");
        shop.client.start(ELSEWHERE, "shipping-1", "lamp");
        Waiting.until(() -> shop.client.getStatus("shipping-1").orElseThrow().problem() != null);
        Waiting.until(() -> shop.client.getQueueDepths().deadLetters() > 0);
    }

    /** What nodes that had more to do would have handed over by now. */
    private static void measureAnHour(Shop shop) {
        Instant now = Resolution.MINUTE.floor(Instant.now());
        List<Measurement> measured = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            Instant at = now.minus(Duration.ofMinutes(minute));
            long orders = Math.round(30 + 12 * Math.sin(minute / 7.0) + 6 * Math.sin(minute * 2.1));
            measured.add(
                    measured(at, Subject.Kind.ORCHESTRATION, "ProcessOrder", "", Status.COMPLETED, orders, 41_000));
            measured.add(measured(at, Subject.Kind.ACTIVITY, "ProcessOrder", "Reserve", Status.COMPLETED, orders, 45));
            measured.add(
                    measured(at, Subject.Kind.ACTIVITY, "ProcessOrder", "Charge", Status.COMPLETED, orders, 1_300));
            if (minute % 4 == 0) {
                measured.add(
                        measured(at, Subject.Kind.ORCHESTRATION, "ProcessBasket", "", Status.COMPLETED, 3, 95_000));
            }
            if (minute > 20 && minute < 27) {
                measured.add(measured(at, Subject.Kind.ORCHESTRATION, "ProcessOrder", "", Status.FAILED, 7, 9_000));
                measured.add(measured(at, Subject.Kind.ACTIVITY, "ProcessOrder", "Charge", Status.FAILED, 7, 8_200));
            }
        }
        shop.client.requireCapability(AnalyticsCapability.class).addMeasurements(measured);
    }

    private static Measurement measured(
            Instant at, Subject.Kind kind, String orchestration, String name, Status outcome, long count, long millis) {
        boolean charges = name.equals("Charge");
        Totals totals = new Totals(
                count,
                count * millis,
                kind == Subject.Kind.ACTIVITY ? count * millis / 20 : 0,
                charges ? count * millis / 4 : 0);
        return new Measurement(
                Resolution.MINUTE,
                at,
                new Subject(kind, orchestration, name),
                outcome,
                LatencyBuckets.of(millis),
                totals);
    }
}
