package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People who sign in by a provider of OpenID Connect: NAV's mock-oauth2-server, which checks what it is asked. */
@QuarkusTest
@Tag("own-process")
@TestProfile(OidcProviderAt.Configured.class)
class OidcSignInTest {
    private static final String SIGN_IN = "/sign-in/oidc";

    private final WebApi api = new WebApi();
    private final Visitor ann = new Visitor();
    private OidcProviderAt provider;

    @BeforeEach
    void start() throws Exception {
        provider = OidcProviderAt.start();
        api.execute("delete from facestream.web_session");
        api.execute(
                "insert into facestream.oidc_issuer (issuer) values (?) on conflict do nothing",
                OidcProviderAt.issuer());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private static String location(HttpResponse<?> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"cleaners, viewer", "desk, operator", "it, admin"})
    void aGroupOfTheProviderGivesTheRole(String group, String role) throws Exception {
        provider.expect("4711", group);

        HttpResponse<String> page = ann.open(SIGN_IN + "?next=%2Fpeople%3Ftag%3Dstaff");

        assertThat(page.uri().toString()).endsWith("/people?tag=staff");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Shown 4711");
        assertThat(api.query("select detail ->> 'userName' || ' ' || (detail ->> 'role') from facestream.audit"
                        + " where action = 'sign-in' order by id desc limit 1"))
                .containsExactly("oidc:4711 " + role);
    }

    @Test
    void whoeverHasNoneOfTheGroupsIsToldSoAndStaysOut() throws Exception {
        provider.expect("4711", "canteen");

        HttpResponse<String> page = ann.open(SIGN_IN);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("nobody has given you a role here");
        assertThat(ann.isSignedIn()).isFalse();
    }

    @Test
    void aProviderThatTheOwnerDoesNotTrustLetsNobodyIn() throws Exception {
        api.execute("delete from facestream.oidc_issuer");
        provider.expect("4711", "it");

        HttpResponse<String> page = ann.open(SIGN_IN);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("does not trust the identity provider");
        assertThat(ann.isSignedIn()).isFalse();
    }

    @Test
    void whoeverNoLongerTrustsAProviderSignsEverybodyOut() throws Exception {
        provider.expect("4711", "it");
        ann.open(SIGN_IN);
        assertThat(ann.isSignedIn()).isTrue();

        api.execute("delete from facestream.oidc_issuer");

        assertThat(ann.isSignedIn()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"somebody-else, 300", OidcProviderAt.CLIENT + ", -60"})
    void anIdTokenOfSomebodyElseOrOfThePastIsRefused(String audience, long seconds) throws Exception {
        provider.expect("4711", "it", audience, seconds);

        HttpResponse<String> page = ann.open(SIGN_IN);

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("The sign-in was refused");
        assertThat(ann.isSignedIn()).isFalse();
    }

    @Test
    void whoseSessionTheProviderEndsSignsInAgainAtOnce() throws Exception {
        OidcPerson person = provider.expectSomebody("4711", "it");
        ann.open(SIGN_IN);
        assertThat(ann.isSignedIn()).isTrue();

        person.revoke();
        api.execute("update facestream.web_session set expires_at = now()");
        assertThat(ann.isSignedIn()).isFalse();

        provider.expect("4711", "it");
        assertThat(ann.open(SIGN_IN + "?next=%2Fpeople").statusCode())
                .as("with the cookies of the session that is over")
                .isEqualTo(200);
    }

    @Test
    void theProviderIsAskedWithStateNonceAndPkce() throws Exception {
        HttpResponse<String> answer = ann.stepTo(api.to(SIGN_IN).build().uri().toString());

        assertThat(location(answer))
                .startsWith(OidcProviderAt.issuer())
                .contains("response_type=code", "&state=", "&nonce=", "code_challenge_method=S256");
        assertThat(answer.headers().allValues("set-cookie"))
                .allMatch(cookie -> cookie.contains("HTTPOnly") && cookie.contains("SameSite=Lax"))
                .isNotEmpty();
    }

    @Test
    void behindTlsTheProviderLeadsBackByTlsAndCookiesGoNoOtherWay() throws Exception {
        HttpResponse<String> answer =
                ann.send(api.to(SIGN_IN).header("X-Forwarded-Proto", "https").build());

        assertThat(location(answer)).contains("redirect_uri=https%3A%2F%2F");
        assertThat(answer.headers().allValues("set-cookie")).isNotEmpty().allMatch(cookie -> cookie.contains("Secure"));
    }

