package io.facestream.web.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.facestream.web.ProblemException;
import io.facestream.web.users.SignIn;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.RefreshToken;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Signs people in by the authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636), and out
 * at the provider too.
 */
@ApplicationScoped
public class OidcSignIn {
    /** Where a sign-in begins, and where the provider leads back to. */
    public static final String PATH = "/sign-in/oidc";

    /** During a sign-in the provider's answer is in cookies of these paths, encrypted. */
    static final String COOKIE_PATH = "/sign-in";

    private static final Logger LOG = Logger.getLogger(OidcSignIn.class);

    private final OidcProvider provider;
    private final OidcConfig config;
    private final IdentityProviderManager identities;
    private final OidcSessions sessions;
    private final Duration longest;

    OidcSignIn(
            OidcProvider provider,
            OidcConfig config,
            IdentityProviderManager identities,
            OidcSessions sessions,
            SignIn signIn) {
        this.provider = provider;
        this.config = config;
        this.identities = identities;
        this.sessions = sessions;
        this.longest = signIn.lasts();
    }

    /** What to do next. */
    public sealed interface Step {
        /** @param url of the provider, or of this site without the provider's parameters */
        record Lead(String url) implements Step {}

        /**
         * @param token of the session, which its cookie has
         * @param seconds that it lasts
         */
        record SignedIn(String token, int seconds) implements Step {}
    }

    /** What the page calls the provider; null if there is none. */
    public String label() {
        return provider.isForPeople() ? config.label() : null;
    }

    /**
     * Takes a request to {@link #PATH} one step further.
     *
     * <p>Fails with a {@link ProblemException}: {@code http} (404) without a provider, {@code no-provider} (503) if it
     * does not answer, {@code sign-in-refused} (403) if it does not say who it is or the request is none that this site
     * asked for, {@code no-role} (403), {@code issuer-not-trusted} (403).
     */
    public Uni<Step> step(RoutingContext context) {
        if (!provider.isForPeople()) {
            throw new ProblemException("http", "Not Found", 404, null);
        }
        String error = context.request().getParam("error");
        if (error != null) {
            return Uni.createFrom().failure(refused("the identity provider refuses it"));
        }
        return provider.person(context, identities)
                .onItem()
                .transformToUni(person -> person == null ? begun(context) : signedIn(person, context))
                .onFailure(AuthenticationRedirectException.class)
                .recoverWithItem(
                        redirect -> new Step.Lead(((AuthenticationRedirectException) redirect).getRedirectUri()))
                .onFailure(AuthenticationException.class::isInstance)
                .recoverWithUni(failure -> {
                    LOG.debug("a sign-in is refused", failure);
                    return begun(context);
                });
    }

    /** Asks the provider, also whoever comes with what it said too long ago; refuses an answer that is not valid. */
    private Uni<Step> begun(RoutingContext context) {
        return isAnswer(context)
                ? Uni.createFrom()
                        .failure(refused("the identity provider's answer is not valid, or not for this browser:"
                                + " sign in again"))
                : lead(context);
    }

    private static boolean isAnswer(RoutingContext context) {
        return context.request().getParam("code") != null || context.request().getParam("state") != null;
    }

    private Uni<Step> lead(RoutingContext context) {
        return provider.challenge(context).map(challenge -> challenge.getHeaders().entrySet().stream()
                .filter(header ->
                        HttpHeaders.LOCATION.equalsIgnoreCase(header.getKey().toString()))
                .<Step>map(header -> new Step.Lead(header.getValue()))
                .findFirst()
                .orElseThrow(() -> refused("the identity provider cannot be asked")));
    }

    /** From here on the database has what the browser brought in cookies. */
    private Uni<Step> signedIn(SecurityIdentity person, RoutingContext context) {
        Voucher voucher = Voucher.of(person, config);
        SessionTokens tokens = tokens(person);
        Instant end = Instant.now().plus(longest);
        Instant until = voucher.expiresAt().isBefore(end) ? voucher.expiresAt() : end;
        Instant last = tokens.refreshToken() == null ? until : end;
        String token = SignIn.token();
        byte[] sha256 = Sha256.of(token.getBytes(US_ASCII));
        return Uni.createFrom()
                .<Step>item(() -> {
                    sessions.open(sha256, voucher, false, until);
                    sessions.seal(sha256, tokens.seal(provider.sealKey(token)), last);
                    return new Step.SignedIn(
                            token, (int) Duration.between(Instant.now(), last).toSeconds());
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> forget(context));
    }

    private static SessionTokens tokens(SecurityIdentity person) {
        RefreshToken refresh = person.getCredential(RefreshToken.class);
        return new SessionTokens(
                ((JsonWebToken) person.getPrincipal()).getRawToken(), refresh == null ? null : refresh.getToken());
    }

    /**
     * Tells where the provider ends its own session (OpenID Connect RP-Initiated Logout 1.0, section 2).
     *
     * @param token of the session that has ended here
     * @param sealed what it was renewed by
     * @return empty if the provider has no such place, or does not answer
     */
    public Uni<Optional<String>> signOut(RoutingContext context, String token, byte[] sealed) {
        Optional<SessionTokens> tokens =
                provider.isForPeople() ? SessionTokens.unseal(sealed, provider.sealKey(token)) : Optional.empty();
        return tokens.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : provider.metadata(tokens.get(), context, identities)
                        .map(metadata -> end(metadata, tokens.get().idToken(), origin(context)))
                        .onFailure()
                        .recoverWithItem(Optional.empty());
    }

    private Optional<String> end(OidcConfigurationMetadata metadata, String idToken, String origin) {
        return Optional.ofNullable(metadata.getEndSessionUri())
                .map(url -> url + (url.contains("?") ? "&" : "?") + "id_token_hint=" + idToken + "&client_id="
                        + URLEncoder.encode(config.clientId(), UTF_8) + "&post_logout_redirect_uri="
                        + URLEncoder.encode(origin + COOKIE_PATH, UTF_8));
    }

    private static String origin(RoutingContext context) {
        URI here = URI.create(context.request().absoluteURI());
        return here.getScheme() + "://" + here.getRawAuthority();
    }

    private static boolean isOurs(String cookie) {
        return cookie.startsWith(OidcUtils.SESSION_COOKIE_NAME);
    }

    private static void forget(RoutingContext context) {
        Set.copyOf(context.request().cookies()).stream()
                .filter(cookie -> isOurs(cookie.getName()))
                .forEach(cookie -> context.response()
                        .addCookie(Cookie.cookie(cookie.getName(), "")
                                .setPath(COOKIE_PATH)
                                .setMaxAge(0)
                                .setHttpOnly(true)));
    }

    private static ProblemException refused(String why) {
        return new ProblemException("sign-in-refused", "The sign-in is refused", 403, why);
    }
}
