package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see the page, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class SignInPageTest {
    private final WebApi api = new WebApi();
    private Chromium browser;

    @BeforeEach
    void open() throws Exception {
        browser = Chromium.open();
        api.execute("delete from facestream.web_user");
        api.execute("delete from facestream.sign_in_failure");
    }

    @AfterEach
    void close() {
        assertThat(browser.closePages()).isEmpty();
    }

    private int statusWithoutRedirects(String path, String cookie) throws Exception {
        return HttpClient.newHttpClient()
                .send(api.to(path).header("Cookie", cookie).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String sessionOf(Page page) {
        return page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("facestream_session"))
                .map(cookie -> cookie.name + "=" + cookie.value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aVisitorIsLedToTheFormAndFromThereToWhatTheyWanted() throws Exception {
        browser.addUser("ann", "viewer");
        Page page = browser.page();

        page.navigate("/");
        assertThat(page).hasURL("http://127.0.0.1:" + api.port() + "/sign-in?next=%2F");
        Chromium.submit(page, "ann", Chromium.PASSWORD);

        assertThat(page.locator("header .name")).hasText("ann");
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOtherSites() throws Exception {
        Page page = browser.signedInByForm("viewer");

        Cookie cookie = page.context().cookies().stream()
                .filter(each -> each.name.equals("facestream_session"))
                .findFirst()
                .orElseThrow();
        assertThat(cookie.httpOnly).isTrue();
        assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
    }

    @Test
    void aWrongPasswordIsToldAsSuchAndLetsNobodyIn() throws Exception {
        browser.addUser("ann", "viewer");
        Page page = browser.page();

        page.navigate("/sign-in");
        Chromium.submit(page, "ann", "wrong horse battery");

        assertThat(page.getByRole(AriaRole.ALERT)).hasText("Name or password is wrong.");
        assertThat(page.locator("[name=name]")).hasValue("ann");
        assertThat(page.locator("[name=password]")).isFocused();
    }

    @Test
    void afterTenWrongPasswordsTheRightOneDoesNotHelpEither() throws Exception {
        browser.addUser("ann", "viewer");
        Page page = browser.page();
        for (int i = 0; i < 10; i++) {
            page.navigate("/sign-in");
            Chromium.submit(page, "ann", "wrong " + i);
            page.waitForLoadState();
        }

        page.navigate("/sign-in");
        Chromium.submit(page, "ann", Chromium.PASSWORD);

        assertThat(page.getByRole(AriaRole.ALERT)).hasText("Too many wrong passwords. Try again in five minutes.");
    }

    @Test
    void wrongPasswordsFromOneAddressKeepNobodyElseOut() throws Exception {
        browser.addUser("ann", "viewer");
        for (int i = 0; i < 11; i++) {
            guess("192.0.2.1");
        }

        assertThat(api.query("select count(*)::text from facestream.password_salt('ann', '192.0.2.1')"))
                .containsExactly("0");
        assertThat(api.query("select count(*)::text from facestream.password_salt('ann', '192.0.2.2')"))
                .containsExactly("1");
    }

    @Test
    void aHundredWrongPasswordsFromAnywhereMakeANameWait() throws Exception {
        browser.addUser("ann", "viewer");
        for (int i = 0; i < 100; i++) {
            guess("192.0.2." + i);
        }

        assertThat(api.query("select count(*)::text from facestream.password_salt('ann', '198.51.100.1')"))
                .containsExactly("0");
    }

    private void guess(String address) throws Exception {
        api.query("select facestream.sign_in('ann', ?, '\\x00', sha256('\\x00'), interval '1 hour')::text", address);
    }

    @Test
    void theSaltOfANameThatNobodyHasDoesNotTellWhoIsInTheAuditTrail() throws Exception {
        assertThat(api.query("select (salt = substr(facestream.trail_name('Ada'), 1, 16))::text"
                        + " from facestream.password_salt('Ada', '192.0.2.1')"))
                .containsExactly("false");
    }

    @Test
    void aKeyOpensTheApiAndNoPage() throws Exception {
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(
                        api.to("/people").header("x-api-key", api.key("admin")).build(),
                        HttpResponse.BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(303);
    }

    @Test
    void aPageStaysInNoBrowserForWhoeverComesNext() throws Exception {
        Page page = browser.signedInByForm("viewer");

        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(api.to("/").header("Cookie", sessionOf(page)).build(), HttpResponse.BodyHandlers.discarding());

        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?day=%2B999999999-12-31",
                "/?day=0001-01-01",
                "/?camera=%00",
                "/shots?source=%00&visit=%00",
                "/visits?from=KzEwMDAwMDAwMDAtMTItMzFUMjM6NTk6NTlaCmEKYg",
                "/visits?from=MjAyNi0wMS0wMVQwMDowMDowMFoKAApi",
                "/visits/earlier?before=Kw"
            })
    void whateverAnAddressSaysIsNoFaultOfTheService(String path) throws Exception {
        Page page = browser.signedInByForm("viewer");

        assertThat(statusWithoutRedirects(path, sessionOf(page))).isLessThan(500);
    }

    @Test
    void aNameIsTheSameHoweverAKeyboardComposesIt() throws Exception {
        browser.addUser("J\u00fcrgen", "viewer");
        Page page = browser.page();

        page.navigate("/sign-in");
        Chromium.submit(page, " Ju\u0308rgen", Chromium.PASSWORD);

        assertThat(page.locator("header .name")).hasText("Jürgen");
    }

    @Test
    void whatFailsIsToldOnThePage() throws Exception {
        Page page = browser.signedInByForm("viewer");
        page.evaluate("document.body.setAttribute('hx-headers', '{\"X-Form-Token\": \"stale\"}')");

        page.getByText("Sign out").click();

        assertThat(page.locator("#trouble")).hasText("You may not do this.");
        // The browser's own line about the status.
        assertThat(browser.closePages()).singleElement().asString().contains("403");
    }

    @Test
    void aRemovedUserIsRefusedAtOnce() throws Exception {
        Page page = browser.signedInByForm("viewer");
        assertThat(statusWithoutRedirects("/", sessionOf(page))).isEqualTo(200);

        api.execute("delete from facestream.web_user where name = 'viewer'");

        assertThat(statusWithoutRedirects("/", sessionOf(page))).isEqualTo(303);
    }

    @Test
    void whoSignsOutIsOutWhateverCookieTheyKept() throws Exception {
        Page page = browser.signedInByForm("viewer");
        String kept = sessionOf(page);

        page.getByText("Sign out").click();

        assertThat(page.locator("input[name=password]")).isVisible();
        assertThat(statusWithoutRedirects("/", kept)).isEqualTo(303);
    }

    @Test
    void anotherSiteCannotSignAnybodyIn() throws Exception {
        browser.addUser("ann", "viewer");
        Page page = browser.page();

        APIResponse answer = page.request()
                .post(
                        "/sign-in",
                        RequestOptions.create()
                                .setHeader("Origin", "https://elsewhere.example")
                                .setForm(FormData.create().set("name", "ann").set("password", Chromium.PASSWORD)));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(page.context().cookies()).isEmpty();
    }

    @Test
    void aRequestWithoutTheTokenOfItsSessionChangesNothing() throws Exception {
        Page page = browser.signedInByForm("viewer");

        int status = HttpClient.newHttpClient()
                .send(
                        api.to("/sign-in/out")
                                .header("Cookie", sessionOf(page))
                                .header("Origin", "http://127.0.0.1:" + api.port())
                                .POST(BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();

        assertThat(status).isEqualTo(403);
        assertThat(statusWithoutRedirects("/", sessionOf(page))).isEqualTo(200);
    }

    @Test
    void theRestApiTakesNoCookie() throws Exception {
        Page page = browser.signedInByForm("admin");

        assertThat(statusWithoutRedirects("/api/v1/recognition/subjects", sessionOf(page)))
                .isEqualTo(401);
    }

    @Test
    void whoSignsInIsARowOfTheAuditTrail() throws Exception {
        browser.signedInByForm("operator");

        assertThat(api.query("select detail ->> 'userName' from facestream.audit where action = 'sign-in'"
                        + " order by id desc limit 1"))
                .isEqualTo(List.of("operator"));
    }

    @Test
    void everybodyCanUseTheForm() throws Exception {
        browser.show("sign-in", "/sign-in");
    }
}
