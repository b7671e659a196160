package io.facestream.web.users;

import io.quarkus.security.identity.IdentityProviderManager;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;

/** Has sessions go on for whose users somebody else vouches, a few minutes each time. */
public interface Renewal {
    /**
     * Asks whether a session goes on whose time is up.
     *
     * @param token of the session, which its cookie has
     * @return whether it goes on; fails with a {@link io.facestream.web.ProblemException} if nobody can be asked
     */
    Uni<Boolean> renew(String token, RoutingContext context, IdentityProviderManager identities);
}
