package io.facestream.web.page;

import io.facestream.embedded.TestServices;
import io.facestream.web.WebApi;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.eclipse.microprofile.config.ConfigProvider;

/** A provider of OpenID Connect at the address that the role web is told. */
public final class OidcProviderAt implements AutoCloseable {
    public static final String CLIENT = "facestream-of-tests";
    static final String API = "facestream-api";
    private static final String REALM = "people";

    /** Takes each token of renewal once, as Keycloak can be told to. */
    private final MockOAuth2Server server = new MockOAuth2Server(new OAuth2Config(false, null, null, true));

    /** The role web, which is told of a provider that nobody has started yet. */
    public static class Configured extends WebApi.Alone {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.proxy.proxy-address-forwarding", "true",
                    "quarkus.http.proxy.allow-x-forwarded", "true");
        }

        @Override
        public List<QuarkusTestProfile.TestResourceEntry> testResources() {
            return List.of(
                    new QuarkusTestProfile.TestResourceEntry(WebApi.Database.class),
                    new QuarkusTestProfile.TestResourceEntry(Settings.class));
        }
    }

    /** The address of a provider that nobody has started yet. */
    public static String nextIssuer() {
        return "http://localhost:" + TestServices.freePort() + "/" + REALM;
    }

    /** Its settings, with groups that are named as roles are not. */
    public static final class Settings implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Path secret = Files.writeString(TestServices.newFolder().resolve("client-secret"), "short\n");
                return Map.of(
                        "facestream.web.oidc.issuer",
                        nextIssuer(),
                        "facestream.web.oidc.client-id",
                        CLIENT,
                        "facestream.web.oidc.secret-file",
                        secret.toString(),
                        "facestream.web.oidc.audience",
                        API,
                        "facestream.web.oidc.role-claim",
                        "company/groups",
                        "facestream.web.oidc.viewers",
                        "guards,cleaners",
                        "facestream.web.oidc.operators",
                        "desk",
                        "facestream.web.oidc.admins",
                        "it",
                        "facestream.web.oidc.label",
                        "Example");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            // The folder goes with this JVM.
        }
    }

    static String issuer() {
        return ConfigProvider.getConfig().getValue("facestream.web.oidc.issuer", String.class);
    }

    static OidcProviderAt start() throws IOException {
        return start(issuer());
    }

    public static OidcProviderAt start(String issuer) throws IOException {
        OidcProviderAt provider = new OidcProviderAt();
        int port = Integer.parseInt(issuer.replaceAll(".*:([0-9]+)/.*", "$1"));
        provider.server.start(InetAddress.getLoopbackAddress(), port);
        // The first realm has the same key in each start.
        provider.server.issueToken(REALM);
        return provider;
    }

    /** Whoever signs in next is this. */
    void expect(String subject, String group, String audience, long seconds) {
        // An ID token's audience is the client, whatever the callback says; claims come last.
        Map<String, Object> claims = new HashMap<>(claims(subject, group));
        claims.put("aud", audience);
        server.enqueueCallback(
                new DefaultOAuth2TokenCallback(REALM, subject, "JWT", List.of(audience), claims, seconds));
    }

    void expect(String subject, String group) {
        expect(subject, group, CLIENT, 300);
    }

    /** The same, who may change while they are signed in. */
    public OidcPerson expectSomebody(String subject, String group) {
        OidcPerson person = new OidcPerson(REALM, subject, group);
        server.enqueueCallback(person);
        return person;
    }

    /** An access token of a realm of this provider; each has an issuer and keys of its own. */
    String token(String realm, String subject, String group, String audience, long seconds) {
        return server.issueToken(
                        realm,
                        subject,
                        new DefaultOAuth2TokenCallback(
                                realm, subject, "JWT", List.of(audience), claims(subject, group), seconds))
                .serialize();
    }

    String token(String subject, String group) {
        return token(REALM, subject, group, API, 300);
    }

    static Map<String, Object> claims(String subject, String group) {
        return Map.of(
                "company", Map.of("groups", List.of("everybody", group)), "preferred_username", "Shown " + subject);
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
