package io.facestream.web.users;

import io.facestream.web.ApiPath;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes the session's token from its cookie. The REST API knows keys alone, since other sites can send cookies. */
@ApplicationScoped
class SessionMechanism implements HttpAuthenticationMechanism {
    /** As {@link SignIn} makes them; nothing else costs the database a query. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int FOUND = 302;

    /** The others that have one take the REST API's requests, of which this one takes none. */
    private static final int FIRST = 200;

    private final Renewal renewal;

    SessionMechanism(Renewal renewal) {
        this.renewal = renewal;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        Cookie cookie =
                context.request().getCookie(WebSession.cookie(context.request().scheme()));
        boolean isSession = cookie != null
                && TOKEN.matcher(cookie.getValue()).matches()
                && !ApiPath.includes(context.normalizedPath());
        return isSession
                ? session(cookie.getValue(), context, providers)
                : Uni.createFrom().nullItem();
    }

    private Uni<SecurityIdentity> session(String token, RoutingContext context, IdentityProviderManager providers) {
        return providers
                .authenticate(new SessionRequest(token))
                .onFailure(AuthenticationFailedException.class)
                .recoverWithUni(ended -> renewal.renew(token, context, providers)
                        .flatMap(goesOn -> goesOn
                                ? providers.authenticate(new SessionRequest(token))
                                : Uni.createFrom().failure(ended)));
    }

    /** Before that of OpenID Connect, which then is free to be asked when the session ends. */
    @Override
    public int getPriority() {
        return HttpAuthenticationMechanism.DEFAULT_PRIORITY + FIRST;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return ApiPath.includes(context.normalizedPath())
                ? Uni.createFrom().nullItem()
                : Uni.createFrom().item(new ChallengeData(FOUND, "Location", "/sign-in"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(SessionRequest.class);
    }
}
