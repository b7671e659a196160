package io.facestream.web.oidc;

import io.facestream.web.ApiPath;
import io.facestream.web.keys.KeyMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Takes a provider's access token from requests of the REST API. */
@ApplicationScoped
class TokenMechanism implements HttpAuthenticationMechanism {
    private static final int FIRST = 100;

    private final OidcProvider provider;
    private final OidcConfig config;

    TokenMechanism(OidcProvider provider, OidcConfig config) {
        this.provider = provider;
        this.config = config;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String token = provider.isForPrograms() && ApiPath.includes(context.normalizedPath())
                ? KeyMechanism.token(context).orElse(null)
                : null;
        return token == null
                ? Uni.createFrom().nullItem()
                : provider.program(context, identities)
                        .onItem()
                        .ifNotNull()
                        .transformToUni(program ->
                                identities.authenticate(new ProgramRequest(token, Voucher.of(program, config))));
    }

    /**
     * Before that of Quarkus, which would note that the provider has nothing to do with the request, and after that of
     * sessions.
     */
    @Override
    public int getPriority() {
        return HttpAuthenticationMechanism.DEFAULT_PRIORITY + FIRST;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem(); // that of keys says it
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(ProgramRequest.class);
    }
}
