package io.facestream.web.page;

import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.TokenRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import no.nav.security.mock.oauth2.OAuth2Exception;
import no.nav.security.mock.oauth2.token.OAuth2TokenCallback;

/** Somebody whom a provider knows, and what it says of them each time that it is asked. */
public final class OidcPerson implements OAuth2TokenCallback {
    private static final String REFRESH = "refresh_token";

    private final String realm;
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile String subject;
    private volatile String group;
    private volatile boolean isRevoked;
    private volatile Runnable atRenewal = () -> {};

    OidcPerson(String realm, String subject, String group) {
        this.realm = realm;
        this.subject = subject;
        this.group = group;
    }

    void moveTo(String other) {
        group = other;
    }

    void become(String other) {
        subject = other;
    }

    /** From now on the provider refuses to renew anything. */
    public void revoke() {
        isRevoked = true;
    }

    /** What happens while the provider is asked. */
    void atRenewal(Runnable action) {
        atRenewal = action;
    }

    /** How often it was asked to renew something. */
    public int renewals() {
        return renewals.get();
    }

    @Override
    public String issuerId() {
        return realm;
    }

    @Override
    public String subject(TokenRequest request) {
        return subject;
    }

    @Override
    public String typeHeader(TokenRequest request) {
        return "JWT";
    }

    @Override
    public List<String> audience(TokenRequest request) {
        return List.of(OidcProviderAt.CLIENT);
    }

    /** Once for the ID token, once for the access token. */
    @Override
    public Map<String, Object> addClaims(TokenRequest request) {
        if (request.getAuthorizationGrant().getType().getValue().equals(REFRESH)) {
            if (isRevoked) {
                throw new OAuth2Exception(OAuth2Error.INVALID_GRANT, "revoked");
            }
            renewals.incrementAndGet();
            atRenewal.run();
        }
        Map<String, Object> claims = new HashMap<>(OidcProviderAt.claims(subject, group));
        claims.put("aud", OidcProviderAt.CLIENT);
        return claims;
    }

    @Override
    public long tokenExpiry() {
        return 300;
    }
}
