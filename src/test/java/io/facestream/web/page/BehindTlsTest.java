package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.Sha256;
import io.facestream.secrets.PasswordKey;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What browsers are told by a page that came by TLS, as a proxy says. */
@QuarkusTest
@Tag("own-process")
@TestProfile(BehindTlsTest.Proxied.class)
class BehindTlsTest {
    private static final String PASSWORD = "correct horse battery";

    private final WebApi api = new WebApi();

    public static final class Proxied extends WebApi.Alone {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.allow-x-forwarded", "true");
        }
    }

    @BeforeEach
    void addUser() throws Exception {
        byte[] salt = new byte[PasswordKey.SALT];
        api.execute("delete from facestream.web_user");
        api.execute("delete from facestream.sign_in_failure");
        api.execute(
                "insert into facestream.web_user (name, role, salt, rounds, key_sha256) values ('ann', 'viewer', ?, ?, ?)",
                salt,
                PasswordKey.ROUNDS,
                Sha256.of(PasswordKey.stretch(PASSWORD, salt, PasswordKey.ROUNDS)));
    }

    private HttpResponse<Void> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.header("X-Forwarded-Proto", "https").build(), BodyHandlers.discarding());
    }

    private HttpResponse<Void> signIn(String password) throws Exception {
        return send(api.to("/sign-in")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=ann&password=" + password.replace(" ", "+"))));
    }

    @Test
    void theCookieIsOfThisHostAloneAndOpensThePage() throws Exception {
        String cookie = signIn(PASSWORD).headers().firstValue("set-cookie").orElseThrow();

        HttpResponse<Void> page = send(api.to("/").header("Cookie", cookie.split(";", -1)[0]));

        assertThat(cookie).startsWith("__Host-facestream_session=").contains("Secure", "Path=/", "HttpOnly");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("strict-transport-security")).contains("max-age=31536000");
    }

    @Test
    void aNameThatIsLockedIsARowOfTheAuditTrail() throws Exception {
        List<String> before = locked();

        for (int i = 0; i < 11; i++) {
            signIn("wrong");
        }

        assertThat(locked()).hasSize(before.size() + 1).endsWith("ann");
    }

    private List<String> locked() throws Exception {
        return api.query(
                "select detail ->> 'userName' from facestream.audit where action = 'refuse-sign-in' order by id");
    }
}
