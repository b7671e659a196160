package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import io.facestream.messaging.Sha256;
import io.facestream.secrets.PasswordKey;
import io.facestream.web.WebApi;
import io.facestream.web.users.WebSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A real browser, in which nothing may go wrong unseen: errors of scripts and refusals of the policy are faults. */
final class Chromium {
    static final String PASSWORD = "correct horse battery";

    private static final byte[] SALT = new byte[PasswordKey.SALT];
    private static final byte[] HASH = Sha256.of(PasswordKey.stretch(PASSWORD, SALT, PasswordKey.ROUNDS));
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int PHONE = 390;
    private static final int DESK = 1200;
    private static final int HEIGHT = 844;
    private static final int MOST_CONTROLS = 200;

    /** How long a view may take to show something. It may wait for a command's answer, on a busy machine. */
    private static final double PATIENCE_MILLIS = 90_000;

    /** One for all tests of this JVM, whose end is its end: it takes a second or more to start. */
    private static Chromium shared;

    private final WebApi api = new WebApi();
    private final Browser browser;
    private final List<String> faults = new ArrayList<>();

    private Chromium(Path program) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of("--no-sandbox")));
    }

    /** Skips the test, with the reason, where there is no browser and none can be installed. */
    static Chromium open() throws IOException, InterruptedException {
        if (program() == null) {
            new ProcessBuilder("bash", "src/test/scripts/install-chromium.sh")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        Path program = program();
        assumeTrue(program != null, "no Chromium, and apt-get cannot install one here");
        return opened(program);
    }

    private static synchronized Chromium opened(Path program) {
        if (shared == null) {
            shared = new Chromium(program);
        }
        return shared;
    }

    private static Path program() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** A page of a browser that has no cookie. */
    Page page(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setBaseURL("http://127.0.0.1:" + api.port()));
        Page page = context.newPage();
        page.onPageError(error -> faults.add(page.url() + ": " + error));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of 4")) {
                faults.add(page.url() + ": " + message.text());
            }
        });
        page.onDialog(dialog -> {
            if (!dialog.type().equals("confirm")) {
                faults.add(page.url() + ": a dialog: " + dialog.message());
            }
            dialog.accept();
        });
        return page;
    }

    /** The same on a desk in Berlin, in English. */
    Page page() {
        return page(desk());
    }

    static Browser.NewContextOptions desk() {
        return new Browser.NewContextOptions()
                .setLocale("en-GB")
                .setTimezoneId("Europe/Berlin")
                .setViewportSize(DESK, HEIGHT);
    }

    /** Adds a user of that name and role, unless there is one. */
    void addUser(String name, String role) throws SQLException {
        api.execute(
                "insert into facestream.web_user (name, role, salt, rounds, key_sha256) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                name,
                role,
                SALT,
                PasswordKey.ROUNDS,
                HASH);
    }

    /** A page of a new user of that role, who signed in by the form. */
    Page signedInByForm(String role) throws SQLException {
        Page page = page();
        addUser(role, role);
        page.navigate("/sign-in");
        submit(page, role, PASSWORD);
        page.waitForURL("**/");
        return page;
    }

    /** A page of a new user of that role, with a session as the form opens it, which takes longer. */
    Page signedIn(String role) throws SQLException {
        Page page = page();
        signIn(page, role);
        page.navigate("/");
        return page;
    }

    private void signIn(Page page, String role) throws SQLException {
        addUser(role, role);
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        api.execute(
                "insert into facestream.web_session (token_sha256, user_id, expires_at)"
                        + " select ?, id, now() + interval '1 hour' from facestream.web_user where name = ?",
                Sha256.of(token.getBytes(US_ASCII)),
                role);
        page.context()
                .addCookies(
                        List.of(new Cookie(WebSession.cookie("http"), token).setUrl("http://127.0.0.1:" + api.port())));
    }

    static void submit(Page page, String name, String password) {
        page.locator("[name=name]").fill(name);
        page.locator("[name=password]").fill(password);
        page.locator("[name=password]").press("Enter");
    }

    /** Presses the Tab key until that has the focus. */
    static void tabTo(Page page, Locator wanted) {
        pressUntil(page, "Tab", wanted);
    }

    /** The same backwards. */
    static void tabBackTo(Page page, Locator wanted) {
        pressUntil(page, "Shift+Tab", wanted);
    }

    private static void pressUntil(Page page, String key, Locator wanted) {
        for (int presses = 0; presses < MOST_CONTROLS; presses++) {
            page.keyboard().press(key);
            if ((Boolean) wanted.evaluate("each => each === document.activeElement")) {
                return;
            }
        }
        throw new AssertionError(key + " does not come to " + wanted);
    }

    /**
     * Takes screenshots of a view, light and dark, wide and narrow, in both languages, and lets axe-core look for what
     * keeps people out.
     */
    void show(String name, String path) throws SQLException, IOException {
        show(name, path, page -> {});
    }

    /** @param ready waits until the page shows what it is about */
    void show(String name, String path, Consumer<Page> ready) throws SQLException, IOException {
        Files.createDirectories(SCREENSHOTS);
        for (ColorScheme look : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(DESK, PHONE)) {
                Page page = page(desk().setColorScheme(look)
                        .setLocale(width == PHONE ? "de-DE" : "en-GB")
                        .setViewportSize(width, HEIGHT));
                if (!path.equals("/sign-in")) {
                    signIn(page, "admin");
                }
                page.navigate(path);
                ready.accept(page);
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(SCREENSHOTS.resolve(
                                name + "-" + look.name().toLowerCase(Locale.ROOT) + "-" + width + ".png")));
                assertThat(serious(page)).as(name + " " + look + " " + width).isEmpty();
                assertThat((Boolean) page.evaluate(
                                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                        .as(name + " fits into " + width + " pixels")
                        .isTrue();
                page.context().close();
            }
        }
    }

    private static List<String> serious(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .map(Chromium::line)
                        .toList();
    }

    private static String line(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** Closes all pages, with their cookies, and says what went wrong in them. */
    List<String> closePages() {
        List.copyOf(browser.contexts()).forEach(BrowserContext::close);
        List<String> seen = List.copyOf(faults);
        faults.clear();
        return seen;
    }
}
