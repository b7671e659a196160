package io.facestream.web.users;

import io.facestream.web.ApiPath;
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

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        Cookie cookie =
                context.request().getCookie(WebSession.cookie(context.request().scheme()));
        boolean isSession = cookie != null
                && TOKEN.matcher(cookie.getValue()).matches()
                && !ApiPath.includes(context.normalizedPath());
        return isSession
                ? providers.authenticate(new SessionRequest(cookie.getValue()))
                : Uni.createFrom().nullItem();
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
