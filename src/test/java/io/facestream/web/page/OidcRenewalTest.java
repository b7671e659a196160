package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions of people who sign in by a provider go on past the ID token, and no longer than the provider says so. */
@QuarkusTest
@Tag("own-process")
@TestProfile(OidcProviderAt.Configured.class)
class OidcRenewalTest {
    private final WebApi api = new WebApi();
    private final Visitor ann = new Visitor();
    private OidcProviderAt provider;
    private OidcPerson person;

    @BeforeEach
    void signIn() throws Exception {
        provider = OidcProviderAt.start();
        api.execute("delete from facestream.web_session");
        api.execute(
                "insert into facestream.oidc_issuer (issuer) values (?) on conflict do nothing",
                OidcProviderAt.issuer());
        person = provider.expectSomebody("4711", "desk");
        assertThat(ann.open("/sign-in/oidc?next=%2Fpeople").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    /** As if the ID token's time were up. */
    private void expire() throws Exception {
        api.execute("update facestream.web_session set expires_at = now()");
    }

    private List<String> sessions() throws Exception {
        return api.query("select subject || ' ' || role from facestream.web_session");
    }

    private void assertEnded() throws Exception {
        assertThat(ann.isSignedIn()).isFalse();
        assertThat(sessions()).isEmpty();
    }

    @Test
    void aSessionGoesOnPastItsIdTokenAndAsLongAsOurs() throws Exception {
        assertThat(api.query("select (ends_at - opened_at between interval '11 h 59 min' and interval '12 h')::text"
                        + " from facestream.web_session"))
                .containsExactly("true");
        expire();

        assertThat(ann.isSignedIn()).isTrue();

        assertThat(sessions()).containsExactly("4711 operator");
        assertThat(api.query("select (expires_at between now() and now() + interval '5 min')::text"
                        + " from facestream.web_session"))
                .containsExactly("true");
        assertThat(ann.isSignedIn()).isTrue();
        // One for the ID token, one for the access token.
        assertThat(person.renewals()).isEqualTo(2);
    }

    @Test
    void aSessionIsRenewedAgainByWhatTheProviderGaveLast() throws Exception {
        for (int i = 0; i < 3; i++) {
            expire();
            assertThat(ann.isSignedIn()).isTrue();
        }

        assertThat(person.renewals()).isEqualTo(6);
    }

    @Test
    void requestsThatComeAtOnceAskTheProviderOnce() throws Exception {
        expire();
        ExecutorService browsers = Executors.newFixedThreadPool(16);
        Callable<Boolean> request = ann::isSignedIn;

        List<Future<Boolean>> answers = browsers.invokeAll(List.of(
                request, request, request, request, request, request, request, request, request, request, request,
                request, request, request, request, request));

        for (Future<Boolean> answer : answers) {
            assertThat(answer.get()).isTrue();
        }
        browsers.shutdown();
        assertThat(person.renewals()).isEqualTo(2);
    }

    /** More requests wait than the process has threads for what blocks. */
    @Test
    void nobodyElseWaitsWhileTheProviderIsAsked() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        person.atRenewal(() -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        expire();
        ExecutorService browsers = Executors.newCachedThreadPool();
        List<Future<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waiting.add(browsers.submit(ann::isSignedIn));
        }
        await().until(() -> api.query("select 1 from facestream.web_session where renewing_until > clock_timestamp()")
                        .size()
                == 1);

        try {
            int others = api.send(api.to("/api/v1/people")
                            .header("Authorization", "Bearer " + api.key("viewer"))
                            .build())
                    .status();

            assertThat(others).isEqualTo(200);
            assertThat(waiting).noneMatch(Future::isDone);
        } finally {
            answered.countDown();
        }
        for (Future<Boolean> each : waiting) {
            assertThat(each.get()).isTrue();
        }
        browsers.shutdown();
    }

    @Test
    void aChangeIsDoneAfterTheIdTokensTimeToo() throws Exception {
        expire();

        HttpResponse<String> answer = ann.signOut();

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("HX-Redirect").orElseThrow())
                .startsWith(OidcProviderAt.issuer() + "/endsession?id_token_hint=");
        assertThat(sessions()).isEmpty();
    }

    @Test
    void whatTheProviderRevokesEndsTheSession() throws Exception {
        person.revoke();
        expire();

        assertEnded();
    }

    @Test
    void aGroupThatIsTakenAwayEndsTheSession() throws Exception {
        person.moveTo("canteen");
        expire();

        assertEnded();
    }

    @Test
    void anotherGroupGivesAnotherRoleWhichTheTrailTells() throws Exception {
        person.moveTo("cleaners");
        expire();

        assertThat(ann.isSignedIn()).isTrue();

        assertThat(sessions()).containsExactly("4711 viewer");
        assertThat(api.query("select (detail ->> 'userName') || ' ' || (detail ->> 'role') || ' '"
                        + " || (detail ->> 'renewed') from facestream.audit where action = 'sign-in'"
                        + " order by id desc limit 1"))
                .containsExactly("oidc:4711 viewer true");
    }

    @Test
    void somebodyElsesTokenEndsTheSession() throws Exception {
        person.become("mallory");
        expire();

        assertEnded();
    }

    @Test
    void whoeverNoLongerTrustsTheProviderWhileItIsAskedLetsNobodyIn() throws Exception {
        person.atRenewal(() -> {
            try {
                api.execute("delete from facestream.oidc_issuer");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        expire();

        assertEnded();
    }

    @Test
    void aSessionThatIsOverIsNotRenewed() throws Exception {
        api.execute("update facestream.web_session set expires_at = now(), ends_at = now()");

        assertThat(ann.isSignedIn()).isFalse();
        assertThat(person.renewals()).isZero();
    }

    @Test
    void whileTheProviderIsAwayNobodyGetsInAndNobodyIsSignedOut() throws Exception {
        provider.close();
        expire();

        assertThat(ann.send(api.to("/people").build()).statusCode()).isEqualTo(503);
        assertThat(ann.send(api.to("/people").build()).statusCode())
                .as("the next one asks again")
                .isEqualTo(503);
        assertThat(sessions()).containsExactly("4711 operator");
    }

    @Test
    void whoeverHasTheDatabaseHasNoToken() throws Exception {
        String sealed = api.query("select encode(sealed, 'hex') from facestream.web_session")
                .get(0);

        assertThat(new String(HexFormat.of().parseHex(sealed), ISO_8859_1)).doesNotContain("eyJ");
    }

    @Test
    void theCookiesOfTheSignInDoNotStay() {
        assertThat(ann.cookies("q_session")).isEmpty();
    }
}
