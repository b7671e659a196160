package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.RateLimit;
import io.facestream.messaging.Sha256;
import io.facestream.secrets.MountedSecret;
import io.facestream.web.ProblemException;
import io.facestream.web.WebConfig;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Roles.Source;
import io.quarkus.oidc.runtime.OidcTenantConfig.TokenStateManager.Strategy;
import io.quarkus.oidc.runtime.TenantConfigBean;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * The configured provider. It is looked for when somebody first signs in by it, and again at each sign-in until it
 * answers, so that the role starts and goes on without it.
 */
@ApplicationScoped
class OidcProvider implements TenantConfigResolver {
    private static final Logger LOG = Logger.getLogger(OidcProvider.class);
    private static final RateLimit WARNINGS = new RateLimit(Duration.ofMinutes(1));
    private static final String PEOPLE = "people";
    private static final String ASKED = OidcProvider.class.getName();
    private static final String HMAC = "HmacSHA256";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean enabled;
    private final OidcConfig config;
    private final Instance<OidcAuthenticationMechanism> mechanism;
    private Optional<OidcTenantConfig> forPeople = Optional.empty();
    private final Instance<TenantConfigBean> known;
    private final Vertx vertx;
    private Optional<OidcTenantConfig> forPrograms = Optional.empty();
    private TokenEndpoint tokenEndpoint;
    private byte[] sessionKey;

    OidcProvider(
            WebConfig web,
            OidcConfig config,
            Instance<OidcAuthenticationMechanism> mechanism,
            Instance<TenantConfigBean> known,
            Vertx vertx) {
        this.enabled = web.enabled();
        this.config = config;
        this.mechanism = mechanism;
        this.known = known;
        this.vertx = vertx;
    }

    /** @throws IllegalArgumentException if the settings name no provider that can be trusted, or no secret */
    void configure(@Observes StartupEvent event) {
        if (!enabled || config.issuer().isEmpty()) {
            return;
        }
        String issuer = config.issuer().get();
        requireSafe(issuer);
        String secret = secret();
        forPeople = Optional.of(people(issuer, secret));
        tokenEndpoint = new TokenEndpoint(vertx, config.clientId(), secret, PATIENCE);
        sessionKey = key("session", secret).getBytes(US_ASCII);
        forPrograms = config.audience().map(audience -> programs(issuer, audience));
    }

    private static void requireSafe(String issuer) {
        URI uri = URI.create(issuer);
        if (!"https".equals(uri.getScheme())
                && !("http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost())))) {
            throw new IllegalArgumentException(
                    "facestream.web.oidc.issuer has to begin with https://, unless it is this machine: " + issuer);
        }
    }

    private String secret() {
        Path file = config.secretFile()
                .map(Path::toAbsolutePath)
                .orElseThrow(() -> new IllegalArgumentException(
                        "facestream.web.oidc.issuer is set: facestream.web.oidc.secret-file has to be set too"));
        try {
            String secret = new MountedSecret(
                            "facestream.web.oidc.secret-file",
                            file.getParent(),
                            file.getFileName().toString())
                    .text()
                    .strip();
            if (secret.isEmpty()) {
                throw new IllegalArgumentException("facestream.web.oidc.secret-file is empty: " + file);
            }
            return secret;
        } catch (IOException e) {
            throw new IllegalArgumentException("facestream.web.oidc.secret-file: " + e.getMessage(), e);
        }
    }

    private OidcTenantConfig people(String issuer, String secret) {
        return OidcTenantConfig.authServerUrl(issuer)
                .tenantId(PEOPLE)
                .applicationType(ApplicationType.WEB_APP)
                .clientId(config.clientId())
                .credentials(secret)
                .connectionTimeout(PATIENCE)
                .token()
                .issuer(issuer)
                .audience(config.clientId())
                .end()
                .roles(Source.idtoken, config.roleClaim())
                .authentication()
                .scopes(config.scopes())
                .pkceRequired()
                .stateSecret(key("state", secret))
                .nonceRequired()
                .failOnMissingStateParam()
                .redirectPath(OidcSignIn.PATH)
                .restorePathAfterRedirect()
                .cookiePath(OidcSignIn.COOKIE_PATH)
                .end()
                .tokenStateManager()
                .strategy(Strategy.ID_REFRESH_TOKENS)
                .encryptionSecret(key("token", secret))
                .end()
                .build();
    }

    private OidcTenantConfig programs(String issuer, String audience) {
        return OidcTenantConfig.authServerUrl(issuer)
                .tenantId("programs")
                .applicationType(ApplicationType.SERVICE)
                .clientId(config.clientId())
                .connectionTimeout(PATIENCE)
                .token()
                .issuer(issuer)
                .audience(audience)
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false)
                .end()
                .roles(Source.accesstoken, config.roleClaim())
                .build();
    }

