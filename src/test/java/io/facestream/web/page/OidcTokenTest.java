package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that call the REST API with access tokens of a provider of OpenID Connect. */
@QuarkusTest
@Tag("own-process")
@TestProfile(OidcTokenTest.Seldom.class)
class OidcTokenTest {
    /** One request a second, which is ten at once. */
    public static final class Seldom extends OidcProviderAt.Configured {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> all = new HashMap<>(super.getConfigOverrides());
            all.put("facestream.web.key-rate", "1");
            return all;
        }
    }

    private static final String PEOPLE = "/api/v1/people";
    private static final String FOR_ADMINS = "/api/v1/recognition/subjects";

    private final WebApi api = new WebApi();
    private final PageData data = new PageData();
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

    private WebApi.Answer get(String token) throws Exception {
        return api.send(
                api.to(PEOPLE).header("Authorization", "Bearer " + token).build());
    }

    private int delete(String token) throws Exception {
        return api.send(api.to(FOR_ADMINS)
                        .header("Authorization", "Bearer " + token)
                        .DELETE()
                        .build())
                .status();
    }

    @Test
    void aTokenReadsAsAKeyOfItsRoleDoes() throws Exception {
        assertThat(get(provider.token("door", "guards")).status()).isEqualTo(200);
    }

    @Test
    void aTokenMayNotDoMoreThanItsRole() throws Exception {
        assertThat(delete(provider.token("door", "desk"))).isEqualTo(403);
    }

    @Test
    void aTokenOfAnAdministratorMayDoEverything() throws Exception {
        // There is nobody.
        assertThat(delete(provider.token("door", "it"))).isEqualTo(200);
    }

    @Test
    void whoeverHasNoneOfTheGroupsIsRefusedWithAProblem() throws Exception {
        WebApi.Answer answer = get(provider.token("door", "canteen"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().get("type").textValue()).isEqualTo("urn:facestream:problem:no-role");
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() throws Exception {
        String token = provider.token("others", "door", "it", OidcProviderAt.API, 300);

        assertThat(get(token).status()).isEqualTo(401);
    }

    @Test
    void aTokenForAnotherServiceIsRefused() throws Exception {
        String token = provider.token("people", "door", "it", "another-api", 300);

        assertThat(get(token).status()).isEqualTo(401);
    }

    @Test
    void anIdTokenIsNoAccessToken() throws Exception {
        String token = provider.token("people", "door", "it", OidcProviderAt.CLIENT, 300);

        assertThat(get(token).status()).isEqualTo(401);
    }

    @Test
    void aTokenOfThePastIsRefused() throws Exception {
        String token = provider.token("people", "door", "it", OidcProviderAt.API, -60);

        assertThat(get(token).status()).isEqualTo(401);
    }

    @Test
    void aTokenThatNobodySignedIsRefused() throws Exception {
        String token = new PlainJWT(new JWTClaimsSet.Builder()
                        .issuer(OidcProviderAt.issuer())
                        .subject("door")
                        .audience(OidcProviderAt.API)
                        .claim("company", Map.of("groups", List.of("it")))
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build())
                .serialize();

        assertThat(get(token).status()).isEqualTo(401);
    }

    @Test
    void whatIsNoTokenAtAllIsRefused() throws Exception {
        assertThat(get("opaque").status()).isEqualTo(401);
    }

    @Test
    void whoAsksIsNamedByTheSubject() throws Exception {
        get(provider.token("door", "guards"));

        assertThat(api.query("select (detail ->> 'userName') || ' ' || (detail ->> 'api') from facestream.audit"
                        + " where action = 'sign-in' order by id desc limit 1"))
                .containsExactly("oidc:door true");
    }

    /** The limit is 10 at once, of one owner: with two of them each, the sixth would be refused. */
    @Test
    void theFirstRequestWithATokenCountsOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(get(provider.token("once", "guards")).status())
                    .as("request " + i)
                    .isEqualTo(200);
        }
    }

    @Test
    void aLookAtAFaceNamesWhoAskedAndInWhichRole() throws Exception {
        data.clear();
        data.photo(data.person("Grace Hopper"), 0);
        String photo = api.query("select id from facestream.face_sample").get(0);

        int status = api.download(api.to("/api/v1/photos/" + photo + "/face")
                        .header("Authorization", "Bearer " + provider.token("looker", "desk"))
                        .build())
                .statusCode();

        assertThat(status).isEqualTo(200);
        assertThat(api.query(
                        "select who || ' ' || (detail ->> 'keyName') || ' ' || (detail ->> 'role') || ' '"
                                + " || (detail ->> 'key' = facestream.oidc_user(?, 'looker')::text)"
                                + " from facestream.audit where action = 'show-photo' and detail ->> 'sample' = ?",
                        OidcProviderAt.issuer(),
                        photo))
                .containsExactly(login() + " oidc:looker operator true");
    }

    private static String login() {
        return ConfigProvider.getConfig().getValue("quarkus.datasource.username", String.class);
    }

    @Test
    void aTokenIsNoCookie() throws Exception {
        get(provider.token("door", "it"));

        assertThat(api.query("select count(*)::text from facestream.web_session s,"
                        + " facestream.use_session(s.token_sha256)"))
                .containsExactly("0");
    }

    @Test
    void keysWorkAsEver() throws Exception {
        WebApi.Answer byHeader =
                api.send(api.to(PEOPLE).header("x-api-key", api.key("viewer")).build());

        assertThat(byHeader.status()).isEqualTo(200);
        assertThat(get(api.key("viewer")).status()).isEqualTo(200);
    }
}
