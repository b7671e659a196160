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

/** Who may see the page, in a real browser. */
@QuarkusTest
@Tag("own-process")
@TestProfile(WebApi.Alone.class)
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
        Page page = browser.signedIn("viewer");

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
    void aRemovedUserIsRefusedAtOnce() throws Exception {
        Page page = browser.signedIn("viewer");
        assertThat(statusWithoutRedirects("/", sessionOf(page))).isEqualTo(200);

        api.execute("delete from facestream.web_user where name = 'viewer'");

        assertThat(statusWithoutRedirects("/", sessionOf(page))).isEqualTo(303);
    }

    @Test
    void whoSignsOutIsOutWhateverCookieTheyKept() throws Exception {
        Page page = browser.signedIn("viewer");
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
        Page page = browser.signedIn("viewer");

        int status = HttpClient.newHttpClient()
                .send(
                        api.to("/sign-out")
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
        Page page = browser.signedIn("admin");

        assertThat(statusWithoutRedirects("/api/v1/recognition/subjects", sessionOf(page)))
                .isEqualTo(401);
    }

    @Test
    void whoSignsInIsARowOfTheAuditTrail() throws Exception {
        browser.signedIn("operator");

        assertThat(api.query("select detail ->> 'userName' from facestream.audit where action = 'sign-in'"
                        + " order by id desc limit 1"))
                .isEqualTo(List.of("operator"));
    }

    @Test
    void everybodyCanUseTheForm() throws Exception {
        browser.show("sign-in", "/sign-in");
    }
}
