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
import java.util.Optional;
import java.util.Set;

/** Takes the key from the header {@code x-api-key}, as users of CompreFace send it, or as a bearer token. */
@ApplicationScoped
public class KeyMechanism implements HttpAuthenticationMechanism {
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
        return key == null ? bearer(context).filter(KeyOwners::isKey).orElse(null) : key;
    }

    /** The bearer token of a request that has no key. */
    public static Optional<String> token(RoutingContext context) {
        return context.request().getHeader(HEADER) == null
                ? bearer(context).filter(token -> !KeyOwners.isKey(token))
                : Optional.empty();
    }

    private static Optional<String> bearer(RoutingContext context) {
        String header = context.request().getHeader(AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(header.substring(BEARER.length()).strip())
                : Optional.empty();
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