    /** 32 characters, of which each replica finds the same. */
    private static String key(String purpose, String secret) {
        byte[] hash = Sha256.of(("facestream " + purpose + " " + secret).getBytes(UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 32);
    }

    boolean isForPeople() {
        return forPeople.isPresent();
    }

    boolean isForPrograms() {
        return forPrograms.isPresent();
    }

    /** Whom the cookies or the parameters of a sign-in are of; null if the provider has to be asked. */
    Uni<SecurityIdentity> person(RoutingContext context, IdentityProviderManager identities) {
        return ask(context, forPeople.orElseThrow(), identities);
    }

    /** 32 bytes that encrypt what a session is renewed by. They take its token, which the database does not have. */
    byte[] sealKey(String token) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(sessionKey, HMAC));
            return mac.doFinal(token.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of each Java", e);
        }
    }

    /** New tokens for those of a session, not verified yet; empty if the provider refuses. */
    Uni<Optional<SessionTokens>> renew(
            SessionTokens tokens, RoutingContext context, IdentityProviderManager identities) {
        return metadata(tokens, context, identities)
                .flatMap(metadata -> tokenEndpoint.renew(metadata.getTokenUri(), tokens))
                .onFailure(OidcProvider::isAway)
                .transform(OidcProvider::away);
    }

    /** Whom new tokens are of; fails with an {@link AuthenticationException} if they are not valid. */
    Uni<SecurityIdentity> verify(SessionTokens tokens, RoutingContext context, IdentityProviderManager identities) {
        context.put(ASKED, forPeople.orElseThrow());
        TokenAuthenticationRequest request = new TokenAuthenticationRequest(new IdTokenCredential(tokens.idToken()));
        return identities
                .authenticate(HttpSecurityUtils.setRoutingContextAttribute(request, context))
                .onTermination()
                .invoke(() -> context.remove(ASKED));
    }

    /** Where the provider's endpoints are. Quarkus looks for them before it verifies a token, whatever that is. */
    Uni<OidcConfigurationMetadata> metadata(
            SessionTokens tokens, RoutingContext context, IdentityProviderManager identities) {
        return verify(tokens, context, identities)
                .onFailure(AuthenticationException.class::isInstance)
                .recoverWithNull()
                .map(whoever -> known.get().getDynamicTenant(PEOPLE).getOidcMetadata())
                .onFailure(OidcProvider::isAway)
                .transform(OidcProvider::away);
    }

    /** Where the provider is asked. */
    Uni<ChallengeData> challenge(RoutingContext context) {
        return mechanism
                .get()
                .getChallenge(context)
                .onFailure(OidcProvider::isAway)
                .transform(OidcProvider::away);
    }

    /** Whose access token a request of the API has. */
    Uni<SecurityIdentity> program(RoutingContext context, IdentityProviderManager identities) {
        return ask(context, forPrograms.orElseThrow(), identities);
    }

    private Uni<SecurityIdentity> ask(
            RoutingContext context, OidcTenantConfig tenant, IdentityProviderManager identities) {
        context.put(ASKED, tenant);
        return mechanism
                .get()
                .authenticate(context, identities)
                .onFailure(OidcProvider::isAway)
                .transform(OidcProvider::away);
    }

    /** Whether it does not answer. If it refuses a code, that is an {@link OIDCException} behind another exception. */
    private static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException
                    || cause instanceof UncheckedIOException
                    || cause instanceof TimeoutException
                    || cause instanceof VertxException
                    || (cause instanceof OIDCException && !(failure instanceof AuthenticationException))) {
                return true;
            }
        }
        return false;
    }

    static ProblemException away(Throwable failure) {
        LOG.debug("the identity provider does not answer", failure);
        if (WARNINGS.permits()) {
            LOG.warn("The identity provider does not answer: is facestream.web.oidc.issuer right, and reachable?");
        }
        return new ProblemException("no-provider", "The identity provider does not answer", 503, null);
    }

    /** Other requests than those above are none of the provider's business. */
    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext context, OidcRequestContext<OidcTenantConfig> request) {
        return Uni.createFrom().item(context.<OidcTenantConfig>get(ASKED));
    }
}
