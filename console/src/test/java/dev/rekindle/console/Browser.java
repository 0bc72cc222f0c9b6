package dev.rekindle.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A real Chromium: the one that {@code REKINDLE_CHROMIUM} names, or that is on the path. Nothing is downloaded. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String AXE = read("/axe.min.js");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;

    private final List<String> complaints = new ArrayList<>();

    private Browser(Path executable) {
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--font-render-hinting=none")));
    }

    /** Skips the test, visibly, where there is none. */
    static Browser open() {
        Optional<Path> executable = find();
        assumeTrue(
                executable.isPresent(),
                "no Chromium: neither REKINDLE_CHROMIUM nor the path has one (apt-get install chromium)");
        return new Browser(executable.orElseThrow());
    }

    private static Optional<Path> find() {
        String named = System.getenv("REKINDLE_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return Stream.of(Objects.toString(System.getenv("PATH"), "").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A new page of these colours and this width. */
    Page page(ColorScheme colours, int width) {
        BrowserContext context = browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setColorScheme(colours)
                .setViewportSize(width, 900)
                .setDeviceScaleFactor(1)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setAcceptDownloads(true));
        Page page = context.newPage();
        page.setDefaultTimeout((double) Shop.PATIENCE.toMillis());
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !isAboutTheConnection(message.text())) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        return page;
    }

    /** Pages that stand open complain when a test takes their console away; pages that are not found have that status. */
    private static boolean isAboutTheConnection(String complaint) {
        return complaint.startsWith("Failed to load resource") || complaint.equals("[object Event]");
    }

    void closePages() {
        browser.contexts().forEach(BrowserContext::close);
    }

    /** What pages complained about since the last time: errors of scripts, and what the security policy forbade. */
    List<String> takeComplaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /** Nothing serious that axe finds; what is wrong, and where, otherwise. */
    static void assertAccessible(Page page, String where) {
        assertAccessible(page, where, "html", "{}");
    }

    /** The same of a part of a page in both themes. They differ in nothing but colours, so the other rules run once. */
    static void assertAccessibleInBothThemes(Page page, String where, String part) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertAccessible(page, where + ", light", part, "{}");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertAccessible(page, where + ", dark", part, "{ runOnly: ['color-contrast', 'link-in-text-block'] }");
    }

    private static void assertAccessible(Page page, String where, String part, String options) {
        if (!(boolean) page.evaluate("() => 'axe' in window")) {
            page.evaluate(AXE);
        }
        Object found = page.evaluate("""
            async () => (await axe.run(%s, { resultTypes: ["violations"], ...%s })).violations
                .filter((v) => v.impact === "serious" || v.impact === "critical")
                .map((v) => v.id + ": " + v.nodes.map((n) => n.target + " " + (n.any[0]?.message ?? "")).join("; "))\
            """.formatted(part.equals("html") ? "document" : "'" + part + "'", options));
        assertThat((List<?>) found).as(where).isEmpty();
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
