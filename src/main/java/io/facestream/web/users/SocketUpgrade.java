package io.facestream.web.users;

import io.facestream.web.keys.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;

/**
 * Lets a socket be opened by a page of this site, for a session that may look. Browsers send cookies with sockets of
 * other sites' pages too, and tell where those come from.
 */
@ApplicationScoped
public class SocketUpgrade implements HttpUpgradeCheck {
    /** Of a socket that was let through. */
    public static final UserData.TypedKey<WebSession> SESSION = new UserData.TypedKey<>("session");

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        if (!isOfThisSite(context.httpRequest())) {
            return CheckResult.rejectUpgrade(FORBIDDEN);
        }
        return context.securityIdentity().map(caller -> check(caller, context.userData()));
    }

    private static CheckResult check(SecurityIdentity caller, UserData data) {
        WebSession session = WebSession.of(caller);
        if (session == null || !caller.hasRole(Roles.VIEWER)) {
            return CheckResult.rejectUpgradeSync(UNAUTHORIZED);
        }
        data.put(SESSION, session);
        return CheckResult.permitUpgradeSync();
    }

    private static boolean isOfThisSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        try {
            return origin != null
                    && request.authority() != null
                    && URI.create(request.absoluteURI())
                            .getRawAuthority()
                            .equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
