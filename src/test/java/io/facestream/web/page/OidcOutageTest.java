package io.facestream.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.messaging.Sha256;
import io.facestream.secrets.PasswordKey;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What still works while the provider does not answer. */
@QuarkusTest
@Tag("own-process")
@TestProfile(OidcProviderAt.Configured.class)
class OidcOutageTest {
    private static final String PEOPLE = "/api/v1/people";

    private final WebApi api = new WebApi();

    @BeforeEach
    void trust() throws Exception {
        api.execute(
                "insert into facestream.oidc_issuer (issuer) values (?) on conflict do nothing",
                OidcProviderAt.issuer());
    }

    @Test
    void whoComesBeforeTheProviderIsToldToComeAgainAndDoes() throws Exception {
        Visitor ann = new Visitor();
        HttpResponse<String> early = ann.open("/sign-in/oidc");
        assertThat(early.statusCode()).isEqualTo(503);
        assertThat(early.body()).contains("The identity provider does not answer");

        try (OidcProviderAt provider = OidcProviderAt.start()) {
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                provider.expect("4711", "it");
                return ann.open("/sign-in/oidc?next=%2Fpeople").statusCode() == 200;
            });
        }
        // Sessions are the database's, so they outlive the provider.
        assertThat(ann.isSignedIn()).isTrue();
    }

    @Test
    void keysWorkWithoutTheProvider() throws Exception {
        int status = api.send(api.to(PEOPLE)
                        .header("Authorization", "Bearer " + api.key("viewer"))
                        .build())
                .status();

        assertThat(status).isEqualTo(200);
    }

    @Test
    void passwordsWorkWithoutTheProvider() throws Exception {
        byte[] salt = new byte[PasswordKey.SALT];
        api.execute(
                "insert into facestream.web_user (name, role, salt, rounds, key_sha256) values ('bob', 'viewer', ?, ?, ?)",
                salt,
                PasswordKey.ROUNDS,
                Sha256.of(PasswordKey.stretch("correct horse", salt, PasswordKey.ROUNDS)));
        Visitor bob = new Visitor();

        bob.send(api.to("/sign-in")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=bob&password=correct+horse"))
                .build());

        assertThat(bob.isSignedIn()).isTrue();
    }
}
