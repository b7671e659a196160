package io.facestream.web.keys;

import io.facestream.web.ApiPath;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Takes the key from the header {@code x-api-key}, as users of CompreFace send it, or as a bearer token. */
@ApplicationScoped
class KeyMechanism implements HttpAuthenticationMechanism {
    private static final String HEADER = "x-api-key";
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer ";

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        // A page belongs to a session: a key has none.
        String key = ApiPath.includes(context.normalizedPath()) ? key(context) : null;
        return key == null ? Uni.createFrom().nullItem() : providers.authenticate(new KeyRequest(key));
    }

    private static String key(RoutingContext context) {
        String key = context.request().getHeader(HEADER);
        String token = context.request().getHeader(AUTHORIZATION);
        if (key == null && token != null && token.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return token.substring(BEARER.length()).strip();
        }
        return key;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer realm=\"facestream\""));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(KeyRequest.class);
    }
}