    @Test
    void anotherSiteCannotSignAnybodyInAsSomebodyElse() throws Exception {
        Visitor mallory = new Visitor();
        provider.expect("mallory", "it");
        String asked = location(mallory.stepTo(api.to(SIGN_IN).build().uri().toString()));
        String callback = location(mallory.stepTo(asked));

        HttpResponse<String> answer = ann.stepTo(callback);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(ann.isSignedIn()).isFalse();
    }

    @Test
    void aCodeOfSomebodyElseIsRefused() throws Exception {
        Visitor mallory = new Visitor();
        provider.expect("mallory", "it");
        String stolen = location(mallory.stepTo(
                location(mallory.stepTo(api.to(SIGN_IN).build().uri().toString()))));
        String own = location(
                ann.stepTo(location(ann.stepTo(api.to(SIGN_IN).build().uri().toString()))));

        HttpResponse<String> answer =
                ann.stepTo(own.replaceAll("code=[^&]*", "code=" + stolen.replaceAll(".*code=([^&]*).*", "$1")));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(ann.isSignedIn()).isFalse();
    }

    @Test
    void whoComesBackWhenTheProviderIsGoneIsToldToComeAgain() throws Exception {
        String callback = location(
                ann.stepTo(location(ann.stepTo(api.to(SIGN_IN).build().uri().toString()))));
        provider.close();

        HttpResponse<String> answer = ann.stepTo(callback);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("The identity provider does not answer");
    }

    @Test
    void whatTheProviderRefusesIsToldAsSuch() throws Exception {
        HttpResponse<String> page = ann.open(SIGN_IN + "?error=access_denied&state=x");

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("The sign-in was refused");
    }

    @Test
    void whoSignsOutIsLedToTheProviderAndIsOut() throws Exception {
        provider.expect("4711", "desk");
        ann.open(SIGN_IN);

        HttpResponse<String> answer = ann.signOut();

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("HX-Redirect").orElseThrow())
                .startsWith(OidcProviderAt.issuer() + "/endsession?id_token_hint=")
                .contains("&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A" + api.port() + "%2Fsign-in");
        assertThat(ann.cookies("q_session")).isEmpty();
        assertThat(api.query("select subject from facestream.web_session")).isEmpty();
    }

    @Test
    void aLookAtAFaceNamesWhoLookedAndInWhichRole() throws Exception {
        PageData data = new PageData();
        data.clear();
        data.photo(data.person("Grace Hopper"), 0);
        String photo = api.query("select id from facestream.face_sample").get(0);
        provider.expect("4711", "desk");
        ann.open(SIGN_IN);

        assertThat(ann.open("/people/faces/" + photo).statusCode()).isEqualTo(200);

        assertThat(api.query(
                        "select who || ' ' || (detail ->> 'userName') || ' ' || (detail ->> 'role') || ' '"
                                + " || (detail ->> 'user' = facestream.oidc_user(?, '4711')::text)"
                                + " from facestream.audit where action = 'show-photo' and detail ->> 'sample' = ?",
                        OidcProviderAt.issuer(),
                        photo))
                .containsExactly(ConfigProvider.getConfig().getValue("quarkus.datasource.username", String.class)
                        + " oidc:4711 operator true");
    }

    @Test
    void anotherSiteCannotSignAnybodyOut() throws Exception {
        provider.expect("4711", "desk");
        ann.open(SIGN_IN);

        HttpResponse<String> answer = ann.send(api.to("/sign-in/out")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.noBody())
                .build());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(ann.isSignedIn()).isTrue();
    }

    @Test
    void aBrowserGoesThereAndBackByTheButton() throws Exception {
        Chromium browser = Chromium.open();
        provider.expect("4711", "cleaners");
        Page page = browser.page();

        page.navigate("/people");
        page.getByText("Sign in with Example").click();

        assertThat(page).hasURL("http://127.0.0.1:" + api.port() + "/people");
        assertThat(page.locator("header .name")).hasText("Shown 4711");
        page.getByText("Sign out").click();
        assertThat(page).hasURL("http://127.0.0.1:" + api.port() + "/sign-in");
        assertThat(browser.closePages()).isEmpty();
    }
}
